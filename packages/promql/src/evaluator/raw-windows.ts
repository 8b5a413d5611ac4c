import type { LabelledSeries, NativeHistogram } from "@avx/model";
import { edgesOf, floatEdges } from "../functions/extended-rate.ts";
import { evaluationError } from "./evaluation-error.ts";
import type { SubqueryNode, WindowNode } from "./plan.ts";
import type { QueryRun } from "./query-run.ts";
import type { RangeColumns } from "./range-columns.ts";
import { windowedVector } from "./range-selector.ts";
import { withNamesRemoved } from "./series-labels.ts";
import { stepSamples, stepTimesMs } from "./step-samples.ts";
import { evaluateSubquery } from "./subquery.ts";
import type { WindowedSeries, WindowedVector } from "./windows.ts";

/** The samples of a range vector that is the whole instant query (`up[5m]`). */
export async function rawSamples(
  node: WindowNode | SubqueryNode,
  run: QueryRun,
): Promise<readonly LabelledSeries[]> {
  if (node.kind === "subquery") {
    const { steps, series, counts } = await evaluateSubquery(node, run);
    if (counts) run.counts?.addWholeSubquery(counts);
    const named = run.options.delayedNameRemoval ? withNamesRemoved(series) : series;
    const timesMs = stepTimesMs(steps);
    return named.map((one) => stepSamples(one, timesMs));
  }
  const { extension } = node.selection;
  const vector = await windowedVector(node, run);
  return vector.labels
    .map((_, s) =>
      extension === "none"
        ? samplesInWindow(vector.at(s))
        : extendedSamples(vector.at(s), vector, extension),
    )
    .filter(({ timestampsMs }) => timestampsMs.length > 0);
}

interface TimedSample {
  readonly timeMs: number;
  readonly value: number;
  readonly histogram?: NativeHistogram | undefined;
}

function samplesInWindow({ columns, ...bounds }: WindowedSeries): LabelledSeries {
  const { from, to, histogramFrom, histogramTo } = bounds;
  const samples: TimedSample[] = [];
  for (let at = from[0] ?? 0; at < (to[0] ?? 0); at++) {
    samples.push({ timeMs: columns.timesMs[at]!, value: columns.values[at]! });
  }
  for (let at = histogramFrom[0] ?? 0; at < (histogramTo[0] ?? 0); at++) {
    const histogram = columns.histograms[at];
    samples.push({ timeMs: columns.histogramTimesMs[at]!, value: 0, histogram });
  }
  return seriesOfSamples(
    columns,
    samples.sort((a, b) => a.timeMs - b.timeMs),
  );
}

/** With `anchored` or `smoothed`, the values at the very edges of the window stand at its ends. */
function extendedSamples(
  windowed: WindowedSeries,
  { shape }: WindowedVector,
  extension: "anchored" | "smoothed",
): LabelledSeries {
  const { columns, from, to, histogramFrom, histogramTo } = windowed;
  if (histogramFrom[0] !== histogramTo[0]) {
    throw evaluationError(`${extension} modifier is not supported with histograms`);
  }
  const bounds = { from: from[0] ?? 0, to: to[0] ?? 0, i: 0 };
  const edges = bounds.from < bounds.to && edgesOf(columns.timesMs, bounds, { shape, extension });
  if (!edges) return seriesOfSamples(columns, []);
  const { left, right } = floatEdges(windowed, edges, false);
  const samples: TimedSample[] = [{ timeMs: edges.startMs, value: left }];
  for (let at = edges.first; at <= edges.last; at++) {
    const timeMs = columns.timesMs[at]!;
    if (timeMs > edges.startMs && timeMs < edges.endMs) {
      samples.push({ timeMs, value: columns.values[at]! });
    }
  }
  samples.push({ timeMs: edges.endMs, value: right });
  return seriesOfSamples(columns, samples);
}

function seriesOfSamples(
  { labels }: RangeColumns,
  samples: readonly TimedSample[],
): LabelledSeries {
  const columns = {
    labels,
    timestampsMs: Float64Array.from(samples, ({ timeMs }) => timeMs),
    values: Float64Array.from(samples, ({ value }) => value),
  };
  if (!samples.some(({ histogram }) => histogram)) return columns;
  return { ...columns, histograms: samples.map(({ histogram }) => histogram) };
}
