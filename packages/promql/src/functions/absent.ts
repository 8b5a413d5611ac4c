import { EMPTY_LABELS, type Labels, METRIC_NAME, withLabel } from "@avx/model";
import type { PlanNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { windowedVector } from "../evaluator/range-selector.ts";
import {
  ABSENT,
  isEmptyColumn,
  newColumn,
  putFloat,
  seriesOf,
  type VectorValue,
} from "../evaluator/value.ts";
import { argument, vectorArgument } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";

/** The labels that a selector fixes by exactly one `=` matcher each; none for other expressions. */
function fixedLabels(node: PlanNode): Labels {
  if (node.kind === "invariant") return fixedLabels(node.inner);
  if (node.kind !== "selector" && node.kind !== "window") return EMPTY_LABELS;
  let labels = EMPTY_LABELS;
  const seen = new Set<string>();
  for (const { name, op, value } of node.selection.matchers) {
    if (name === METRIC_NAME) continue;
    const fixes = op === "=" && !seen.has(name);
    if (op === "=") seen.add(name);
    labels = withLabel(labels, name, fixes ? value : "");
  }
  return labels;
}

/** 1 at the steps where nothing is. */
function absence(occupied: Uint8Array, labels: Labels, run: QueryRun): VectorValue {
  const column = newColumn(run.steps.count);
  for (let i = 0; i < run.steps.count; i++) if (occupied[i] === 0) putFloat(column, i, 1);
  if (isEmptyColumn(column)) return { kind: "vector", series: [] };
  return { kind: "vector", series: [seriesOf(column, { labels, dropName: false })] };
}

/** `absent` and `absent_over_time`. */
export const ABSENT_FUNCTIONS: readonly FunctionImplementation[] = [
  {
    name: "absent",
    evaluate: async (call, run) => {
      const { series } = await vectorArgument(call, 0, run);
      const occupied = new Uint8Array(run.steps.count);
      for (const { present } of series) {
        for (let i = 0; i < present.length; i++) if (present[i] !== ABSENT) occupied[i] = 1;
      }
      return absence(occupied, fixedLabels(argument(call, 0)), run);
    },
  },
  {
    name: "absent_over_time",
    evaluate: async (call, run) => {
      const vector = await windowedVector(argument(call, 0), run);
      const occupied = new Uint8Array(run.steps.count);
      for (let s = 0; s < vector.labels.length; s++) {
        const { from, to, histogramFrom, histogramTo } = vector.at(s);
        for (let i = 0; i < occupied.length; i++) {
          if (from[i] !== to[i] || histogramFrom[i] !== histogramTo[i]) occupied[i] = 1;
        }
      }
      return absence(occupied, fixedLabels(argument(call, 0)), run);
    },
  },
];
