import { AnalysisError, requireInteger } from "../../analysis-error.ts";

/** Below this part of the largest value a window counts as constant: its shape is rounding error. */
const CONSTANT_DEVIATION = 1e-10;

/**
 * The left matrix profile: for each window of `windowSamples`, the z-normalised distance to its
 * nearest neighbour among the windows that end before it begins. A large value is a shape never seen
 * before, a discord. Causal, at index i for the window that *starts* at i; `Infinity` where no window
 * lies before. Throws `insufficient_data` for a series of less than one window.
 *
 * Distances by the running dot products of STOMP (Zhu et al., ICDM 2016); left discords as in DAMP
 * (Lu et al., KDD 2022). O(n^2) time, O(n) memory. Constant windows are 0 apart from each other and
 * sqrt(windowSamples) from any other, as STUMPY has it.
 */
export function leftMatrixProfile(values: Float64Array, windowSamples: number): Float64Array {
  requireInteger("windowSamples", windowSamples, 3);
  const windows = values.length - windowSamples + 1;
  if (windows < 1) {
    throw new AnalysisError("insufficient_data", { have: values.length, needed: windowSamples });
  }
  const { means, deviations } = windowMoments(values, windowSamples);
  const profile = new Float64Array(windows).fill(Number.POSITIVE_INFINITY);
  // Each diagonal holds the pairs of windows a fixed lag apart, whose dot products follow from one
  // another in O(1).
  for (let lag = windowSamples; lag < windows; lag++) {
    let product = 0;
    for (let k = 0; k < windowSamples; k++) product += values[k]! * values[lag + k]!;
    for (let i = 0; i + lag < windows; i++) {
      const j = i + lag;
      if (i > 0) {
        product += values[i + windowSamples - 1]! * values[j + windowSamples - 1]!;
        product -= values[i - 1]! * values[j - 1]!;
      }
      const covariance = product / windowSamples - means[i]! * means[j]!;
      const distance = distanceOf(covariance, [deviations[i]!, deviations[j]!], windowSamples);
      if (distance < profile[j]!) profile[j] = distance;
    }
  }
  return profile;
}

function distanceOf(
  covariance: number,
  [one, other]: readonly [number, number],
  length: number,
): number {
  if (one === 0 && other === 0) return 0;
  if (one === 0 || other === 0) return Math.sqrt(length);
  const correlation = Math.min(1, covariance / (one * other));
  return Math.sqrt(2 * length * (1 - correlation));
}

/** Mean and population deviation of every window; a deviation of 0 marks a constant one. */
function windowMoments(values: Float64Array, length: number) {
  const windows = values.length - length + 1;
  const means = new Float64Array(windows);
  const deviations = new Float64Array(windows);
  for (let i = 0; i < windows; i++) {
    const window = values.subarray(i, i + length);
    const mean = window.reduce((sum, value) => sum + value, 0) / length;
    const squares = window.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const largest = window.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const deviation = Math.sqrt(squares / length);
    means[i] = mean;
    deviations[i] = deviation <= CONSTANT_DEVIATION * largest ? 0 : deviation;
  }
  return { means, deviations };
}
