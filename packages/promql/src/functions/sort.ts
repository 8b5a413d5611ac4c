import { compareLabels, labelValue } from "@avx/model";
import type { CallNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { remarks } from "../evaluator/remarks.ts";
import { FLOAT, type SeriesColumn } from "../evaluator/value.ts";
import { textArgument, vectorArgument } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { naturallyBefore } from "./natural-order.ts";

type Order = (a: SeriesColumn, b: SeriesColumn) => number;

/** Sorting matters for instant queries only; the results of range queries are ordered by labels. */
function sortFunction(
  name: string,
  { orderOf, floatsOnly }: { orderOf: (call: CallNode) => Order; floatsOnly: boolean },
): FunctionImplementation {
  return {
    name,
    evaluate: async (call: CallNode, run: QueryRun) => {
      const { series } = await vectorArgument(call, 0, run);
      if (run.steps.count > 1) run.annotate(remarks.sortInRangeQuery(call.range));
      const sortable = floatsOnly
        ? series.filter(({ present }) => present.includes(FLOAT))
        : series;
      const sorted = run.steps.count === 1 ? [...sortable].sort(orderOf(call)) : sortable;
      return { kind: "vector", series: floatsOnly ? sorted.map(withoutHistograms) : sorted };
    },
  };
}

function withoutHistograms(series: SeriesColumn): SeriesColumn {
  if (!series.histograms) return series;
  const { labels, values, dropName } = series;
  return {
    labels,
    values,
    dropName,
    present: series.present.map((mark) => (mark === FLOAT ? 1 : 0)),
  };
}

function byValue(sign: 1 | -1): Order {
  return (a, b) => {
    const left = a.values[0]!;
    const right = b.values[0]!;
    // NaN goes to the end, whichever the direction.
    if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : 1;
    if (Number.isNaN(right)) return -1;
    return left === right ? 0 : left < right ? -sign : sign;
  };
}

function byLabels(sign: 1 | -1): (call: CallNode) => Order {
  return (call) => {
    const names = call.args.slice(1).map((_, i) => textArgument(call, i + 1));
    return (a, b) => {
      for (const name of names) {
        const left = labelValue(a.labels, name);
        const right = labelValue(b.labels, name);
        if (left !== right) return naturallyBefore(left, right) ? -sign : sign;
      }
      return sign * compareLabels(a.labels, b.labels);
    };
  };
}

/** `sort`, `sort_desc` and their variants by label values. */
export const SORT_FUNCTIONS: readonly FunctionImplementation[] = [
  sortFunction("sort", { orderOf: () => byValue(1), floatsOnly: true }),
  sortFunction("sort_desc", { orderOf: () => byValue(-1), floatsOnly: true }),
  sortFunction("sort_by_label", { orderOf: byLabels(1), floatsOnly: false }),
  sortFunction("sort_by_label_desc", { orderOf: byLabels(-1), floatsOnly: false }),
];
