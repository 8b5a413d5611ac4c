import { AnalysisError, requireInteger } from "../../analysis-error.ts";
import type { Random } from "../../random.ts";
import { quantile } from "../../statistics/quantile.ts";
import { kMeansCenters, nearestCenter } from "./k-means.ts";

/** Tuning of the window model. */
export interface KMeansWindowOptions {
  /** Differences that make a window; 6 by default. */
  readonly windowSamples?: number;
  /** 2 by default. */
  readonly clusters?: number;
  readonly random: Random;
}

/** A model of the shapes that a metric usually has. */
export interface KMeansWindowModel {
  /**
   * One score for each window of values, at the index of its last sample: the distance from the
   * nearest shape as a multiple of the 99th percentile in training. Above 1 is unusual. `NaN` where
   * no window is full.
   */
  score(values: Float64Array): Float64Array;
}

/**
 * Clusters windows of differences, as Netdata's anomaly bit does: k = 2 centres per metric, and a
 * window is unusual when it lies farther off than 99 % of the training windows. Train several on
 * different days and ask all to agree, to get few false findings. Throws `insufficient_data` when
 * training leaves fewer windows than clusters.
 */
export function trainKMeansWindows(
  training: Float64Array,
  options: KMeansWindowOptions,
): KMeansWindowModel {
  const { windowSamples = 6, clusters = 2, random } = options;
  requireInteger("windowSamples", windowSamples, 1);
  const rows = differenceWindows(training, windowSamples);
  if (rows.length < clusters) {
    const needed = windowSamples + clusters;
    throw new AnalysisError("insufficient_data", { have: training.length, needed });
  }
  const centers = kMeansCenters(rows, { clusters, random });
  const distances = Float64Array.from(rows, (row) => nearestCenter(row, centers).distance);
  const usual = quantile(distances, 0.99);
  return {
    score(values) {
      const scores = new Float64Array(values.length).fill(Number.NaN);
      for (const [i, row] of differenceWindows(values, windowSamples).entries()) {
        const { distance } = nearestCenter(row, centers);
        scores[i + windowSamples] = distance === 0 ? 0 : distance / usual;
      }
      return scores;
    },
  };
}

function differenceWindows(values: Float64Array, windowSamples: number): Float64Array[] {
  const steps = values.subarray(1).map((value, i) => value - values[i]!);
  const count = Math.max(0, steps.length - windowSamples + 1);
  return Array.from({ length: count }, (_, i) => steps.subarray(i, i + windowSamples));
}
