import type { AggregateNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { remarks } from "../evaluator/remarks.ts";
import {
  HISTOGRAM,
  isEmptyColumn,
  newColumn,
  seriesOf,
  type Value,
  type VectorValue,
} from "../evaluator/value.ts";
import type { AggregateOp } from "../parser/ast.ts";
import { averageFloats } from "./average-floats.ts";
import { countValues } from "./count-values.ts";
import {
  type Column,
  countSamples,
  deviationOfFloats,
  type FloatAggregate,
  groupSamples,
  maxFloats,
  minFloats,
  quantileAt,
  sumFloats,
  varianceOfFloats,
} from "./float-aggregates.ts";
import { groupSeries, type SeriesGroup } from "./grouping.ts";
import { averageHistograms, sumHistograms } from "./histogram-aggregates.ts";
import { aggregateMixed, type MixedAggregate } from "./mixed-aggregate.ts";
import { rankAggregate } from "./rank-aggregate.ts";

type RankOp = "topk" | "bottomk" | "limitk" | "limit_ratio";
type GroupOp = Exclude<AggregateOp, RankOp | "count_values" | "quantile">;

const MIXED: Readonly<Partial<Record<AggregateOp, MixedAggregate>>> = {
  sum: { floats: sumFloats, histograms: sumHistograms },
  avg: { floats: averageFloats, histograms: averageHistograms },
};

const FLOAT_AGGREGATES: Readonly<Record<GroupOp, FloatAggregate>> = {
  sum: sumFloats,
  avg: averageFloats,
  count: countSamples,
  group: groupSamples,
  min: minFloats,
  max: maxFloats,
  stddev: deviationOfFloats,
  stdvar: varianceOfFloats,
};

/** Aggregations that count histograms without looking into them. */
const COUNTS_ANY_SAMPLE: ReadonlySet<AggregateOp> = new Set(["count", "group"]);

/** Evaluates an aggregation of any kind. */
export async function evaluateAggregate(node: AggregateNode, run: QueryRun): Promise<VectorValue> {
  const param = node.param ? await run.evaluate(node.param, run) : undefined;
  const { series } = vectorOf(await run.evaluate(node.inner, run));
  switch (node.op) {
    case "count_values":
      return countValues(node, series, run);
    case "topk":
    case "bottomk":
    case "limitk":
    case "limit_ratio":
      return rankAggregate({ node, series, param: scalarOf(param) }, run);
    case "quantile": {
      const quantiles = scalarOf(param);
      if (quantiles.length > 0) remarkOnQuantiles(node, quantiles, run);
      const aggregate = quantileAggregate(quantiles, run);
      return aggregateGroups(node, { series, aggregate }, run);
    }
    default:
      return aggregateGroups(node, { series, aggregate: FLOAT_AGGREGATES[node.op] }, run);
  }
}

/** Like FloatAggregate, for work that may have to pause. */
type Aggregate = (members: SeriesGroup["members"], steps: number) => Column | Promise<Column>;

interface GroupInput {
  readonly series: VectorValue["series"];
  readonly aggregate: Aggregate;
}

function quantileAggregate(quantiles: Float64Array, run: QueryRun): Aggregate {
  return async (members, steps) => {
    const column = newColumn(steps);
    for (let i = 0; i < steps; i++) {
      const due = run.breathe();
      if (due) await due;
      quantileAt(members, { i, q: quantiles[i]!, column });
    }
    return column;
  };
}

async function aggregateGroups(
  node: AggregateNode,
  { series, aggregate }: GroupInput,
  run: QueryRun,
): Promise<VectorValue> {
  const aggregated = [];
  for (const group of groupSeries(series, node)) {
    const due = run.breathe();
    if (due) await due;
    run.budget.claim(run.steps.count);
    const column = await aggregateGroup(node, { group, aggregate }, run);
    if (isEmptyColumn(column)) continue;
    const dropName = group.members.some((member) => member.dropName);
    aggregated.push(seriesOf(column, { labels: group.labels, dropName }));
  }
  return { kind: "vector", series: aggregated };
}

function aggregateGroup(
  node: AggregateNode,
  { group, aggregate }: { readonly group: SeriesGroup; readonly aggregate: Aggregate },
  run: QueryRun,
): Column | Promise<Column> {
  const { members } = group;
  const mixed = MIXED[node.op];
  if (members.some(({ histograms }) => histograms)) {
    if (mixed) return aggregateMixed(members, { aggregate: mixed, node }, run);
    const ignores =
      !COUNTS_ANY_SAMPLE.has(node.op) && members.some(({ present }) => present.includes(HISTOGRAM));
    if (ignores) run.annotate(remarks.histogramIgnored(node.op, node.inner.range));
  }
  return aggregate(members, run.steps.count);
}

function remarkOnQuantiles(node: AggregateNode, quantiles: Float64Array, run: QueryRun): void {
  const range = node.param?.range ?? node.range;
  const max = quantiles.reduce((a, b) => Math.max(a, b));
  const min = quantiles.reduce((a, b) => Math.min(a, b));
  if (quantiles.some(Number.isNaN)) run.annotate(remarks.invalidQuantile(Number.NaN, range));
  if (max > 1) run.annotate(remarks.invalidQuantile(max, range));
  if (min < 0) run.annotate(remarks.invalidQuantile(min, range));
}

/** The parser sees to it that an aggregation works on a vector ... */
function vectorOf(value: Value): VectorValue {
  if (value.kind !== "vector") throw new TypeError(`aggregation of a ${value.kind}`);
  return value;
}

/** ... and that its parameter, where it is no string, is a scalar. */
function scalarOf(value: Value | undefined): Float64Array {
  if (value?.kind !== "scalar") throw new TypeError("aggregation without a scalar parameter");
  return value.values;
}
