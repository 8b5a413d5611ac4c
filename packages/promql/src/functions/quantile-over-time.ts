import { quantileOf } from "../aggregation/quantile.ts";
import { remarks } from "../evaluator/remarks.ts";
import { scalarArgument } from "./arguments.ts";
import { floatKernel } from "./float-windows.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { windowFunction } from "./window-function.ts";

/** `quantile_over_time`: the quantile of the floats of each window. */
export const QUANTILE_OVER_TIME: FunctionImplementation = windowFunction("quantile_over_time", {
  rangeArgument: 1,
  visitsWindows: true,
  prepare: async (call, run) => {
    const quantiles = await scalarArgument(call, 0, run);
    return (windowed, column, context) => {
      const kernel = floatKernel((i, { values }, [from, to]) => {
        const q = quantiles[i]!;
        if (!(q >= 0 && q <= 1)) context.annotate(remarks.invalidQuantile(q, context.range));
        return quantileOf(q, values.slice(from, to));
      });
      kernel(windowed, column, context);
    };
  },
});
