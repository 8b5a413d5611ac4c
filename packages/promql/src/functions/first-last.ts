import { putFloat, putHistogram } from "../evaluator/value.ts";
import type { WindowedSeries } from "../evaluator/windows.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { windowFunction } from "./window-function.ts";

/** One end of a window: the index of its float or its histogram, whichever is farther out. */
interface WindowEnd {
  readonly kind: "float" | "histogram";
  readonly at: number;
  readonly timeMs: number;
}

function endOf(
  i: number,
  windowed: WindowedSeries,
  which: "first" | "last",
): WindowEnd | undefined {
  const { columns, from, to, histogramFrom, histogramTo } = windowed;
  const at = which === "first" ? from[i]! : to[i]! - 1;
  const histogramAt = which === "first" ? histogramFrom[i]! : histogramTo[i]! - 1;
  const float: WindowEnd | undefined =
    from[i] === to[i] ? undefined : { kind: "float", at, timeMs: columns.timesMs[at]! };
  if (histogramFrom[i] === histogramTo[i]) return float;
  const timeMs = columns.histogramTimesMs[histogramAt]!;
  const histogram: WindowEnd = { kind: "histogram", at: histogramAt, timeMs };
  if (!float) return histogram;
  const floatIsOuter = which === "first" ? float.timeMs < timeMs : float.timeMs > timeMs;
  return floatIsOuter ? float : histogram;
}

function sampleFunction(name: string, which: "first" | "last"): FunctionImplementation {
  return windowFunction(name, {
    keepsName: true,
    prepare: () => (windowed, column, context) => {
      const { values, histograms } = windowed.columns;
      for (let i = context.firstStep; i < context.endStep; i++) {
        const end = endOf(i, windowed, which);
        if (!end) continue;
        if (end.kind === "float") putFloat(column, i, values[end.at]!);
        else putHistogram(column, i, histograms[end.at]!);
      }
    },
  });
}

function timeFunction(name: string, which: "first" | "last"): FunctionImplementation {
  return windowFunction(name, {
    prepare: () => (windowed, column, context) => {
      for (let i = context.firstStep; i < context.endStep; i++) {
        const end = endOf(i, windowed, which);
        if (end) putFloat(column, i, end.timeMs / 1000);
      }
    },
  });
}

/** The first and the last sample of a window, and when they were taken. */
export const FIRST_LAST_FUNCTIONS: readonly FunctionImplementation[] = [
  sampleFunction("first_over_time", "first"),
  sampleFunction("last_over_time", "last"),
  timeFunction("ts_of_first_over_time", "first"),
  timeFunction("ts_of_last_over_time", "last"),
];
