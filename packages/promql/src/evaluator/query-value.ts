import { compareLabels, EMPTY_LABELS } from "@avx/model";
import type { QueryValue } from "../query-engine.ts";
import { evaluationError } from "./evaluation-error.ts";
import type { PlanNode } from "./plan.ts";
import type { QueryRun } from "./query-run.ts";
import { rawSamples } from "./raw-windows.ts";
import { withNamesRemoved } from "./series-labels.ts";
import { stepSamples, stepTimesMs } from "./step-samples.ts";
import { HISTOGRAM, type SeriesColumn, type Value, type VectorValue } from "./value.ts";

/** Evaluates the root of an instant query and gives its result the type of the expression. */
export async function instantValue(root: PlanNode, run: QueryRun): Promise<QueryValue> {
  if (root.kind === "window" || root.kind === "subquery") {
    const series = await rawSamples(root, run);
    return {
      type: "matrix",
      series: [...series].sort((a, b) => compareLabels(a.labels, b.labels)),
    };
  }
  const value = await run.evaluate(root, run);
  const timestampMs = run.steps.startMs;
  switch (value.kind) {
    case "string":
      return { type: "string", timestampMs, value: value.text };
    case "scalar":
      return { type: "scalar", timestampMs, value: value.values[0]! };
    case "vector":
      return {
        type: "vector",
        samples: named(value, run).map((series) => vectorSample(series, timestampMs)),
      };
  }
}

/** Evaluates the root of a range query: always a matrix, sorted by labels. */
export async function rangeValue(root: PlanNode, run: QueryRun): Promise<QueryValue> {
  const value = await run.evaluate(root, run);
  const series = rangeSeries(value, run);
  const timesMs = stepTimesMs(run.steps);
  return {
    type: "matrix",
    series: series
      .map((one) => stepSamples(one, timesMs))
      .sort((a, b) => compareLabels(a.labels, b.labels)),
  };
}

function rangeSeries(value: Value, run: QueryRun): readonly SeriesColumn[] {
  if (value.kind === "vector") return named(value, run);
  if (value.kind === "string") {
    throw evaluationError(
      'invalid expression type "string" for range query, must be Scalar or instant Vector',
    );
  }
  const present = new Uint8Array(value.values.length).fill(1);
  return [{ labels: EMPTY_LABELS, values: value.values, present, dropName: false }];
}

function named(value: VectorValue, run: QueryRun): readonly SeriesColumn[] {
  return run.options.delayedNameRemoval ? withNamesRemoved(value.series) : value.series;
}

function vectorSample(series: SeriesColumn, timestampMs: number) {
  const { labels, present, values, histograms } = series;
  const histogram = present[0] === HISTOGRAM ? histograms?.[0] : undefined;
  if (histogram) return { labels, timestampMs, value: Number.NaN, histogram };
  return { labels, timestampMs, value: values[0]! };
}
