import type { RangeColumns } from "../evaluator/range-columns.ts";
import { remarks } from "../evaluator/remarks.ts";
import { metricName } from "../evaluator/series-labels.ts";
import { putFloat } from "../evaluator/value.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { type SeriesKernel, windowFunction } from "./window-function.ts";

/** A statistic of the floats [from, to) of a series; at least one is there. */
export type FloatStatistic = (columns: RangeColumns, from: number, to: number) => number;

/** A range function that computes one number from the floats of each window. */
export function floatWindowFunction(
  name: string,
  statistic: FloatStatistic,
): FunctionImplementation {
  const kernel = floatKernel((_, columns, [from, to]) => statistic(columns, from, to));
  return windowFunction(name, { visitsWindows: true, prepare: () => kernel });
}

/** A statistic that also depends on the step. */
export type StepStatistic = (
  i: number,
  columns: RangeColumns,
  bounds: readonly [from: number, to: number],
) => number;

/**
 * A kernel over windows with at least `minimum` floats. Histograms in the same window are left out
 * with a remark.
 */
export function floatKernel(statistic: StepStatistic, minimum = 1): SeriesKernel {
  return (windowed, column, { firstStep, endStep, annotate, range }) => {
    const { columns, from, to, histogramFrom, histogramTo } = windowed;
    for (let i = firstStep; i < endStep; i++) {
      const first = from[i]!;
      const end = to[i]!;
      if (end === first) continue;
      if (histogramFrom[i] !== histogramTo[i]) {
        annotate(remarks.histogramsIgnoredInRange(metricName(columns.labels), range));
      }
      if (end - first >= minimum) putFloat(column, i, statistic(i, columns, [first, end]));
    }
  };
}
