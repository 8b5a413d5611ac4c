import { isStaleAt, type LabelledSeries } from "@avx/model";
import type { Selection, SelectorNode } from "./plan.ts";
import type { QueryRun } from "./query-run.ts";
import { smoothedVector } from "./smoothed-selector.ts";
import { type Steps, stepTimeMs } from "./steps.ts";
import {
  newColumn,
  putFloat,
  putHistogram,
  type SeriesColumn,
  seriesOf,
  type VectorValue,
} from "./value.ts";

/** No sample within the lookback, or the series was marked stale. */
const NONE = -1;

/** Evaluates an instant vector selector: at every step the latest sample within the lookback. */
export async function evaluateSelector(node: SelectorNode, run: QueryRun): Promise<VectorValue> {
  if (node.selection.extension === "smoothed") return smoothedVector(node, run);
  const series: SeriesColumn[] = [];
  for (const source of node.selection.series) {
    const due = run.breathe();
    if (due) await due;
    const column = sampled(source, node.selection, run);
    if (column) series.push(column);
  }
  return { kind: "vector", series };
}

function sampled(
  source: LabelledSeries,
  selection: Selection,
  run: QueryRun,
): SeriesColumn | undefined {
  const { count } = run.steps;
  run.budget.claim(count);
  const column = newColumn(count);
  const indices = latestIndices(source, selection, run);
  let found = false;
  for (let i = 0; i < count; i++) {
    const at = indices[i]!;
    if (at === NONE) continue;
    found = true;
    const histogram = source.histograms?.[at];
    if (histogram) putHistogram(column, i, histogram);
    else putFloat(column, i, source.values[at]!);
  }
  return found ? seriesOf(column, { labels: source.labels, dropName: false }) : undefined;
}

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
  const indices = new Int32Array(steps.count).fill(NONE);
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
