import type { NativeHistogram } from "@avx/model";
import type { CallNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { collected, derivedIdentity } from "../evaluator/series-labels.ts";
import {
  type ColumnWriter,
  FLOAT,
  HISTOGRAM,
  isEmptyColumn,
  newColumn,
  putFloat,
  type SeriesColumn,
  seriesOf,
  type VectorValue,
} from "../evaluator/value.ts";
import { vectorArgument } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";

/** A function that maps every float of its one vector and leaves histograms out. */
export function floatFunction(
  name: string,
  map: (value: number) => number,
): FunctionImplementation {
  return {
    name,
    evaluate: async (call, run) => {
      const vector = await vectorArgument(call, 0, run);
      return mapSeries(vector, (source, column) => mapFloats(source, column, map), run);
    },
  };
}

/** A function that maps every histogram of its one vector and leaves floats out. */
export function histogramFunction(
  name: string,
  map: (histogram: NativeHistogram) => number,
): FunctionImplementation {
  return {
    name,
    evaluate: async (call: CallNode, run: QueryRun) => {
      const vector = await vectorArgument(call, 0, run);
      return mapSeries(vector, (source, column) => mapHistograms(source, column, map), run);
    },
  };
}

/** Fills a new column for every series; the results lose their metric name. */
export async function mapSeries(
  vector: VectorValue,
  fill: (source: SeriesColumn, column: ColumnWriter) => void,
  run: QueryRun,
): Promise<VectorValue> {
  const series: SeriesColumn[] = [];
  for (const source of vector.series) {
    const due = run.breathe();
    if (due) await due;
    run.budget.claim(run.steps.count);
    const column = newColumn(run.steps.count);
    fill(source, column);
    if (!isEmptyColumn(column)) {
      series.push(seriesOf(column, derivedIdentity(source.labels, run)));
    }
  }
  return { kind: "vector", series: collected(series, run) };
}

function mapFloats(
  { values, present }: SeriesColumn,
  column: ColumnWriter,
  map: (value: number) => number,
): void {
  for (let i = 0; i < values.length; i++) {
    if (present[i] === FLOAT) putFloat(column, i, map(values[i]!));
  }
}

function mapHistograms(
  { histograms, present }: SeriesColumn,
  column: ColumnWriter,
  map: (histogram: NativeHistogram) => number,
): void {
  if (!histograms) return;
  for (let i = 0; i < present.length; i++) {
    if (present[i] === HISTOGRAM) putFloat(column, i, map(histograms[i]!));
  }
}
