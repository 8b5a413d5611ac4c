import type { LabelledSeries, NativeHistogram } from "@avx/model";
import { type Steps, stepTimeMs } from "./steps.ts";
import { ABSENT, HISTOGRAM, type SeriesColumn } from "./value.ts";

/** The times of all steps, for series without gaps to share. */
export function stepTimesMs(steps: Steps): Float64Array {
  const timesMs = new Float64Array(steps.count);
  for (let i = 0; i < steps.count; i++) timesMs[i] = stepTimeMs(steps, i);
  return timesMs;
}

/** The samples of a series at those steps where it has any. Without gaps nothing is copied. */
export function stepSamples(series: SeriesColumn, timesMs: Float64Array): LabelledSeries {
  const { labels, present, values, histograms } = series;
  const size = countPresent(present);
  if (size === present.length && !histograms) return { labels, timestampsMs: timesMs, values };
  const sampleTimesMs = new Float64Array(size);
  const sampleValues = new Float64Array(size);
  const shown: (NativeHistogram | undefined)[] = [];
  let at = 0;
  for (let i = 0; i < present.length; i++) {
    if (present[i] === ABSENT) continue;
    sampleTimesMs[at] = timesMs[i]!;
    sampleValues[at] = values[i]!;
    if (histograms) shown.push(present[i] === HISTOGRAM ? histograms[i] : undefined);
    at++;
  }
  const columns = { labels, timestampsMs: sampleTimesMs, values: sampleValues };
  return histograms ? { ...columns, histograms: shown } : columns;
}

function countPresent(present: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < present.length; i++) if (present[i] !== ABSENT) count++;
  return count;
}
