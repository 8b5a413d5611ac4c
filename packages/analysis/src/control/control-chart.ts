import { AnalysisError, requirePositive } from "../analysis-error.ts";
import { mean } from "../statistics/moments.ts";

/** Where a process lies when nothing but chance moves it. */
export interface ControlChart {
  readonly center: number;
  /** Standard deviation of the process in control; above 0. */
  readonly sigma: number;
}

/** Lines on a chart, in the unit of the values. */
export interface ControlLimits {
  readonly lower: number;
  readonly center: number;
  readonly upper: number;
}

/** d2 for two observations: the mean range of two standard normal values, 2 / sqrt(pi). */
const D2_OF_TWO = 1.128;

/**
 * The individuals chart of a baseline: centre = mean, sigma = mean moving range / 1.128 (NIST
 * e-Handbook 6.3.2.2). `NaN` values must be left out before. Throws `insufficient_data` for fewer
 * than two values, `invalid_parameter` when they do not vary.
 */
export function individualsChart(baseline: Float64Array): ControlChart {
  if (baseline.length < 2) {
    throw new AnalysisError("insufficient_data", { have: baseline.length, needed: 2 });
  }
  const ranges = baseline.subarray(1).map((value, i) => Math.abs(value - baseline[i]!));
  const sigma = mean(ranges) / D2_OF_TWO;
  requirePositive("sigma of the baseline", sigma);
  return { center: mean(baseline), sigma };
}

/** Lines at `multiple` sigma from the centre; 3 by default (Shewhart), 6 for process capability. */
export function controlLimits(chart: ControlChart, multiple = 3): ControlLimits {
  requirePositive("sigma", chart.sigma);
  requirePositive("multiple", multiple);
  return {
    lower: chart.center - multiple * chart.sigma,
    center: chart.center,
    upper: chart.center + multiple * chart.sigma,
  };
}
