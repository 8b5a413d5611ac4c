import { createRunningMean } from "../aggregation/average.ts";
import { addCompensated, type CompensatedSum } from "../evaluator/compensated-sum.ts";
import { putFloat } from "../evaluator/value.ts";
import { floatWindowFunction } from "./float-windows.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { type SeriesKernel, windowFunction } from "./window-function.ts";

/** Counts the samples of each window, histograms included. */
const countKernel: SeriesKernel = (windowed, column, { firstStep, endStep }) => {
  const { from, to, histogramFrom, histogramTo } = windowed;
  for (let i = firstStep; i < endStep; i++) {
    const count = to[i]! - from[i]! + (histogramTo[i]! - histogramFrom[i]!);
    if (count > 0) putFloat(column, i, count);
  }
};

const presentKernel: SeriesKernel = (windowed, column, context) => {
  countKernel(windowed, column, context);
  for (let i = 0; i < column.values.length; i++) if (column.present[i] !== 0) column.values[i] = 1;
};

/** Population variance with compensation, by Welford's method. */
function variance(values: Float64Array, from: number, to: number): number {
  const mean: CompensatedSum = { sum: 0, compensation: 0 };
  const squares: CompensatedSum = { sum: 0, compensation: 0 };
  for (let at = from; at < to; at++) {
    const value = values[at]!;
    const delta = value - (mean.sum + mean.compensation);
    addCompensated(mean, delta / (at - from + 1));
    addCompensated(squares, delta * (value - (mean.sum + mean.compensation)));
  }
  return (squares.sum + squares.compensation) / (to - from);
}

/** Statistics over the floats of a window; windows with histograms too are remarked on. */
export const OVER_TIME_FUNCTIONS: readonly FunctionImplementation[] = [
  windowFunction("count_over_time", { prepare: () => countKernel }),
  windowFunction("present_over_time", { prepare: () => presentKernel }),
  floatWindowFunction("stdvar_over_time", ({ values }, from, to) => variance(values, from, to)),
  floatWindowFunction("stddev_over_time", ({ values }, from, to) =>
    Math.sqrt(variance(values, from, to)),
  ),
];

/** Compensated sum of a window. */
export function sumOfWindow(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  let compensation = 0;
  for (let at = from; at < to; at++) {
    const value = values[at]!;
    const total = sum + value;
    if (total === Number.POSITIVE_INFINITY || total === Number.NEGATIVE_INFINITY) compensation = 0;
    else if (Math.abs(sum) >= Math.abs(value)) compensation += sum - total + value;
    else compensation += value - total + sum;
    sum = total;
  }
  return Math.abs(sum) === Number.POSITIVE_INFINITY ? sum : sum + compensation;
}

/** Compensated mean of a window, safe against an overflowing sum. */
export function meanOfWindow(values: Float64Array, from: number, to: number): number {
  let sum = values[from]!;
  let compensation = 0;
  for (let at = from + 1; at < to; at++) {
    const value = values[at]!;
    const total = sum + value;
    if (Math.abs(sum) >= Math.abs(value)) compensation += sum - total + value;
    else compensation += value - total + sum;
    sum = total;
  }
  const count = to - from;
  const mean = sum / count + compensation / count;
  // Infinity or the NaN that follows it: rare, so such a window is done again the careful way.
  return Number.isFinite(mean) ? mean : carefulMean(values, from, to);
}

function carefulMean(values: Float64Array, from: number, to: number): number {
  const mean = createRunningMean();
  for (let at = from; at < to; at++) mean.add(values[at]!);
  return mean.result();
}
