import { histogramVariance } from "../histogram/histogram-moments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { histogramFunction } from "./pointwise.ts";

/** Functions of one native histogram. */
export const HISTOGRAM_STATISTICS: readonly FunctionImplementation[] = [
  histogramFunction("histogram_count", ({ count }) => count),
  histogramFunction("histogram_sum", ({ sum }) => sum),
  histogramFunction("histogram_avg", ({ sum, count }) => sum / count),
  histogramFunction("histogram_stdvar", histogramVariance),
  histogramFunction("histogram_stddev", (histogram) => Math.sqrt(histogramVariance(histogram))),
];
