import { AnalysisError, requirePositive } from "../analysis-error.ts";
import { mean } from "../statistics/moments.ts";
import type { TimeSeries } from "../time-series.ts";
import { viewOf } from "../time-series.ts";

/** How the samples of one bucket become one value. */
export type ResampleMethod = "mean" | "sum" | "min" | "max" | "first" | "last" | "count";

const REDUCERS: Readonly<Record<ResampleMethod, (values: Float64Array) => number>> = {
  mean,
  sum: (values) => values.reduce((total, value) => total + value, 0),
  min: (values) => values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
  max: (values) => values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY),
  first: (values) => values[0] ?? Number.NaN,
  last: (values) => values.at(-1) ?? Number.NaN,
  count: (values) => values.length,
};

/**
 * One sample per bucket of `stepMs` that has any, stamped with the bucket's start. Buckets begin at
 * multiples of `stepMs` since the epoch, so two series resampled alike share their timestamps. `NaN`
 * values are left out before reducing; a bucket without any number stays a gap.
 */
export function resampleSeries(
  series: TimeSeries,
  stepMs: number,
  method: ResampleMethod,
): TimeSeries {
  requirePositive("stepMs", stepMs);
  if (!Object.hasOwn(REDUCERS, method)) {
    const reason = `must be one of ${Object.keys(REDUCERS).join(", ")}`;
    throw new AnalysisError("invalid_parameter", { parameter: "method", reason });
  }
  const timestampsMs: number[] = [];
  const values: number[] = [];
  for (const [bucketMs, samples] of buckets(series, stepMs)) {
    const numbers = samples.filter((value) => !Number.isNaN(value));
    if (numbers.length === 0) continue;
    timestampsMs.push(bucketMs);
    values.push(REDUCERS[method](numbers));
  }
  return { timestampsMs: Float64Array.from(timestampsMs), values: Float64Array.from(values) };
}

function* buckets(series: TimeSeries, stepMs: number): Generator<[number, Float64Array]> {
  const bucketOf = (index: number) => Math.floor(series.timestampsMs[index]! / stepMs);
  let first = 0;
  for (let end = 1; end <= series.values.length; end++) {
    if (end < series.values.length && bucketOf(end) === bucketOf(first)) continue;
    yield [bucketOf(first) * stepMs, viewOf(series, first, end).values];
    first = end;
  }
}
