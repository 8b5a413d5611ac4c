import type { NativeHistogram } from "@avx/model";
import {
  averageHistograms,
  type HistogramAggregate,
  sumHistograms,
} from "../aggregation/histogram-aggregates.ts";
import { remarks } from "../evaluator/remarks.ts";
import { metricName } from "../evaluator/series-labels.ts";
import { putFloat, putHistogram } from "../evaluator/value.ts";
import { finished } from "../histogram/working-histogram.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { meanOfWindow, sumOfWindow } from "./over-time.ts";
import { type WindowContext, windowFunction } from "./window-function.ts";

/** How a window is added up, floats or histograms. */
interface WindowSum {
  readonly floats: (values: Float64Array, from: number, to: number) => number;
  readonly histograms: (histograms: readonly NativeHistogram[]) => HistogramAggregate;
}

/** `sum_over_time` and `avg_over_time`: floats or histograms, but not both in a window. */
function summingFunction(name: string, sum: WindowSum): FunctionImplementation {
  return windowFunction(name, {
    visitsWindows: true,
    prepare: () => (windowed, column, context) => {
      const { columns, from, to, histogramFrom, histogramTo } = windowed;
      for (let i = context.firstStep; i < context.endStep; i++) {
        const histograms = histogramTo[i]! - histogramFrom[i]!;
        const floats = to[i]! - from[i]!;
        if (histograms === 0) {
          if (floats > 0) putFloat(column, i, sum.floats(columns.values, from[i]!, to[i]!));
        } else if (floats > 0) {
          const metric = metricName(columns.labels);
          context.annotate(remarks.mixedFloatsHistograms(metric, context.range));
        } else {
          const window = columns.histograms.slice(histogramFrom[i]!, histogramTo[i]!);
          const { histogram, ...report } = sum.histograms(window);
          remarkOn(report, metricName(columns.labels), context);
          if (histogram) putHistogram(column, i, finished(histogram));
        }
      }
    },
  });
}

function remarkOn(
  report: Omit<HistogramAggregate, "histogram">,
  metric: string,
  { annotate, range }: WindowContext,
): void {
  if (report.misfit !== undefined) {
    annotate(remarks.mixedSchemas(metric, range));
    return;
  }
  if (report.boundsReconciled) annotate(remarks.boundsReconciled("aggregation", range));
  if (report.resetCollision) annotate(remarks.resetCollision("aggregation", range));
}

/** Range functions that add up. */
export const SUMMING_FUNCTIONS: readonly FunctionImplementation[] = [
  summingFunction("sum_over_time", { floats: sumOfWindow, histograms: sumHistograms }),
  summingFunction("avg_over_time", { floats: meanOfWindow, histograms: averageHistograms }),
];
