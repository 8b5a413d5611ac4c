import { remarks } from "../evaluator/remarks.ts";
import { metricName } from "../evaluator/series-labels.ts";
import { putFloat } from "../evaluator/value.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { type SeriesKernel, windowFunction } from "./window-function.ts";

/** What is looked for, and whether the value or its time is the result. */
interface Extreme {
  /** 1 for the largest, -1 for the smallest value. */
  readonly sign: 1 | -1;
  readonly result: "value" | "time";
}

/**
 * The extreme of every window in one pass over the series: candidates stand in a queue, best first,
 * and a sample leaves the queue when a better one comes after it. A NaN is extreme only where there
 * is nothing else. Of equal values the value asks for any, the time for the latest.
 */
function extremeKernel({ sign, result }: Extreme): SeriesKernel {
  return (windowed, column, { firstStep, endStep, annotate, range }) => {
    const { columns, from, to, histogramFrom, histogramTo } = windowed;
    const { values, timesMs } = columns;
    const queue = new Int32Array(values.length);
    let head = 0;
    let tail = 0;
    let next = 0;
    for (let i = firstStep; i < endStep; i++) {
      const first = from[i]!;
      const end = to[i]!;
      if (first === end) continue;
      if (histogramFrom[i] !== histogramTo[i]) {
        annotate(remarks.histogramsIgnoredInRange(metricName(columns.labels), range));
      }
      for (; next < end; next++) {
        const value = values[next]! * sign;
        if (Number.isNaN(value)) continue;
        while (tail > head && values[queue[tail - 1]!]! * sign <= value) tail--;
        queue[tail++] = next;
      }
      while (head < tail && queue[head]! < first) head++;
      const best = head < tail ? queue[head]! : end - 1;
      putFloat(column, i, result === "value" ? values[best]! : timesMs[best]! / 1000);
    }
  };
}

function extremeFunction(name: string, extreme: Extreme): FunctionImplementation {
  const kernel = extremeKernel(extreme);
  return windowFunction(name, { prepare: () => kernel });
}

/** The largest and the smallest value of a window, and when they occurred. */
export const EXTREME_FUNCTIONS: readonly FunctionImplementation[] = [
  extremeFunction("max_over_time", { sign: 1, result: "value" }),
  extremeFunction("min_over_time", { sign: -1, result: "value" }),
  extremeFunction("ts_of_max_over_time", { sign: 1, result: "time" }),
  extremeFunction("ts_of_min_over_time", { sign: -1, result: "time" }),
];
