import type { LabelledSeries } from "@avx/model";
import { latestIndices } from "../evaluator/latest-sample.ts";
import type { CallNode, PlanNode, SelectorNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { collected, derivedIdentity } from "../evaluator/series-labels.ts";
import { stepTimeMs } from "../evaluator/steps.ts";
import {
  ABSENT,
  type ColumnWriter,
  isEmptyColumn,
  newColumn,
  putFloat,
  type SeriesColumn,
  seriesOf,
  type VectorValue,
} from "../evaluator/value.ts";
import { argument, vectorArgument } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { mapSeries } from "./pointwise.ts";

type SampleTime = (source: LabelledSeries, at: number) => number;

/** For a selector the times of its samples count, not those of the steps. */
async function timesOfSamples(
  { selection }: SelectorNode,
  timeOf: SampleTime,
  run: QueryRun,
): Promise<VectorValue> {
  const series: SeriesColumn[] = [];
  for (const source of selection.series) {
    const due = run.breathe();
    if (due) await due;
    run.budget.claim(run.steps.count);
    const column: ColumnWriter = newColumn(run.steps.count);
    const indices = latestIndices(source, selection, run);
    for (let i = 0; i < indices.length; i++) {
      const at = indices[i]!;
      if (at >= 0) putFloat(column, i, timeOf(source, at) / 1000);
    }
    run.counts?.addColumn(column);
    if (isEmptyColumn(column)) continue;
    series.push(seriesOf(column, derivedIdentity(source.labels, run)));
  }
  return { kind: "vector", series: collected(series, run) };
}

function selectorOf(node: PlanNode): SelectorNode | undefined {
  return node.kind === "selector" ? node : undefined;
}

async function timestamp(call: CallNode, run: QueryRun): Promise<VectorValue> {
  const selector = selectorOf(argument(call, 0));
  if (selector) return timesOfSamples(selector, (source, at) => source.timestampsMs[at]!, run);
  const vector = await vectorArgument(call, 0, run);
  return mapSeries(
    vector,
    ({ present }, column) => {
      for (let i = 0; i < present.length; i++) {
        if (present[i] !== ABSENT) putFloat(column, i, stepTimeMs(run.steps, i) / 1000);
      }
    },
    run,
  );
}

async function startTimestamp(call: CallNode, run: QueryRun): Promise<VectorValue> {
  const selector = selectorOf(argument(call, 0));
  if (!selector || !run.options.useStartTimestamps) return { kind: "vector", series: [] };
  return timesOfSamples(selector, (source, at) => source.startTimestampsMs?.[at] ?? 0, run);
}

/** `timestamp`: when a sample was taken. `start_timestamp`: since when its counter counts. */
export const TIMESTAMP_FUNCTIONS: readonly FunctionImplementation[] = [
  { name: "timestamp", dependsOnStep: true, evaluate: timestamp },
  { name: "start_timestamp", evaluate: startTimestamp },
];
