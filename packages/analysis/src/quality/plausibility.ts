import { AnalysisError } from "../analysis-error.ts";
import { difference } from "../series/difference.ts";
import { populationStandardDeviation } from "../statistics/moments.ts";
import { MAD_TO_SIGMA, median, medianAbsoluteDeviation } from "../statistics/quantile.ts";
import type { TimeSeries } from "../time-series.ts";

/** Bounds of every sample; both columns have the length of the series. `NaN` leaves a sample out. */
export interface PlausibleBand {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Robust standard deviations from the centre up to which a value is plausible: a 6-sigma chart. */
export const SPREADS_PLAUSIBLE = 6;

/**
 * Median and robust standard deviation. Where more than half of the values are equal, so that the
 * median deviation is 0, the plain standard deviation stands in: it lets a state that is rare but
 * regular pass, and still shows a value that came once among many.
 */
export function robustSpread(values: Float64Array): { center: number; spread: number } {
  const center = median(values);
  const robust = MAD_TO_SIGMA * medianAbsoluteDeviation(values);
  if (robust > 0) return { center, spread: robust };
  return { center, spread: populationStandardDeviation(values) };
}

/**
 * Share of the finite values inside the band; without a band, within six robust standard deviations
 * of the median. A counter is judged by its steps upwards, because its level says nothing. 0
 * without any finite value.
 */
export function plausibleShare(
  series: TimeSeries,
  options: { readonly kind: "gauge" | "counter"; readonly band: PlausibleBand | undefined },
): number {
  if (options.band !== undefined) return shareInBand(series.values, options.band);
  const finite = series.values.filter(Number.isFinite);
  if (finite.length < 2) return finite.length;
  const rises = difference(series).values.filter((step) => step >= 0 && Number.isFinite(step));
  const judged = options.kind === "counter" ? rises : finite;
  const { center, spread } = robustSpread(judged);
  const isPlausible = (value: number) => Math.abs(value - center) <= SPREADS_PLAUSIBLE * spread;
  return judged.length === 0 ? 0 : judged.filter(isPlausible).length / judged.length;
}

function shareInBand(values: Float64Array, band: PlausibleBand): number {
  if (band.lower.length !== values.length || band.upper.length !== values.length) {
    const reason = `needs ${values.length} lower and upper bounds`;
    throw new AnalysisError("invalid_parameter", { parameter: "band", reason });
  }
  let judged = 0;
  let plausible = 0;
  for (const [i, value] of values.entries()) {
    const lower = band.lower[i]!;
    const upper = band.upper[i]!;
    if (!Number.isFinite(value) || Number.isNaN(lower) || Number.isNaN(upper)) continue;
    judged++;
    if (value >= lower && value <= upper) plausible++;
  }
  return judged === 0 ? 0 : plausible / judged;
}
