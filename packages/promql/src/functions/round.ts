import { FLOAT, putFloat } from "../evaluator/value.ts";
import { scalarArgument, vectorArgument } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { mapSeries } from "./pointwise.ts";

/** `round`: to the nearest multiple (of 1 when none is given), halves upwards. */
export const ROUND: FunctionImplementation = {
  name: "round",
  evaluate: async (call, run) => {
    const vector = await vectorArgument(call, 0, run);
    const nearest = call.args.length > 1 ? await scalarArgument(call, 1, run) : undefined;
    return mapSeries(
      vector,
      ({ values, present }, column) => {
        for (let i = 0; i < values.length; i++) {
          if (present[i] !== FLOAT) continue;
          // The inverse gives fewer rounding surprises (round(x, 0.1)), as in Prometheus.
          const inverse = 1 / (nearest?.[i] ?? 1);
          putFloat(column, i, Math.floor(values[i]! * inverse + 0.5) / inverse);
        }
      },
      run,
    );
  },
};
