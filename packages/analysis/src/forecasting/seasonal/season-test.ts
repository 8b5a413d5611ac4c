import { autocorrelations } from "./autocorrelations.ts";

/** The 90 % point of the normal, as the M4 organisers' test takes it. */
const CRITICAL = 1.645;
/** Fewer seasons than this give the test no say. */
const MIN_SEASONS = 3;

/**
 * Whether the autocorrelation at one season stands out of what the shorter lags explain: the test of
 * the M4 benchmarks (Makridakis, Spiliotis and Assimakopoulos 2020), after Bartlett's formula.
 */
export function hasSeason(values: Float64Array, seasonSamples: number): boolean {
  if (seasonSamples < 2 || values.length < MIN_SEASONS * seasonSamples) return false;
  const correlations = autocorrelations(values, seasonSamples);
  let squares = 0;
  for (let lag = 1; lag < seasonSamples; lag++) squares += correlations[lag]! ** 2;
  const limit = CRITICAL * Math.sqrt((1 + 2 * squares) / values.length);
  return Math.abs(correlations[seasonSamples]!) > limit;
}
