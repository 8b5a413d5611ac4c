import { centredMovingMean } from "./moving-mean.ts";

/** Seasonal terms of a classical decomposition, the phase of the first sample first. */
export interface SeasonalTerms {
  readonly kind: "additive" | "multiplicative";
  readonly terms: Float64Array;
}

/**
 * Seasonal terms by ratio (or difference) to the centred moving average (Persons 1919; R:
 * `decompose`). Ratios need values above 0. Needs two seasons.
 */
export function classicalSeason(
  values: Float64Array,
  seasonSamples: number,
  kind: "additive" | "multiplicative",
): SeasonalTerms {
  const centre = centredMovingMean(values, seasonSamples);
  const sums = new Float64Array(seasonSamples);
  const counts = new Float64Array(seasonSamples);
  const isRatio = kind === "multiplicative";
  for (let i = 0; i < values.length; i++) {
    const middle = centre[i]!;
    if (Number.isNaN(middle)) continue;
    sums[i % seasonSamples]! += isRatio ? values[i]! / middle : values[i]! - middle;
    counts[i % seasonSamples]!++;
  }
  const neutral = isRatio ? 1 : 0;
  const raw = sums.map((sum, phase) => (counts[phase]! > 0 ? sum / counts[phase]! : neutral));
  const average = raw.reduce((sum, term) => sum + term, 0) / seasonSamples;
  return { kind, terms: raw.map((term) => (isRatio ? term / average : term - average)) };
}

/** Takes the season out of values whose first sample has phase `firstPhase`. */
export function removeSeason(values: Float64Array, season: SeasonalTerms): Float64Array {
  const { kind, terms } = season;
  return values.map((value, i) => {
    const term = terms[i % terms.length]!;
    return kind === "multiplicative" ? value / term : value - term;
  });
}
