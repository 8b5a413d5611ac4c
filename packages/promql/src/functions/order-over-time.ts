import { remarks } from "../evaluator/remarks.ts";
import type { WindowedSeries } from "../evaluator/windows.ts";
import { scalarArgument } from "./arguments.ts";
import { floatKernel } from "./float-windows.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import type { Bounds } from "./sorted-window.ts";
import { type SeriesKernel, type WindowContext, windowFunction } from "./window-function.ts";
import { type WindowOrder, windowOrder } from "./window-order.ts";

/** The floats of one window, for a statistic that needs their order. */
interface OrderedFloats {
  readonly i: number;
  readonly order: WindowOrder;
  readonly bounds: Bounds;
}

/** The order of a series lives on from one stretch of its steps to the next. */
function orderKernel(
  statistic: (floats: OrderedFloats, context: WindowContext) => number,
): SeriesKernel {
  let known: { readonly windowed: WindowedSeries; readonly order: WindowOrder } | undefined;
  return (windowed, column, context) => {
    if (known?.windowed !== windowed) known = { windowed, order: windowOrder(windowed) };
    const { order } = known;
    const kernel = floatKernel((i, _, bounds) => statistic({ i, order, bounds }, context));
    kernel(windowed, column, context);
  };
}

/** Statistics by the order of the floats of each window. */
export const ORDER_FUNCTIONS: readonly FunctionImplementation[] = [
  windowFunction("quantile_over_time", {
    rangeArgument: 1,
    visitsWindows: true,
    prepare: async (call, run) => {
      const quantiles = await scalarArgument(call, 0, run);
      return orderKernel(({ i, order, bounds }, { annotate, range }) => {
        const q = quantiles[i]!;
        if (!(q >= 0 && q <= 1)) annotate(remarks.invalidQuantile(q, range));
        return order.quantile(q, bounds);
      });
    },
  }),
  windowFunction("mad_over_time", {
    visitsWindows: true,
    prepare: () => orderKernel(({ order, bounds }) => order.medianDeviation(bounds)),
  }),
];
