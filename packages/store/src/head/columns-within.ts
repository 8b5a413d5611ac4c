import type { SampleColumns, TimeRange } from "@avx/model";

/**
 * The samples within the inclusive range, `undefined` when there are none: a view of the columns,
 * not a copy.
 */
export function columnsWithin(columns: SampleColumns, range: TimeRange): SampleColumns | undefined {
  const { timestampsMs, values, histograms, startTimestampsMs } = columns;
  const from = firstAtLeast(timestampsMs, range.startMs);
  const to = firstAtLeast(timestampsMs, range.endMs, 1);
  if (from >= to) return undefined;
  if (from === 0 && to === timestampsMs.length) return columns;
  return {
    timestampsMs: timestampsMs.subarray(from, to),
    values: values.subarray(from, to),
    ...(histograms ? { histograms: histograms.slice(from, to) } : {}),
    ...(startTimestampsMs ? { startTimestampsMs: startTimestampsMs.subarray(from, to) } : {}),
  };
}

/** Position of the first time >= `timeMs`, or > `timeMs` when `after` is 1. */
function firstAtLeast(timesMs: Float64Array, timeMs: number, after: 0 | 1 = 0): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const isBefore = after === 1 ? timesMs[middle]! <= timeMs : timesMs[middle]! < timeMs;
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return low;
}
