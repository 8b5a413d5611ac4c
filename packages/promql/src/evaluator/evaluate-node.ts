import { evaluateAggregate } from "../aggregation/evaluate-aggregate.ts";
import { evaluateBinary } from "../binary/evaluate-binary.ts";
import { scaleHistogram } from "../histogram/histogram-arithmetic.ts";
import { finished, workingCopy } from "../histogram/working-histogram.ts";
import { evaluateSelector } from "./instant-selector.ts";
import type { InvariantNode, NegateNode, PlanNode } from "./plan.ts";
import type { QueryRun } from "./query-run.ts";
import { SampleCounts } from "./sample-counts.ts";
import { derivedIdentity, mergeSameLabels } from "./series-labels.ts";
import { firstStep } from "./steps.ts";
import {
  ABSENT,
  FLOAT,
  newColumn,
  putFloat,
  putHistogram,
  type SeriesColumn,
  seriesOf,
  type Value,
} from "./value.ts";

/** Evaluates a node at all steps of the run. Range vectors are evaluated by the functions on them. */
export async function evaluateNode(node: PlanNode, run: QueryRun): Promise<Value> {
  const due = run.breathe();
  if (due) await due;
  const before = run.budget.live;
  // Room for one column at least; functions that make more of them claim those themselves.
  run.budget.claim(run.steps.count);
  const value = await evaluateKind(node, run);
  // What was needed on the way is free again; the result stays until the parent is done.
  run.budget.settle(before + sizeOf(value));
  return value;
}

function evaluateKind(node: PlanNode, run: QueryRun): Value | Promise<Value> {
  switch (node.kind) {
    case "number":
      return { kind: "scalar", values: new Float64Array(run.steps.count).fill(node.value) };
    case "string":
      return { kind: "string", text: node.text };
    case "selector":
      return evaluateSelector(node, run);
    case "aggregate":
      return evaluateAggregate(node, run);
    case "binary":
      return evaluateBinary(node, run);
    case "negate":
      return negate(node, run);
    case "call":
      return node.implementation.evaluate(node, run);
    case "invariant":
      return evaluateOnce(node, run);
    case "window":
    case "subquery":
      throw new TypeError("a range vector has no value at a step");
  }
}

function sizeOf(value: Value): number {
  if (value.kind === "string") return 0;
  if (value.kind === "scalar") return value.values.length;
  const [first] = value.series;
  return first ? value.series.length * first.values.length : 0;
}

async function negate(node: NegateNode, run: QueryRun): Promise<Value> {
  const value = await run.evaluate(node.inner, run);
  if (value.kind === "string") throw new TypeError("a string has no sign");
  if (value.kind === "scalar") return { kind: "scalar", values: value.values.map((v) => -v) };
  const series: SeriesColumn[] = [];
  for (const source of value.series) {
    const due = run.breathe();
    if (due) await due;
    series.push(negated(source, run));
  }
  return {
    kind: "vector",
    series: run.options.delayedNameRemoval ? series : mergeSameLabels(series),
  };
}

function negated(source: SeriesColumn, run: QueryRun): SeriesColumn {
  const { count } = run.steps;
  run.budget.claim(count);
  const column = newColumn(count);
  for (let i = 0; i < count; i++) {
    if (source.present[i] === FLOAT) putFloat(column, i, -source.values[i]!);
    else if (source.present[i] !== ABSENT) {
      const histogram = workingCopy(source.histograms![i]!); // present, and no float
      putHistogram(column, i, finished(scaleHistogram(histogram, -1)));
    }
  }
  return seriesOf(column, derivedIdentity(source.labels, run));
}

/** Evaluates at the first step and repeats the result at all others. */
async function evaluateOnce({ inner }: InvariantNode, run: QueryRun): Promise<Value> {
  const counts = run.counts && new SampleCounts(1);
  const value = await run.evaluate(inner, { ...run, steps: firstStep(run.steps), counts });
  if (counts) run.counts?.addInvariant(counts);
  const { count } = run.steps;
  if (count <= 1 || value.kind === "string") return value;
  if (value.kind === "scalar") {
    run.budget.claim(count);
    return { kind: "scalar", values: new Float64Array(count).fill(value.values[0]!) };
  }
  run.budget.claim(count * value.series.length);
  return { kind: "vector", series: value.series.map((one) => repeated(one, count)) };
}

function repeated(series: SeriesColumn, count: number): SeriesColumn {
  const { labels, dropName, histograms } = series;
  const values = new Float64Array(count).fill(series.values[0]!);
  const present = new Uint8Array(count).fill(series.present[0]!);
  const histogram = histograms?.[0];
  if (!histogram) return { labels, dropName, values, present };
  return { labels, dropName, values, present, histograms: new Array(count).fill(histogram) };
}
