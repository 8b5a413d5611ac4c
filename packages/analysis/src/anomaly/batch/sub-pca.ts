import { AnalysisError, requireInteger } from "../../analysis-error.ts";
import { principalComponents } from "../../statistics/principal-components.ts";

/** Variances below this part of the largest are numerical noise and take no part. */
const SMALLEST_VARIANCE_PART = 1e-9;

/**
 * Sub-sequence PCA, the best of the simple methods on TSB-AD-U (Liu and Paparrizos, NeurIPS 2024):
 * windows are compared with all windows along their principal directions, each weighed by the
 * inverse of its variance (Shyu et al. 2003), so that a direction hardly ever taken counts most. A
 * sample's score is the mean of the windows that hold it. Batch: the whole series is seen. Values
 * must be finite. Throws `insufficient_data` for fewer than two windows.
 */
export function subPcaScores(values: Float64Array, windowSamples: number): Float64Array {
  requireInteger("windowSamples", windowSamples, 2);
  const count = values.length - windowSamples + 1;
  if (count < 2) {
    throw new AnalysisError("insufficient_data", {
      have: values.length,
      needed: windowSamples + 1,
    });
  }
  const windows = Array.from({ length: count }, (_, i) => values.subarray(i, i + windowSamples));
  const { means, variances, directions } = principalComponents(windows);
  const smallest = SMALLEST_VARIANCE_PART * (variances[0] ?? 0);
  const sums = new Float64Array(values.length);
  const holders = new Float64Array(values.length);
  for (const [start, window] of windows.entries()) {
    let score = 0;
    for (const [k, direction] of directions.entries()) {
      const variance = variances[k]!;
      if (variance > smallest) score += projection(window, means, direction) ** 2 / variance;
    }
    for (let i = start; i < start + windowSamples; i++) {
      sums[i] = sums[i]! + score;
      holders[i] = holders[i]! + 1;
    }
  }
  return sums.map((sum, i) => sum / holders[i]!);
}

function projection(window: Float64Array, means: Float64Array, direction: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < window.length; i++) sum += (window[i]! - means[i]!) * direction[i]!;
  return sum;
}
