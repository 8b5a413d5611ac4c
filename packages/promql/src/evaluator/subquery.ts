import type { SubqueryNode } from "./plan.ts";
import type { QueryRun } from "./query-run.ts";
import { columnsOfSteps } from "./range-columns.ts";
import { SampleCounts } from "./sample-counts.ts";
import { lastStepMs, type Steps, stepsBetween } from "./steps.ts";
import type { SeriesColumn } from "./value.ts";
import { type WindowedVector, type WindowShape, windowLayer } from "./windows.ts";

/** A subquery as a range vector: its expression evaluated on the absolute grid of its own step. */
export async function subqueryVector(node: SubqueryNode, run: QueryRun): Promise<WindowedVector> {
  const { steps, series } = await evaluateSubquery(node, run);
  const { windowMs, offsetMs, atMs } = node;
  const shape: WindowShape = {
    steps: run.steps,
    windowMs,
    offsetMs,
    ...(atMs === undefined ? {} : { atMs }),
    widenedBeforeMs: 0,
    widenedAfterMs: 0,
  };
  const windows = windowLayer(shape);
  return {
    shape,
    labels: series.map(({ labels }) => labels),
    at: (s) => windows(columnsOfSteps(series[s]!, steps)),
  };
}

/** The series of a subquery with the steps that they were evaluated at. */
export async function evaluateSubquery(
  node: SubqueryNode,
  run: QueryRun,
): Promise<EvaluatedSubquery> {
  const steps = subquerySteps(node, run.steps);
  if (steps.count === 0 || run.steps.count === 0) return { steps, series: [] };
  const annotate: QueryRun["annotate"] = (annotation) =>
    run.annotate({ ...annotation, isOfSubquery: true });
  const counts = run.counts && new SampleCounts(steps.count);
  const value = await run.evaluate(node.inner, { ...run, steps, annotate, counts });
  if (value.kind !== "vector") throw new TypeError(`subquery over a ${value.kind}`);
  const { offsetMs, windowMs } = node;
  if (counts) {
    run.counts?.addSubquery(counts, { steps: run.steps, innerSteps: steps, offsetMs, windowMs });
  }
  return { steps, series: value.series, counts };
}

/** What a subquery gave, and the samples that were counted, if they were. */
export interface EvaluatedSubquery {
  readonly steps: Steps;
  readonly series: readonly SeriesColumn[];
  readonly counts?: SampleCounts | undefined;
}

/** Multiples of the subquery's step after the start of the first window, up to the last one's end. */
function subquerySteps({ windowMs, offsetMs, stepMs, atMs }: SubqueryNode, outer: Steps): Steps {
  const firstMs = (atMs ?? outer.startMs) - offsetMs - windowMs;
  const endMs = (atMs ?? lastStepMs(outer)) - offsetMs;
  let startMs = stepMs * Math.trunc(firstMs / stepMs);
  if (startMs <= firstMs) startMs += stepMs;
  return stepsBetween(startMs, endMs, stepMs);
}
