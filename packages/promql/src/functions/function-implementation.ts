import type { CallNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import type { Value } from "../evaluator/value.ts";

/**
 * How a function of the signature table is computed: from its call (arguments not yet evaluated)
 * to its value at all steps. It may be asynchronous. What it allocates it claims from the budget.
 */
export interface FunctionImplementation {
  readonly name: string;
  readonly evaluate: (call: CallNode, run: QueryRun) => Value | Promise<Value>;
  /** Its value may change from step to step even when its arguments do not (`time`, `hour`). */
  readonly dependsOnStep?: boolean;
}
