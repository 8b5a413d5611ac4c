/**
 * Which exponential smoothing model, in the words of Hyndman, Koehler, Ord and Snyder, *Forecasting
 * with Exponential Smoothing* (2008): error, trend and season are none (N), additive (A) or
 * multiplicative (M).
 * Additive errors under a multiplicative season are left out, as in R: their variance is not finite.
 */
export interface EtsSpec {
  readonly error: "A" | "M";
  readonly trend: "N" | "A";
  readonly isDamped: boolean;
  readonly season: "N" | "A" | "M";
  /** Length of the season in samples; 1 when `season` is N. */
  readonly seasonSamples: number;
}

/** The smoothing parameters; `beta`, `gamma` and `phi` are 0, 0 and 1 when the part is absent. */
export interface EtsParameters {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
}

/** Level, slope per step, and the seasonal terms, the one of the next sample first. */
export interface EtsState {
  level: number;
  slope: number;
  seasonal: Float64Array;
}

/** The name as in the book, e.g. `ETS(M,Ad,N)`. */
export function etsName(spec: EtsSpec): string {
  return `ETS(${spec.error},${spec.trend}${spec.isDamped ? "d" : ""},${spec.season})`;
}

/** Free parameters with the starting states, as an information criterion counts them. */
export function countEtsParameters(spec: EtsSpec): number {
  const trend = spec.trend === "N" ? 0 : 2;
  const season = spec.season === "N" ? 0 : spec.seasonSamples;
  return 2 + trend + (spec.isDamped ? 1 : 0) + season + 1;
}
