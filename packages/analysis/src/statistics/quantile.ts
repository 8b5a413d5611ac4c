import { requireUnitInterval } from "../analysis-error.ts";

/**
 * The quantile of `probability` in [0, 1] by linear interpolation between order statistics: type 7
 * of Hyndman and Fan (1996), the default of R and NumPy. `NaN` when empty or when any value is `NaN`.
 */
export function quantile(values: Float64Array, probability: number): number {
  return quantileOfSorted(sorted(values), probability);
}

/** As `quantile`, for values that are already ascending, so that many quantiles cost one sort. */
export function quantileOfSorted(ascending: Float64Array, probability: number): number {
  requireUnitInterval("probability", probability);
  // A sort puts NaN last, so the last value tells whether there is any.
  if (ascending.length === 0 || Number.isNaN(ascending.at(-1))) return Number.NaN;
  const position = probability * (ascending.length - 1);
  const below = ascending[Math.floor(position)]!;
  const above = ascending[Math.ceil(position)]!;
  const fraction = position - Math.floor(position);
  // Not below + fraction * (above - below) alone: two equal infinities would give NaN.
  return below === above ? below : below + fraction * (above - below);
}

/** An ascending copy. */
export function sorted(values: Float64Array): Float64Array {
  return values.toSorted();
}

/** The middle value, or the mean of the middle two; `NaN` when empty or when any value is `NaN`. */
export function median(values: Float64Array): number {
  return quantile(values, 0.5);
}

/** Median absolute deviation to standard deviation, for normal data: 1 / Φ⁻¹(3/4). */
export const MAD_TO_SIGMA = 1.482602218505602;

/**
 * The median distance from the median, unscaled (R: `mad(x, constant = 1)`). Multiply by
 * `MAD_TO_SIGMA` to estimate a standard deviation. `NaN` when empty or when any value is `NaN`.
 */
export function medianAbsoluteDeviation(values: Float64Array): number {
  const center = median(values);
  return median(values.map((value) => Math.abs(value - center)));
}
