import { AnalysisError, requireInteger, requirePositive } from "./analysis-error.ts";

/**
 * Samples of one series, ascending in time, no duplicate timestamp. A gap is an absent sample,
 * never 0. Values may be `NaN`; every function says what it does with them.
 */
export interface TimeSeries {
  readonly timestampsMs: Float64Array;
  readonly values: Float64Array;
}

/** A span of time; both bounds are inclusive. */
export interface TimeBounds {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Checks both columns and wraps them without a copy. Throws `invalid_series` for columns of
 * different lengths and for timestamps that are not finite or do not ascend.
 */
export function createTimeSeries(
  timestampsMs: ArrayLike<number>,
  values: ArrayLike<number>,
): TimeSeries {
  if (timestampsMs.length !== values.length) {
    const reason = `${timestampsMs.length} timestamps for ${values.length} values`;
    const index = Math.min(timestampsMs.length, values.length);
    throw new AnalysisError("invalid_series", { index, reason });
  }
  const times = toColumn(timestampsMs);
  let previous = Number.NEGATIVE_INFINITY;
  for (const [index, time] of times.entries()) {
    if (!Number.isFinite(time) || time <= previous) {
      const reason = `timestamp ${time} does not follow ${previous}`;
      throw new AnalysisError("invalid_series", { index, reason });
    }
    previous = time;
  }
  return { timestampsMs: times, values: toColumn(values) };
}

/** A series of evenly spaced samples: the first at `startMs` (0 by default), one each `stepMs`. */
export function evenlySpaced(
  values: ArrayLike<number>,
  options: { readonly stepMs: number; readonly startMs?: number },
): TimeSeries {
  requirePositive("stepMs", options.stepMs);
  const startMs = options.startMs ?? 0;
  const times = Float64Array.from(
    { length: values.length },
    (_, i) => startMs + i * options.stepMs,
  );
  return createTimeSeries(times, values);
}

function toColumn(numbers: ArrayLike<number>): Float64Array {
  return numbers instanceof Float64Array ? numbers : Float64Array.from(numbers);
}

/** The samples inside the bounds, as a view on the same memory; empty when none is. */
export function sliceSeries(series: TimeSeries, bounds: TimeBounds): TimeSeries {
  const first = lowerBound(series.timestampsMs, bounds.startMs);
  const end = upperBound(series.timestampsMs, bounds.endMs);
  return viewOf(series, first, Math.max(first, end));
}

/** Samples `first` to `end - 1`, as a view on the same memory. */
export function viewOf(series: TimeSeries, first: number, end: number): TimeSeries {
  return {
    timestampsMs: series.timestampsMs.subarray(first, end),
    values: series.values.subarray(first, end),
  };
}

/**
 * Windows of `length` samples, a new one every `step` samples, as views. A rest that does not fill
 * a window is left out, so a series shorter than `length` has none.
 */
export function* seriesWindows(
  series: TimeSeries,
  options: { readonly length: number; readonly step?: number },
): Generator<TimeSeries> {
  const step = options.step ?? 1;
  requireInteger("length", options.length, 1);
  requireInteger("step", step, 1);
  for (let first = 0; first + options.length <= series.values.length; first += step) {
    yield viewOf(series, first, first + options.length);
  }
}

/** Index of the first number that is `>= target`; the length when there is none. */
export function lowerBound(sorted: Float64Array, target: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < target) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first number that is `> target`; the length when there is none. */
export function upperBound(sorted: Float64Array, target: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= target) low = middle + 1;
    else high = middle;
  }
  return low;
}
