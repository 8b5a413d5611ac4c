import type { NativeHistogram } from "@avx/model";
import { type RemarkOn, remarkOnCombination } from "../evaluator/interpolate.ts";
import type { CallNode } from "../evaluator/plan.ts";
import { remarks } from "../evaluator/remarks.ts";
import { metricName } from "../evaluator/series-labels.ts";
import { type ColumnWriter, putFloat, putHistogram } from "../evaluator/value.ts";
import type { WindowedSeries } from "../evaluator/windows.ts";
import { detectReset } from "../histogram/detect-reset.ts";
import { addHistogram, divideHistogram } from "../histogram/histogram-arithmetic.ts";
import { compacted, workingCopy, workingView } from "../histogram/working-histogram.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { isStartReset } from "./start-timestamps.ts";
import { type WindowContext, windowFunction } from "./window-function.ts";

/** One of the last two samples of a window. */
interface LastSample {
  readonly timeMs: number;
  readonly startMs: number;
  readonly value: number;
  readonly histogram?: NativeHistogram | undefined;
}

function instantRateFunction(name: string, isRate: boolean): FunctionImplementation {
  return windowFunction(name, {
    readsStarts: isRate,
    prepare: (_call: CallNode) => (windowed, column, context) => {
      for (let i = context.firstStep; i < context.endStep; i++) {
        instantRateAt(i, { windowed, column, isRate }, context);
      }
    },
  });
}

interface InstantRate {
  readonly windowed: WindowedSeries;
  readonly column: ColumnWriter;
  readonly isRate: boolean;
}

function instantRateAt(
  i: number,
  { windowed, column, isRate }: InstantRate,
  context: WindowContext,
): void {
  if (windowed.histogramFrom[i] === windowed.histogramTo[i]) {
    floatRateAt(i, { windowed, column, isRate });
    return;
  }
  const [previous, last] = lastTwo(windowed, i);
  if (!previous || !last || last.timeMs === previous.timeMs) return;
  const seconds = (last.timeMs - previous.timeMs) / 1000;
  const { annotate, range } = context;
  const remarkOn = { annotate, range, metric: metricName(windowed.columns.labels) };
  if (previous.histogram && last.histogram) {
    const pair = { previous, last, before: previous.histogram, after: last.histogram };
    const result = histogramChange(pair, isRate, remarkOn);
    if (!result) return;
    putHistogram(
      column,
      i,
      isRate ? compacted(divideHistogram(result, seconds)) : compacted(result),
    );
  } else if (previous.histogram || last.histogram) {
    annotate(remarks.mixedFloatsHistograms(remarkOn.metric, range));
  } else floatRateAt(i, { windowed, column, isRate });
}

function floatRateAt(i: number, { windowed, column, isRate }: InstantRate): void {
  const { timesMs, values, startsMs } = windowed.columns;
  const last = windowed.to[i]! - 1;
  const previous = last - 1;
  if (previous < windowed.from[i]!) return;
  const reset =
    isRate &&
    (values[last]! < values[previous]! ||
      (startsMs !== undefined &&
        isStartReset(
          { timeMs: timesMs[previous]!, startMs: startsMs[previous]! },
          { timeMs: timesMs[last]!, startMs: startsMs[last]! },
        )));
  const change = reset ? values[last]! : values[last]! - values[previous]!;
  const seconds = (timesMs[last]! - timesMs[previous]!) / 1000;
  putFloat(column, i, isRate ? change / seconds : change);
}

/** The last two samples of a window, whatever their kind. */
function lastTwo({ columns, ...bounds }: WindowedSeries, i: number): readonly LastSample[] {
  const samples: LastSample[] = [];
  for (let at = Math.max(bounds.from[i]!, bounds.to[i]! - 2); at < bounds.to[i]!; at++) {
    const startMs = columns.startsMs?.[at] ?? 0;
    samples.push({ timeMs: columns.timesMs[at]!, startMs, value: columns.values[at]! });
  }
  const { histogramFrom, histogramTo } = bounds;
  const from = Math.max(histogramFrom[i]!, histogramTo[i]! - 2);
  for (let at = from; at < histogramTo[i]!; at++) {
    samples.push({
      timeMs: columns.histogramTimesMs[at]!,
      startMs: columns.histogramStartsMs?.[at] ?? 0,
      value: Number.NaN,
      histogram: columns.histograms[at],
    });
  }
  return samples.sort((a, b) => a.timeMs - b.timeMs).slice(-2);
}

interface HistogramPair {
  readonly previous: LastSample;
  readonly last: LastSample;
  readonly before: NativeHistogram;
  readonly after: NativeHistogram;
}

function histogramChange(pair: HistogramPair, isRate: boolean, remarkOn: RemarkOn) {
  const { previous, last, before, after } = pair;
  const { annotate, metric, range } = remarkOn;
  const gauges = [before, after].filter(({ counterResetHint }) => counterResetHint === "gauge");
  if (isRate && gauges.length > 0) annotate(remarks.histogramNotCounter(metric, range));
  if (!isRate && gauges.length < 2) annotate(remarks.histogramNotGauge(metric, range));
  const result = workingCopy(after);
  if (!isRate || !(isStartReset(previous, last) || detectReset(after, before))) {
    const subtracted = addHistogram(result, workingView(before), -1);
    if (!remarkOnCombination(subtracted, "subtraction", remarkOn)) return undefined;
  }
  result.counterResetHint = "gauge";
  return result;
}

/** `irate` and `idelta`: from the last two samples of the window only. */
export const INSTANT_RATE_FUNCTIONS: readonly FunctionImplementation[] = [
  instantRateFunction("irate", true),
  instantRateFunction("idelta", false),
];
