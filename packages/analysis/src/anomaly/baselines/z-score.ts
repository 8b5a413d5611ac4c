import { requireInteger, requirePositive } from "../../analysis-error.ts";
import { createHistoryDetector, type Detector, type Judgement } from "../detector.ts";

/** Tuning of the z-score baseline. */
export interface ZScoreOptions {
  /** Standard deviations from the mean above which a sample is anomalous; 3 by default. */
  readonly threshold?: number;
  /** Samples before the first judgement; 10 by default, at least 2. */
  readonly minimumSamples?: number;
}

/**
 * Distance from the mean of *all* samples before it, in their sample standard deviations. The
 * textbook method, kept as a named baseline. After constant history every other value scores
 * infinity.
 */
export function createZScoreDetector(options: ZScoreOptions = {}): Detector {
  const { threshold = 3, minimumSamples = 10 } = options;
  requirePositive("threshold", threshold);
  requireInteger("minimumSamples", minimumSamples, 2);
  return createHistoryDetector({
    type: "ZScore",
    threshold,
    createModel() {
      const moments = new RunningMoments();
      return {
        judge: (value) =>
          moments.count < minimumSamples ? undefined : sigmaJudgement(value, moments, threshold),
        learn: (value) => moments.add(value),
      };
    },
  });
}

/** Judges by distance from a mean in standard deviations; a deviation of 0 makes any distance infinite. */
export function sigmaJudgement(
  value: number,
  history: { readonly mean: number; readonly standardDeviation: number },
  threshold: number,
): Judgement {
  const { mean, standardDeviation } = history;
  const distance = Math.abs(value - mean);
  return {
    score: distance === 0 ? 0 : distance / standardDeviation,
    expectedLower: mean - threshold * standardDeviation,
    expectedUpper: mean + threshold * standardDeviation,
  };
}

/** Mean and sample standard deviation of a stream (Welford 1962). */
class RunningMoments {
  count = 0;
  mean = 0;
  #squares = 0;

  get standardDeviation(): number {
    return Math.sqrt(this.#squares / (this.count - 1));
  }

  add(value: number): void {
    this.count++;
    const before = value - this.mean;
    this.mean += before / this.count;
    this.#squares += before * (value - this.mean);
  }
}
