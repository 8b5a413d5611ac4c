import { evaluationError } from "../evaluator/evaluation-error.ts";
import { formatShortest } from "../evaluator/go-number.ts";
import type { AggregateNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { remarks } from "../evaluator/remarks.ts";
import {
  ABSENT,
  copyStep,
  FLOAT,
  isEmptyColumn,
  newColumn,
  type SeriesColumn,
  seriesOf,
  type VectorValue,
} from "../evaluator/value.ts";
import { BoundedHeap } from "./bounded-heap.ts";
import { groupSeries } from "./grouping.ts";
import { ratioOffset } from "./label-hash.ts";

const INT64_LIMIT = 2 ** 63;

/** What a rank aggregation works on. */
export interface RankInput {
  readonly node: AggregateNode;
  readonly series: readonly SeriesColumn[];
  /** `k` or the ratio at every step. */
  readonly param: Float64Array;
}

/** `topk`, `bottomk`, `limitk`, `limit_ratio`: some of the series, with all their labels. */
export async function rankAggregate(input: RankInput, run: QueryRun): Promise<VectorValue> {
  const { node, series, param } = input;
  if (hasNoResult(input, run)) return { kind: "vector", series: [] };
  const numbers = new Map(series.map((one, s) => [one, s]));
  const groups = groupSeries(series, node).map(({ members }) =>
    members.map((member) => numbers.get(member)!),
  );
  const columns = series.map(() => undefined as ReturnType<typeof newColumn> | undefined);
  const ranked: number[] = [];
  const ratios = node.op === "limit_ratio" ? series.map(({ labels }) => ratioOffset(labels)) : [];
  for (let i = 0; i < run.steps.count; i++) {
    const due = run.breathe();
    if (due) await due;
    for (const members of groups) {
      for (const s of chosen({ members, i, ratios, limit: param[i]! }, input, run)) {
        if (!columns[s]) {
          run.budget.claim(run.steps.count);
          columns[s] = newColumn(run.steps.count);
          ranked.push(s);
        }
        copyStep(columns[s], series[s]!, i);
      }
    }
  }
  const order = run.steps.count === 1 ? ranked : ranked.sort((a, b) => a - b);
  return {
    kind: "vector",
    series: order
      .map((s) => seriesOf(columns[s]!, series[s]!)) // ranked holds only series with a column
      .filter((one) => !isEmptyColumn(one)),
  };
}

/** Checks the parameter; true when no step can have a result. */
function hasNoResult({ node, param }: RankInput, run: QueryRun): boolean {
  const max = param.reduce((a, b) => Math.max(a, b), -Number.MAX_VALUE);
  const min = param.reduce((a, b) => Math.min(a, b), Number.MAX_VALUE);
  const hasNaN = param.some(Number.isNaN);
  if (node.op === "limit_ratio") {
    if (max === 0 && min === 0) return true;
    if (hasNaN) throw evaluationError("Ratio value is NaN");
    const range = node.param?.range ?? node.range;
    if (max > 1) run.annotate(remarks.invalidRatio(max, 1, range));
    if (min < -1) run.annotate(remarks.invalidRatio(min, -1, range));
    return false;
  }
  if (max < 1) return true;
  if (hasNaN) throw evaluationError("Parameter value is NaN");
  if (min <= -INT64_LIMIT) {
    throw evaluationError(`Scalar value ${formatShortest(min)} underflows int64`);
  }
  if (max >= INT64_LIMIT) {
    throw evaluationError(`Scalar value ${formatShortest(max)} overflows int64`);
  }
  return false;
}

interface GroupStep {
  readonly members: readonly number[];
  readonly i: number;
  readonly limit: number;
  readonly ratios: readonly number[];
}

/** The members of a group that are chosen at a step, best first. */
function chosen(step: GroupStep, input: RankInput, run: QueryRun): readonly number[] {
  const { members, i, limit } = step;
  const { series, node } = input;
  const isPresent = (s: number) => series[s]!.present[i] !== ABSENT;
  if (node.op === "limit_ratio") {
    return members.filter((s) => isPresent(s) && isWithin(step.ratios[s]!, limit));
  }
  const k = Math.min(Math.trunc(limit), series.length);
  if (k < 1) return [];
  if (node.op === "limitk") return members.filter(isPresent).slice(0, k);
  const ranking = { k, i, descending: node.op === "topk", series };
  const { ranked, ignoredHistogram } = best(members, ranking);
  if (ignoredHistogram) run.annotate(remarks.histogramIgnored(node.op, node.range));
  return ranked;
}

/** Ratios above 0 choose from the bottom of [0, 1), negative ones the complement from the top. */
function isWithin(offset: number, limit: number): boolean {
  const ratio = Math.max(-1, Math.min(1, limit));
  return (ratio >= 0 && offset < ratio) || (ratio < 0 && offset >= 1 + ratio);
}

interface Ranking {
  readonly k: number;
  readonly i: number;
  readonly descending: boolean;
  readonly series: readonly SeriesColumn[];
}

function best(members: readonly number[], { k, i, descending, series }: Ranking) {
  const value = (s: number) => series[s]!.values[i]!;
  const before = (a: number, b: number) => {
    const left = value(a);
    return Number.isNaN(left) || (descending ? left < value(b) : left > value(b));
  };
  const heap = new BoundedHeap(before);
  let ignoredHistogram = false;
  for (const s of members) {
    const mark = series[s]!.present[i];
    if (mark !== FLOAT) {
      if (mark !== ABSENT) ignoredHistogram = true;
      continue;
    }
    const top = heap.items[0];
    if (heap.items.length < k || top === undefined) heap.push(s);
    else if (Number.isNaN(value(top)) ? !Number.isNaN(value(s)) : before(top, s)) {
      heap.replaceTop(s);
    }
  }
  const ranked = heap.items.sort((a, b) => (before(b, a) ? -1 : before(a, b) ? 1 : 0));
  return { ranked, ignoredHistogram };
}
