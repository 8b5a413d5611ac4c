import type { NativeHistogram } from "@avx/model";
import { type Steps, stepTimeMs } from "./steps.ts";
import { ABSENT, HISTOGRAM } from "./value.ts";
import type { WindowedSeries, WindowShape } from "./windows.ts";

/**
 * How many samples were looked at for each step, as Prometheus counts them (`util/stats`): a native
 * histogram counts by its size, a window in full at every step that it belongs to.
 */
export class SampleCounts {
  /** What each step would load by itself. */
  readonly total: Float64Array;
  /** What each step needs beyond the windows of the step before. */
  readonly read: Float64Array;

  constructor(steps: number) {
    this.total = new Float64Array(steps);
    this.read = new Float64Array(steps);
  }

  /** The samples of a selector, one a step where it has any. */
  addColumn({ present, histograms }: CountedColumn): void {
    for (let i = 0; i < present.length; i++) {
      if (present[i] === ABSENT) continue;
      const histogram = present[i] === HISTOGRAM ? histograms?.[i] : undefined;
      const size = histogram ? histogramSize(histogram) : 1;
      this.total[i] = this.total[i]! + size;
      this.read[i] = this.read[i]! + size;
    }
  }

  /** The windows of a series; `isStored` is false for those of a subquery, which was counted. */
  addWindows(windowed: WindowedSeries, shape: WindowShape, isStored: boolean): void {
    const { from, to, histogramFrom, histogramTo, columns } = windowed;
    const sizes = summedSizes(columns.histograms);
    for (let i = 0; i < this.total.length; i++) {
      const histograms = sizes[histogramTo[i]!]! - sizes[histogramFrom[i]!]!;
      this.total[i] = this.total[i]! + to[i]! - from[i]! + histograms;
      if (!isStored || (i > 0 && shape.atMs !== undefined)) continue;
      const since = i === 0 ? from[i]! : Math.max(from[i]!, to[i - 1]!);
      const oldest = i === 0 ? histogramFrom[i]! : Math.max(histogramFrom[i]!, histogramTo[i - 1]!);
      const more = to[i]! - since + sizes[histogramTo[i]!]! - sizes[oldest]!;
      this.read[i] = this.read[i]! + more;
    }
  }

  /** What was evaluated once for all steps: each would load it, the first one reads it. */
  addInvariant(once: SampleCounts): void {
    const total = sumOf(once.total);
    for (let i = 0; i < this.total.length; i++) this.total[i] = this.total[i]! + total;
    this.read[0] = (this.read[0] ?? 0) + sumOf(once.read);
  }

  /** What a subquery read, at the first step whose window has the result; none where no window has. */
  addSubquery(inner: SampleCounts, place: SubqueryPlace): void {
    const { steps, innerSteps, offsetMs, windowMs } = place;
    const last = steps.count - 1;
    for (let k = 0; k < inner.read.length; k++) {
      const timeMs = stepTimeMs(innerSteps, k) + offsetMs;
      const next = Math.ceil((timeMs - steps.startMs) / steps.stepMs);
      const i = Math.max(0, Math.min(last, next));
      if (last > 0 && timeMs <= stepTimeMs(steps, i) - windowMs) continue;
      this.read[i] = this.read[i]! + inner.read[k]!;
    }
  }

  /** A subquery that is the whole query: its samples are those of the last step. */
  addWholeSubquery(inner: SampleCounts): void {
    const last = this.total.length - 1;
    this.total[last] = this.total[last]! + sumOf(inner.total);
  }
}

/** A column as `addColumn` looks at it. */
interface CountedColumn {
  readonly present: Uint8Array;
  readonly histograms?: readonly (NativeHistogram | undefined)[];
}

/** How a subquery lies in the query around it. */
export interface SubqueryPlace {
  readonly steps: Steps;
  readonly innerSteps: Steps;
  readonly offsetMs: number;
  readonly windowMs: number;
}

function sumOf(column: Float64Array): number {
  return column.reduce((sum, value) => sum + value, 0);
}

/** Bytes of a histogram without its lists, and of a sample, in Prometheus' memory. */
const HISTOGRAM_BYTES = 168;
const SAMPLE_BYTES = 16;

/** In how many samples a native histogram counts: the bytes that it takes there, with its time. */
export function histogramSize(histogram: NativeHistogram): number {
  const { positiveSpans, negativeSpans, positiveBuckets, negativeBuckets } = histogram;
  const entries =
    positiveSpans.length +
    negativeSpans.length +
    positiveBuckets.length +
    negativeBuckets.length +
    histogram.customBounds.length;
  return Math.trunc((HISTOGRAM_BYTES + 8 * entries + 8) / SAMPLE_BYTES);
}

/** Sizes of the histograms before each position. */
function summedSizes(histograms: readonly NativeHistogram[]): Float64Array {
  const sums = new Float64Array(histograms.length + 1);
  for (const [i, histogram] of histograms.entries())
    sums[i + 1] = sums[i]! + histogramSize(histogram);
  return sums;
}
