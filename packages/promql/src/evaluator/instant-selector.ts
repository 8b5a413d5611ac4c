import type { LabelledSeries } from "@avx/model";
import { latestIndices, NO_SAMPLE } from "./latest-sample.ts";
import type { Selection, SelectorNode } from "./plan.ts";
import type { QueryRun } from "./query-run.ts";
import { smoothedVector } from "./smoothed-selector.ts";
import {
  newColumn,
  putFloat,
  putHistogram,
  type SeriesColumn,
  seriesOf,
  type VectorValue,
} from "./value.ts";

/** Evaluates an instant vector selector: at every step the latest sample within the lookback. */
export async function evaluateSelector(node: SelectorNode, run: QueryRun): Promise<VectorValue> {
  if (node.selection.extension === "smoothed") return smoothedVector(node, run);
  const series: SeriesColumn[] = [];
  for (const source of node.selection.series) {
    const due = run.breathe();
    if (due) await due;
    const column = sampled(source, node.selection, run);
    if (column) {
      series.push(column);
      run.counts?.addColumn(column);
    }
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
    if (at === NO_SAMPLE) continue;
    found = true;
    const histogram = source.histograms?.[at];
    if (histogram) putHistogram(column, i, histogram);
    else putFloat(column, i, source.values[at]!);
  }
  return found ? seriesOf(column, { labels: source.labels, dropName: false }) : undefined;
}
