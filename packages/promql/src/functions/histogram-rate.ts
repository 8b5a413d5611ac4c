import type { NativeHistogram } from "@avx/model";
import { type RemarkOn, remarkOnCombination } from "../evaluator/interpolate.ts";
import { remarks } from "../evaluator/remarks.ts";
import { metricName } from "../evaluator/series-labels.ts";
import { putHistogram } from "../evaluator/value.ts";
import { type WindowedSeries, windowEndMs } from "../evaluator/windows.ts";
import { detectReset } from "../histogram/detect-reset.ts";
import { addHistogram, reduceSchema, scaleHistogram } from "../histogram/histogram-arithmetic.ts";
import {
  compact,
  finished,
  noBuckets,
  usesCustomBuckets,
  type WorkingHistogram,
  workingCopy,
  workingView,
} from "../histogram/working-histogram.ts";
import { extrapolationFactor, knownStartFactor } from "./extrapolate.ts";
import type { RateTarget } from "./rate-target.ts";
import { isStartReset, overlapsPrevious } from "./start-timestamps.ts";
import type { WindowContext } from "./window-function.ts";

/** The histograms of one window. */
interface HistogramWindow {
  readonly points: readonly NativeHistogram[];
  readonly timesMs: Float64Array;
  readonly startsMs?: Float64Array | undefined;
  readonly isCounter: boolean;
  readonly remarkOn: RemarkOn;
}

/** Puts the rate, increase or delta of the histograms of window `i` into the target. */
export function histogramRateAt(
  i: number,
  { windowed, target }: { readonly windowed: WindowedSeries; readonly target: RateTarget },
  context: WindowContext,
): void {
  const { shape } = context;
  const window = windowOf(i, { windowed, target }, context);
  const { points, timesMs, startsMs } = window;
  const intervals = points.length - 1;
  const result = intervals > 0 ? histogramIncrease(window) : undefined;
  if (intervals > 0 && !result) return;
  const endMs = windowEndMs(shape, i);
  const startMs = endMs - shape.windowMs;
  const firstMs = timesMs[0]!;
  const lastMs = timesMs[intervals]!;
  const startedMs = target.kind.isCounter && startsMs ? startsMs[0]! : 0;
  let increase = result;
  let factor: number;
  if (startedMs !== 0 && startedMs > startMs && startedMs < firstMs) {
    const first = workingCopy(points[0]!);
    if (increase) {
      const added = addHistogram(increase, first);
      if (!remarkOnCombination(added, "addition", window.remarkOn)) return;
    } else increase = first;
    factor = knownStartFactor({ firstMs: startedMs, lastMs, endMs }, firstMs, intervals);
  } else if (!increase) return;
  else {
    const limited = target.kind.isCounter && increase.count > 0 && points[0]!.count >= 0;
    const zeroRatio = limited ? points[0]!.count / increase.count : Number.POSITIVE_INFINITY;
    factor = extrapolationFactor({ startMs, endMs, firstMs, lastMs, intervals, zeroRatio });
  }
  const seconds = target.kind.perSecond ? shape.windowMs / 1000 : 1;
  putHistogram(target.column, i, finished(scaleHistogram(increase, factor / seconds)));
}

function windowOf(
  i: number,
  { windowed, target }: { readonly windowed: WindowedSeries; readonly target: RateTarget },
  { annotate, range }: WindowContext,
): HistogramWindow {
  const { columns, histogramFrom, histogramTo } = windowed;
  const from = histogramFrom[i]!;
  const to = histogramTo[i]!;
  return {
    points: columns.histograms.slice(from, to),
    timesMs: columns.histogramTimesMs.subarray(from, to),
    startsMs: columns.histogramStartsMs?.subarray(from, to),
    isCounter: target.kind.isCounter,
    remarkOn: { annotate, range, metric: metricName(columns.labels) },
  };
}

/** Last minus first, with what was lost in resets; undefined when the histograms do not fit. */
function histogramIncrease(window: HistogramWindow): WorkingHistogram | undefined {
  const { points, isCounter, remarkOn } = window;
  const last = points.at(-1)!; // two points at least
  const remark = (kind: "histogramNotCounter" | "mixedSchemas" | "histogramNotGauge") =>
    remarkOn.annotate(remarks[kind](remarkOn.metric, remarkOn.range));
  const isGauge = ({ counterResetHint }: NativeHistogram) => counterResetHint === "gauge";
  if (isCounter && points.some(isGauge)) remark("histogramNotCounter");
  let first = points[0]!;
  // A first histogram that counted before a reset is not looked at, whatever its layout.
  if (isCounter && isResetAt(1, first, window)) first = emptyLike(points[1]!);
  const custom = usesCustomBuckets(first);
  const inner = isCounter ? points.slice(1) : [last];
  if (inner.some((point) => usesCustomBuckets(point) !== custom)) {
    remark("mixedSchemas");
    return undefined;
  }
  const schema = Math.min(first.schema, ...inner.map((point) => point.schema));
  const result = reduceSchema(workingCopy(last), schema);
  const subtracted = addHistogram(result, workingView(first), -1);
  if (!remarkOnCombination(subtracted, "subtraction", remarkOn)) return undefined;
  if (isCounter) {
    if (!addLostInResets(result, first, window)) return undefined;
  } else if (!isGauge(points[0]!) || !isGauge(last)) remark("histogramNotGauge");
  result.counterResetHint = "gauge";
  return compact(result);
}

function addLostInResets(
  result: WorkingHistogram,
  first: NativeHistogram,
  window: HistogramWindow,
): boolean {
  const { points, timesMs, startsMs, remarkOn } = window;
  let previous = first;
  let overlaps = false;
  for (let p = 1; p < points.length; p++) {
    if (startsMs && !overlaps) {
      const before = { timeMs: timesMs[p - 1]!, startMs: startsMs[p - 1]! };
      overlaps = overlapsPrevious(before, { timeMs: timesMs[p]!, startMs: startsMs[p]! });
      if (overlaps) {
        remarkOn.annotate(remarks.startTimeOverlap(remarkOn.metric, remarkOn.range));
      }
    }
    if (isResetAt(p, previous, window)) {
      const added = addHistogram(result, workingView(previous));
      if (!remarkOnCombination(added, "addition", remarkOn)) return false;
    }
    previous = points[p]!;
  }
  return true;
}

function isResetAt(p: number, previous: NativeHistogram, window: HistogramWindow): boolean {
  const { points, timesMs, startsMs } = window;
  if (startsMs) {
    const before = { timeMs: timesMs[p - 1]!, startMs: startsMs[p - 1]! };
    if (isStartReset(before, { timeMs: timesMs[p]!, startMs: startsMs[p]! })) return true;
  }
  return detectReset(points[p]!, previous);
}

function emptyLike({ schema, customBounds }: NativeHistogram): NativeHistogram {
  return finished({
    schema,
    customBounds,
    zeroThreshold: 0,
    zeroCount: 0,
    sum: 0,
    count: 0,
    positive: noBuckets(),
    negative: noBuckets(),
    counterResetHint: "unknown",
  });
}
