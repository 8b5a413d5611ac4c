import type { NativeHistogram } from "@avx/model";
import {
  combined,
  interpolatedFloat,
  interpolatedHistogram,
  type RemarkOn,
} from "../evaluator/interpolate.ts";
import { remarks } from "../evaluator/remarks.ts";
import { metricName } from "../evaluator/series-labels.ts";
import { putFloat, putHistogram } from "../evaluator/value.ts";
import { type WindowedSeries, windowEndMs } from "../evaluator/windows.ts";
import { detectReset } from "../histogram/detect-reset.ts";
import { divideHistogram } from "../histogram/histogram-arithmetic.ts";
import {
  compacted,
  usesCustomBuckets,
  type WorkingHistogram,
  workingCopy,
} from "../histogram/working-histogram.ts";
import type { RateTarget } from "./rate-target.ts";
import type { WindowContext } from "./window-function.ts";

/** The samples that stand for the edges of an extended window, by index. */
interface Edges {
  readonly first: number;
  readonly last: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly smoothed: boolean;
}

/**
 * Rate, increase or delta of an `anchored` or `smoothed` range: from value to value at the very
 * edges of the window (the sample before the start, or an interpolation), without extrapolation.
 */
export function extendedRate(
  windowed: WindowedSeries,
  target: RateTarget,
  context: WindowContext,
): void {
  const { columns, from, to, histogramFrom, histogramTo } = windowed;
  const { range, annotate } = context;
  for (let i = context.firstStep; i < context.endStep; i++) {
    const floats = to[i]! - from[i]!;
    const histograms = histogramTo[i]! - histogramFrom[i]!;
    if (floats > 0 && histograms > 0) {
      annotate(remarks.mixedFloatsHistograms(metricName(columns.labels), range));
    } else if (floats > 0) {
      const edges = edgesOf(columns.timesMs, { from: from[i]!, to: to[i]!, i }, context);
      if (edges) floatRateAt(i, { windowed, target, edges }, context);
    } else if (histograms > 0) {
      const bounds = { from: histogramFrom[i]!, to: histogramTo[i]!, i };
      const edges = edgesOf(columns.histogramTimesMs, bounds, context);
      if (edges) histogramRateAt(i, { windowed, target, edges }, context);
    }
  }
}

interface Bounds {
  readonly from: number;
  readonly to: number;
  readonly i: number;
}

/** The samples at the edges; undefined when no sample lies in the window itself. */
export function edgesOf(
  timesMs: Float64Array,
  { from, to, i }: Bounds,
  { shape, extension }: Pick<WindowContext, "shape" | "extension">,
): Edges | undefined {
  const endMs = windowEndMs(shape, i);
  const startMs = endMs - shape.windowMs;
  const smoothed = extension === "smoothed";
  let last = to - 1;
  let first = from;
  while (first < last && timesMs[first]! <= startMs) first++;
  first = Math.max(from, first - 1);
  if (smoothed) {
    const latest = last;
    last = from;
    while (last < latest && timesMs[last]! < endMs) last++;
  }
  if (timesMs[last]! <= startMs) return undefined;
  if (smoothed && timesMs[first]! > endMs) return undefined;
  return { first, last, startMs, endMs, smoothed };
}

interface EdgedWindow {
  readonly windowed: WindowedSeries;
  readonly target: RateTarget;
  readonly edges: Edges;
}

function floatRateAt(
  i: number,
  { windowed, target, edges }: EdgedWindow,
  { shape }: WindowContext,
): void {
  const { timesMs, values } = windowed.columns;
  const { isCounter, perSecond } = target.kind;
  const { left, right } = floatEdges(windowed, edges, isCounter);
  let result = right - left;
  if (isCounter) {
    let previous = left;
    const first = timesMs[edges.first]! <= edges.startMs ? edges.first + 1 : edges.first;
    const last = timesMs[edges.last]! >= edges.endMs ? edges.last - 1 : edges.last;
    let lost = 0;
    for (let at = first; at <= last; at++) {
      if (values[at]! < previous) lost += previous;
      previous = values[at]!;
    }
    if (right < previous) lost += previous;
    result += lost;
  }
  putFloat(target.column, i, perSecond ? result / (shape.windowMs / 1000) : result);
}

