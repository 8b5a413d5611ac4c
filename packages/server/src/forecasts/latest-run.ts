import type { TimeSeries } from "@avx/analysis";

/**
 * The samples since the last gap, samples that are not finite at the end left out: a model must not
 * take a gap for a step of time.
 */
export function latestRun({ timestampsMs, values }: TimeSeries, stepMs: number): TimeSeries {
  let end = values.length;
  while (end > 0 && !Number.isFinite(values[end - 1])) end--;
  let start = end;
  while (start > 0 && Number.isFinite(values[start - 1])) {
    if (start < end && timestampsMs[start]! - timestampsMs[start - 1]! !== stepMs) break;
    start--;
  }
  return { timestampsMs: timestampsMs.slice(start, end), values: values.slice(start, end) };
}
