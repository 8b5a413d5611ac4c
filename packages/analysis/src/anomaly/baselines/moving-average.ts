import { requireInteger, requirePositive } from "../../analysis-error.ts";
import { mean, standardDeviation } from "../../statistics/moments.ts";
import { createHistoryDetector, type Detector } from "../detector.ts";
import { sigmaJudgement } from "./z-score.ts";

/** Tuning of the moving-average baseline. */
export interface MovingAverageOptions {
  /** Samples whose average is the expectation; 20 by default, at least 2. */
  readonly windowSamples?: number;
  /** Standard deviations of the window above which a sample is anomalous; 3 by default. */
  readonly threshold?: number;
}

/**
 * Distance from the average of the `windowSamples` before it, in the sample standard deviations of
 * that window. A baseline: it follows a slow drift, and forgets a level shift within one window.
 */
export function createMovingAverageDetector(options: MovingAverageOptions = {}): Detector {
  const { windowSamples = 20, threshold = 3 } = options;
  requireInteger("windowSamples", windowSamples, 2);
  requirePositive("threshold", threshold);
  return createHistoryDetector({
    type: "MovingAverage",
    threshold,
    createModel() {
      const ring = new Float64Array(windowSamples);
      let count = 0;
      return {
        judge(value) {
          if (count < windowSamples) return undefined;
          const history = { mean: mean(ring), standardDeviation: standardDeviation(ring) };
          return sigmaJudgement(value, history, threshold);
        },
        learn(value) {
          ring[count++ % windowSamples] = value;
        },
      };
    },
  });
}