/** The values at the two edges of the window. */
export function floatEdges(
  { columns }: WindowedSeries,
  { first, last, startMs, endMs, smoothed }: Edges,
  isCounter: boolean,
): { readonly left: number; readonly right: number } {
  const { timesMs, values } = columns;
  const left =
    smoothed && timesMs[first]! < startMs
      ? interpolatedFloat(columns, { at: first, timeMs: startMs, isCounter })
      : values[first]!;
  const right =
    smoothed && last > 0 && timesMs[last]! > endMs
      ? interpolatedFloat(columns, { at: last - 1, timeMs: endMs, isCounter })
      : values[last]!;
  return { left, right };
}

function histogramRateAt(
  i: number,
  { windowed, target, edges }: EdgedWindow,
  { shape, annotate, range }: WindowContext,
): void {
  const { columns } = windowed;
  const { isCounter, perSecond } = target.kind;
  const remarkOn = { annotate, range, metric: metricName(columns.labels) };
  const points = columns.histograms;
  if (!fitTogether(points.slice(edges.first, edges.last + 1), isCounter, remarkOn)) return;
  const times = columns.histogramTimesMs;
  const { first, last, smoothed } = edges;
  const left =
    smoothed && times[first]! < edges.startMs
      ? interpolatedHistogram(columns, { at: first, timeMs: edges.startMs, isCounter }, remarkOn)
      : points[first];
  if (!left) return;
  const right =
    smoothed && last > 0 && times[last]! > edges.endMs
      ? interpolatedHistogram(columns, { at: last - 1, timeMs: edges.endMs, isCounter }, remarkOn)
      : points[last];
  if (!right) return;
  const areGauges = left.counterResetHint === "gauge" && right.counterResetHint === "gauge";
  if (!isCounter && !areGauges) annotate(remarks.histogramNotGauge(remarkOn.metric, range));
  const result = workingCopy(right);
  if (!combined(result, { other: workingCopy(left), sign: -1 }, remarkOn)) return;
  if (isCounter) {
    const lost = lostInResets({ windowed, edges, left, right }, remarkOn);
    if (lost === "misfit") return;
    if (lost && !combined(result, { other: lost, sign: 1 }, remarkOn)) return;
  }
  if (perSecond) divideHistogram(result, shape.windowMs / 1000);
  result.counterResetHint = "gauge";
  putHistogram(target.column, i, compacted(result));
}

function fitTogether(
  points: readonly NativeHistogram[],
  isCounter: boolean,
  { annotate, metric, range }: RemarkOn,
): boolean {
  const custom = points[0] !== undefined && usesCustomBuckets(points[0]);
  for (const point of points) {
    if (usesCustomBuckets(point) !== custom) {
      annotate(remarks.mixedSchemas(metric, range));
      return false;
    }
    if (isCounter && point.counterResetHint === "gauge") {
      annotate(remarks.histogramNotCounter(metric, range));
    }
  }
  return true;
}

interface ResetSearch {
  readonly windowed: WindowedSeries;
  readonly edges: Edges;
  readonly left: NativeHistogram;
  readonly right: NativeHistogram;
}

/** What was lost in resets between the edges; undefined when nothing was. */
function lostInResets(
  { windowed, edges, left, right }: ResetSearch,
  remarkOn: RemarkOn,
): WorkingHistogram | "misfit" | undefined {
  const { histograms, histogramTimesMs } = windowed.columns;
  let next = edges.first + 1;
  let previous = left;
  const startsWithin = edges.smoothed && histogramTimesMs[edges.first]! < edges.startMs;
  if (startsWithin && detectReset(histograms[next]!, histograms[edges.first]!)) {
    // The interpolation of the left edge has already taken this reset into account.
    previous = histograms[next]!;
    next++;
  }
  // The last sample is `right` or what `right` was interpolated from: it is compared below.
  if (next > edges.last) return undefined;
  const passed = [...histograms.slice(next, edges.last), right];
  let lost: WorkingHistogram | undefined;
  for (const point of passed) {
    if (detectReset(point, previous)) {
      if (!lost) lost = workingCopy(previous);
      else if (!combined(lost, { other: workingCopy(previous), sign: 1 }, remarkOn)) {
        return "misfit";
      }
    }
    previous = point;
  }
  return lost;
}
