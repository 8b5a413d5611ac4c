import { requireInteger } from "../analysis-error.ts";
import type { TimeSeries } from "../time-series.ts";

/**
 * `x[i] - x[i - lag]`, stamped with the later sample; `lag` samples shorter, empty when the series
 * has no more than `lag`. `NaN` where either sample is.
 */
export function difference(series: TimeSeries, lag = 1): TimeSeries {
  return compareLagged(series, lag, (now, before) => now - before);
}

/**
 * Change against the sample `lag` before, in percent of its size: 10 to 15 is 50, -10 to -5 is 50.
 * `NaN` where the earlier sample is 0, because no percentage describes that step.
 */
export function percentageChange(series: TimeSeries, lag = 1): TimeSeries {
  return compareLagged(series, lag, (now, before) =>
    before === 0 ? Number.NaN : (100 * (now - before)) / Math.abs(before),
  );
}

function compareLagged(
  series: TimeSeries,
  lag: number,
  compare: (now: number, before: number) => number,
): TimeSeries {
  requireInteger("lag", lag, 1);
  const earlier = series.values;
  return {
    timestampsMs: series.timestampsMs.subarray(lag),
    values: series.values.subarray(lag).map((now, i) => compare(now, earlier[i]!)),
  };
}
