import type { CallNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { FLOAT, putFloat, type VectorValue } from "../evaluator/value.ts";
import { scalarArgument, vectorArgument } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { mapSeries } from "./pointwise.ts";

interface Bounds {
  readonly min?: Float64Array;
  readonly max?: Float64Array;
}

/** Limits every float to [min, max]; nothing at steps where min > max. */
async function clamped(call: CallNode, { min, max }: Bounds, run: QueryRun): Promise<VectorValue> {
  const vector = await vectorArgument(call, 0, run);
  return mapSeries(
    vector,
    ({ values, present }, column) => {
      for (let i = 0; i < values.length; i++) {
        if (present[i] !== FLOAT) continue;
        const low = min?.[i] ?? Number.NEGATIVE_INFINITY;
        const high = max?.[i] ?? Number.POSITIVE_INFINITY;
        if (high < low) continue;
        putFloat(column, i, Math.max(low, Math.min(high, values[i]!)));
      }
    },
    run,
  );
}

/** `clamp`, `clamp_min`, `clamp_max`. */
export const CLAMP_FUNCTIONS: readonly FunctionImplementation[] = [
  {
    name: "clamp",
    evaluate: async (call, run) => {
      const min = await scalarArgument(call, 1, run);
      const max = await scalarArgument(call, 2, run);
      return clamped(call, { min, max }, run);
    },
  },
  {
    name: "clamp_min",
    evaluate: async (call, run) => clamped(call, { min: await scalarArgument(call, 1, run) }, run),
  },
  {
    name: "clamp_max",
    evaluate: async (call, run) => clamped(call, { max: await scalarArgument(call, 1, run) }, run),
  },
];
