import { AnalysisError, requireInteger } from "../../analysis-error.ts";
import { mean, standardDeviation } from "../../statistics/moments.ts";
import { MAD_TO_SIGMA, median, medianAbsoluteDeviation } from "../../statistics/quantile.ts";
import { studentTQuantile } from "../../statistics/student-t.ts";

/** Tuning of the generalised ESD test. */
export interface GeneralizedEsdOptions {
  /** Outliers at most; the test is meant for up to half of the values. */
  readonly mostOutliers: number;
  /** Chance of a finding in normal data; 0.05 by default. */
  readonly significance?: number;
  /** Mean and deviation as in Rosner's test, or median and scaled MAD for many outliers. */
  readonly center?: "mean" | "median";
}

/** One step of the test: the farthest value, its statistic, and what it had to exceed. */
export interface EsdStep {
  readonly index: number;
  readonly statistic: number;
  readonly criticalValue: number;
}

/**
 * The generalised extreme Studentised deviate test (Rosner 1983; NIST e-Handbook 1.3.5.17.3): takes
 * out the farthest value again and again. The outliers are all steps up to the last whose statistic
 * exceeds its critical value. Stops early when the rest does not vary.
 */
export function generalizedEsdSteps(
  values: Float64Array,
  options: GeneralizedEsdOptions,
): EsdStep[] {
  const { mostOutliers, significance = 0.05, center = "mean" } = options;
  requireInteger("mostOutliers", mostOutliers, 1);
  if (values.length < mostOutliers + 3) {
    throw new AnalysisError("insufficient_data", { have: values.length, needed: mostOutliers + 3 });
  }
  let rest = [...values.keys()];
  const steps: EsdStep[] = [];
  for (let step = 1; step <= mostOutliers; step++) {
    const left = Float64Array.from(rest, (index) => values[index]!);
    const [middle, spread] =
      center === "mean"
        ? [mean(left), standardDeviation(left)]
        : [median(left), MAD_TO_SIGMA * medianAbsoluteDeviation(left)];
    if (!(spread > 0)) break;
    const farthest = rest.reduce((far, index) =>
      Math.abs(values[index]! - middle) > Math.abs(values[far]! - middle) ? index : far,
    );
    const statistic = Math.abs(values[farthest]! - middle) / spread;
    const criticalValue = esdCriticalValue(values.length, step, significance);
    steps.push({ index: farthest, statistic, criticalValue });
    rest = rest.filter((index) => index !== farthest);
  }
  return steps;
}

/** Indexes of the outliers, the farthest first. */
export function generalizedEsdOutliers(
  values: Float64Array,
  options: GeneralizedEsdOptions,
): number[] {
  const steps = generalizedEsdSteps(values, options);
  const last = steps.findLastIndex(({ statistic, criticalValue }) => statistic > criticalValue);
  return steps.slice(0, last + 1).map(({ index }) => index);
}

function esdCriticalValue(count: number, step: number, significance: number): number {
  const probability = 1 - significance / (2 * (count - step + 1));
  const t = studentTQuantile(probability, count - step - 1);
  return ((count - step) * t) / Math.sqrt((count - step - 1 + t * t) * (count - step + 1));
}
