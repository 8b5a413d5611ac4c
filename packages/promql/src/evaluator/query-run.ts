import type { LabelledSeries, Matcher, TimeRange } from "@avx/model";
import type { Annotation } from "./annotations.ts";
import type { PlanNode } from "./plan.ts";
import type { SampleBudget } from "./sample-budget.ts";
import type { SampleCounts } from "./sample-counts.ts";
import type { Steps } from "./steps.ts";
import type { Value } from "./value.ts";

/** Switches of the evaluator, as of Prometheus' feature flags. */
export interface EvaluationOptions {
  readonly lookbackMs: number;
  readonly delayedNameRemoval: boolean;
  readonly useStartTimestamps: boolean;
}

/** All that evaluating one node needs; a subquery gets one with its own steps. */
export interface QueryRun {
  readonly steps: Steps;
  readonly options: EvaluationOptions;
  readonly budget: SampleBudget;
  /** Counts samples by step, where that was asked for. */
  readonly counts?: SampleCounts | undefined;
  /** Called between pieces of work: a promise when it is time to let others run. */
  readonly breathe: () => Promise<void> | undefined;
  readonly annotate: (annotation: Annotation) => void;
  readonly evaluate: (node: PlanNode, run: QueryRun) => Promise<Value>;
  /** Reads series that only evaluation can name (the info series of `info()`). */
  readonly select: (
    matchers: readonly Matcher[],
    range: TimeRange,
  ) => Promise<readonly LabelledSeries[]>;
}
