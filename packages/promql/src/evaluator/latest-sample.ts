import { isStaleAt, type LabelledSeries } from "@avx/model";
import type { Selection } from "./plan.ts";
import { type Steps, stepTimeMs } from "./steps.ts";

/** No sample within the lookback, or the series was marked stale. */
export const NO_SAMPLE = -1;

/**
 * For every step the index of the sample that an instant vector selector sees, or -1: the latest
 * one after `time - lookback` (exclusive) and up to the time, unless it is a stale marker.
 */
export function latestIndices(
  source: LabelledSeries,
  selection: Pick<Selection, "offsetMs" | "atMs">,
  run: { readonly steps: Steps; readonly options: { readonly lookbackMs: number } },
): Int32Array {
  const { steps, options } = run;
  const { timestampsMs } = source;
  const indices = new Int32Array(steps.count).fill(NO_SAMPLE);
  let after = 0;
  for (let i = 0; i < steps.count; i++) {
    const timeMs = (selection.atMs ?? stepTimeMs(steps, i)) - selection.offsetMs;
    while (after < timestampsMs.length && timestampsMs[after]! <= timeMs) after++;
    const at = after - 1;
    if (at < 0 || timestampsMs[at]! <= timeMs - options.lookbackMs) continue;
    if (!isStale(source, at)) indices[i] = at;
  }
  return indices;
}

/** Whether the sample marks the end of the series. */
export function isStale(source: LabelledSeries, at: number): boolean {
  const histogram = source.histograms?.[at];
  if (histogram) return histogram.stale === true;
  return isStaleAt(source.values, at);
}
