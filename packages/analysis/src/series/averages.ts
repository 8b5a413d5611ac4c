import { AnalysisError, requireInteger } from "../analysis-error.ts";
import type { TimeSeries } from "../time-series.ts";

/**
 * The mean of each sample and the `windowSamples - 1` before it, with the same timestamps. `NaN`
 * until the first window is full, and wherever the window holds a `NaN`.
 */
export function movingAverage(series: TimeSeries, windowSamples: number): TimeSeries {
  requireInteger("windowSamples", windowSamples, 1);
  const { values } = series;
  const averages = new Float64Array(values.length).fill(Number.NaN);
  let sum = 0;
  for (let i = windowSamples - 1; i < values.length; i++) {
    // A fresh sum once a window keeps rounding errors and old NaNs from travelling on, still at O(1)
    // per sample.
    const isFresh = (i + 1) % windowSamples === 0 || Number.isNaN(sum);
    const first = i - windowSamples + 1;
    sum = isFresh ? sumOf(values.subarray(first, i + 1)) : sum + values[i]! - values[first - 1]!;
    averages[i] = sum / windowSamples;
  }
  return { timestampsMs: series.timestampsMs, values: averages };
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/**
 * `s = alpha x + (1 - alpha) s`, begun with the first number (Brown 1959). A `NaN` sample leaves the
 * average as it was; before the first number it is `NaN`. `alpha` lies in (0, 1].
 */
export function exponentialAverage(series: TimeSeries, alpha: number): TimeSeries {
  if (!(alpha > 0 && alpha <= 1)) {
    const reason = `must be above 0 and at most 1, got ${alpha}`;
    throw new AnalysisError("invalid_parameter", { parameter: "alpha", reason });
  }
  let average = Number.NaN;
  const values = series.values.map((value) => {
    if (Number.isNaN(average)) average = value;
    else if (!Number.isNaN(value)) average += alpha * (value - average);
    return average;
  });
  return { timestampsMs: series.timestampsMs, values };
}
