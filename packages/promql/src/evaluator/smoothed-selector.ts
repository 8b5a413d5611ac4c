import { interpolatedFloat, interpolatedHistogram } from "./interpolate.ts";
import type { SelectorNode } from "./plan.ts";
import type { QueryRun } from "./query-run.ts";
import { columnsOfStored } from "./range-columns.ts";
import { remarks } from "./remarks.ts";
import { metricName } from "./series-labels.ts";
import {
  isEmptyColumn,
  newColumn,
  putFloat,
  putHistogram,
  type SeriesColumn,
  seriesOf,
  type VectorValue,
} from "./value.ts";
import { type WindowedSeries, windowEndMs, windowLayer } from "./windows.ts";

/**
 * Evaluates an instant selector with `smoothed`: between two samples the value is interpolated,
 * after the last one it is carried forward, before the first there is none.
 */
export async function smoothedVector(node: SelectorNode, run: QueryRun): Promise<VectorValue> {
  const { offsetMs, atMs } = node.selection;
  const { lookbackMs } = run.options;
  const shape = {
    steps: run.steps,
    windowMs: 0,
    offsetMs,
    ...(atMs === undefined ? {} : { atMs }),
    widenedBeforeMs: lookbackMs,
    widenedAfterMs: lookbackMs,
  };
  const windows = windowLayer(shape);
  const series: SeriesColumn[] = [];
  for (const source of node.selection.series) {
    const due = run.breathe();
    if (due) await due;
    run.budget.claim(run.steps.count);
    const windowed = windows(columnsOfStored(source, false));
    const column = newColumn(run.steps.count);
    for (let i = 0; i < run.steps.count; i++) {
      smoothStep({ windowed, column, i, timeMs: windowEndMs(shape, i) }, node, run);
    }
    run.counts?.addColumn(column);
    if (!isEmptyColumn(column)) {
      series.push(seriesOf(column, { labels: source.labels, dropName: false }));
    }
  }
  return { kind: "vector", series };
}

interface SmoothedStep {
  readonly windowed: WindowedSeries;
  readonly column: ReturnType<typeof newColumn>;
  readonly i: number;
  readonly timeMs: number;
}

function smoothStep(step: SmoothedStep, node: SelectorNode, run: QueryRun): void {
  const { windowed, i } = step;
  const floats = windowed.to[i]! - windowed.from[i]!;
  const histograms = windowed.histogramTo[i]! - windowed.histogramFrom[i]!;
  if (floats > 0 && histograms > 0) {
    const name = metricName(windowed.columns.labels);
    run.annotate(remarks.mixedFloatsHistograms(name, node.range));
  } else if (histograms > 0) smoothHistogram(step, node, run);
  else if (floats > 0) smoothFloat(step);
}

function smoothFloat({ windowed, column, i, timeMs }: SmoothedStep): void {
  const { timesMs, values } = windowed.columns;
  const from = windowed.from[i]!;
  const to = windowed.to[i]!;
  let next = from;
  while (next < to && timesMs[next]! < timeMs) next++;
  if (next < to && timesMs[next] === timeMs) putFloat(column, i, values[next]!);
  else if (next > from && next < to) {
    putFloat(
      column,
      i,
      interpolatedFloat(windowed.columns, { at: next - 1, timeMs, isCounter: false }),
    );
  } else if (next > from) putFloat(column, i, values[next - 1]!);
}

function smoothHistogram(
  { windowed, column, i, timeMs }: SmoothedStep,
  node: SelectorNode,
  run: QueryRun,
): void {
  const { histogramTimesMs, histograms, labels } = windowed.columns;
  const from = windowed.histogramFrom[i]!;
  const to = windowed.histogramTo[i]!;
  let next = from;
  while (next < to && histogramTimesMs[next]! < timeMs) next++;
  if (next < to && histogramTimesMs[next] === timeMs) {
    putHistogram(column, i, histograms[next]!);
  } else if (next > from && next < to) {
    const before = histograms[next - 1]!;
    const isCounter =
      before.counterResetHint !== "gauge" || histograms[next]!.counterResetHint !== "gauge";
    const remarkOn = { annotate: run.annotate, range: node.range, metric: metricName(labels) };
    const between = { at: next - 1, timeMs, isCounter };
    const interpolated = interpolatedHistogram(windowed.columns, between, remarkOn);
    if (interpolated) putHistogram(column, i, interpolated);
  } else if (next > from) {
    putHistogram(column, i, { ...histograms[next - 1]!, counterResetHint: "unknown" });
  }
}
