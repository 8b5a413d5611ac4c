import { AnalysisError, requireInteger } from "../../analysis-error.ts";
import { median } from "../../statistics/quantile.ts";
import { generalizedEsdOutliers } from "./generalized-esd.ts";

/** Tuning of seasonal hybrid ESD. */
export interface SeasonalEsdOptions {
  /** Samples of one season. */
  readonly periodSamples: number;
  /** Largest share of outliers; 0.02 by default, below 0.5. */
  readonly mostShare?: number;
  readonly significance?: number;
}

/**
 * Seasonal hybrid ESD (Hochenbaum, Vallis and Kejariwal 2017): the generalised ESD test with median
 * and MAD on what is left after the median of all and the typical course of a season. Here that
 * course is the median of each phase, in place of STL. Batch: every season is seen. Returns the
 * indexes of the outliers, ascending. Throws `insufficient_data` below two seasons.
 */
export function seasonalEsdOutliers(values: Float64Array, options: SeasonalEsdOptions): number[] {
  const { periodSamples, mostShare = 0.02, significance = 0.05 } = options;
  requireInteger("periodSamples", periodSamples, 2);
  if (!(mostShare > 0 && mostShare < 0.5)) {
    const reason = `must be above 0 and below 0.5, got ${mostShare}`;
    throw new AnalysisError("invalid_parameter", { parameter: "mostShare", reason });
  }
  if (values.length < 2 * periodSamples) {
    throw new AnalysisError("insufficient_data", {
      have: values.length,
      needed: 2 * periodSamples,
    });
  }
  const course = Float64Array.from({ length: periodSamples }, (_, phase) =>
    median(values.filter((_value, i) => i % periodSamples === phase)),
  );
  const remainder = values.map((value, i) => value - course[i % periodSamples]!);
  const mostOutliers = Math.max(1, Math.floor(mostShare * values.length));
  const outliers = generalizedEsdOutliers(remainder, {
    ...{ mostOutliers, significance, center: "median" },
  });
  return outliers.toSorted((a, b) => a - b);
}
