import type { Labels } from "@avx/model";
import type { Annotation } from "../evaluator/annotations.ts";
import { evaluationError } from "../evaluator/evaluation-error.ts";
import type { CallNode, PlanNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { windowedVector } from "../evaluator/range-selector.ts";
import { assertDistinct, metricName, withoutMetadata } from "../evaluator/series-labels.ts";
import {
  type ColumnWriter,
  isEmptyColumn,
  newColumn,
  type SeriesColumn,
  seriesOf,
  type Value,
} from "../evaluator/value.ts";
import type { WindowedSeries, WindowShape } from "../evaluator/windows.ts";
import type { PositionRange } from "../parser/ast.ts";
import { argument } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";

/** What a range function knows besides the samples. */
export interface WindowContext {
  readonly shape: WindowShape;
  readonly extension: "none" | "anchored" | "smoothed";
  readonly annotate: (annotation: Annotation) => void;
  /** Position for remarks: the first argument. */
  readonly range: PositionRange;
  /** The steps to compute; a series with much work is computed in several stretches. */
  readonly firstStep: number;
  readonly endStep: number;
}

/** Computes one series at the steps of the context from its windows. */
export type SeriesKernel = (
  windowed: WindowedSeries,
  column: ColumnWriter,
  context: WindowContext,
) => void;

/** A kernel whose work is long: it waits for others between its pieces. */
export type PacedKernel = (
  windowed: WindowedSeries,
  column: ColumnWriter,
  context: WindowContext,
) => Promise<void>;

type AnyKernel = SeriesKernel | PacedKernel;

/** How a range function is made. */
export interface WindowFunctionSetup {
  /** Gives the kernel, after evaluating the other arguments. */
  readonly prepare: (call: CallNode, run: QueryRun) => AnyKernel | Promise<AnyKernel>;
  /** Which argument is the range vector; the first when not given. */
  readonly rangeArgument?: number;
  /** Its result is still the metric itself (`last_over_time`). */
  readonly keepsName?: boolean;
  /** It looks at start timestamps, where they are switched on. */
  readonly readsStarts?: boolean;
  readonly dependsOnStep?: boolean;
  /** Its work grows with the samples of all windows, not just with those of the series. */
  readonly visitsWindows?: boolean;
}

/** Samples visited at a stretch: some milliseconds, even where each window is sorted. */
const STRETCH_VISITS = 50_000;
/** A histogram is as much work as so many floats. */
const HISTOGRAM_WORK = 20;

/** Range functions that extended selectors make sense with. */
const EXTENDED_SAFE = {
  anchored: ["changes", "delta", "increase", "rate", "resets"],
  smoothed: ["delta", "increase", "rate"],
} as const;

/** A function of a range vector, computed series by series over all steps at once. */
export function windowFunction(name: string, setup: WindowFunctionSetup): FunctionImplementation {
  return {
    name,
    ...(setup.dependsOnStep ? { dependsOnStep: true } : {}),
    evaluate: (call, run) => evaluateWindows(setup, call, run),
  };
}

async function evaluateWindows(
  setup: WindowFunctionSetup,
  call: CallNode,
  run: QueryRun,
): Promise<Value> {
  const node = argument(call, setup.rangeArgument ?? 0);
  const kernel = await setup.prepare(call, run);
  const extension = extensionOf(node, call);
  const withStarts = setup.readsStarts === true && run.options.useStartTimestamps;
  const vector = await windowedVector(node, run, withStarts);
  const { annotate } = run;
  const context = { shape: vector.shape, extension, annotate, range: remarkRange(call) };
  const compute = async (windowed: WindowedSeries, column: ColumnWriter) => {
    const heavy = setup.visitsWindows === true || windowed.columns.histograms.length > 0;
    for (let firstStep = 0; firstStep < run.steps.count; ) {
      const endStep = heavy ? stretchEnd(windowed, firstStep) : run.steps.count;
      const paced = kernel(windowed, column, { ...context, firstStep, endStep });
      if (paced instanceof Promise) await paced;
      firstStep = endStep;
      const due = run.breathe();
      if (due) await due;
    }
  };
  const results: SeriesColumn[] = [];
  for (let s = 0; s < vector.labels.length; s++) {
    run.budget.claim(run.steps.count);
    const column = newColumn(run.steps.count);
    const windowed = vector.at(s);
    await compute(windowed, column);
    if (isEmptyColumn(column)) continue;
    results.push(seriesOf(column, identityOf(windowed, setup, run)));
  }
  if (!run.options.delayedNameRemoval && mayCollide(vector.labels)) assertDistinct(results);
  return { kind: "vector", series: results };
}

/** The step up to which a stretch of work goes. */
function stretchEnd(windowed: WindowedSeries, firstStep: number): number {
  const { from, to, histogramFrom, histogramTo } = windowed;
  let work = 0;
  let step = firstStep;
  for (; step < from.length && work < STRETCH_VISITS; step++) {
    work += 1 + to[step]! - from[step]!;
    work += HISTOGRAM_WORK * (histogramTo[step]! - histogramFrom[step]!);
  }
  return step;
}

/** Series that differ in more than the name stay distinct without it. */
function mayCollide(all: readonly Labels[]): boolean {
  const [first] = all;
  if (!first) return false;
  const name = metricName(first);
  return all.some((labels) => {
    const typed = labels.includes("__type__") || labels.includes("__unit__");
    return typed || metricName(labels) !== name;
  });
}

function identityOf({ columns }: WindowedSeries, setup: WindowFunctionSetup, run: QueryRun) {
  const dropName = setup.keepsName !== true || columns.dropName;
  const keeps = run.options.delayedNameRemoval || !dropName;
  return { labels: keeps ? columns.labels : withoutMetadata(columns.labels), dropName };
}

function extensionOf(node: PlanNode, call: CallNode): WindowContext["extension"] {
  const extension = node.kind === "window" ? node.selection.extension : "none";
  if (extension === "none") return extension;
  const safe: readonly string[] = EXTENDED_SAFE[extension];
  if (!safe.includes(call.name)) {
    throw evaluationError(
      `${extension} modifier can only be used with: ${safe.join(", ")} - not with ${call.name}`,
    );
  }
  return extension;
}

/** Prometheus gives no position to a subquery that it has evaluated: remarks then say 1:1. */
function remarkRange(call: CallNode): PositionRange {
  const first = argument(call, 0);
  return first.kind === "subquery" ? { start: 0, end: 0 } : first.range;
}
