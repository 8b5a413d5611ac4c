import type { Labels } from "@avx/model";
import type { RangeColumns } from "./range-columns.ts";
import { type Steps, stepTimeMs } from "./steps.ts";

/** How the windows of a range vector lie: `(end - windowMs, end]`, the end being time - offset. */
export interface WindowShape {
  readonly steps: Steps;
  readonly windowMs: number;
  readonly offsetMs: number;
  /** Fixed by `@`: every step sees the same window. */
  readonly atMs?: number;
  /** How far the windows are widened on both sides (extended range selectors). */
  readonly widenedBeforeMs: number;
  readonly widenedAfterMs: number;
}

/** One series with its window at every step: floats [from, to), histograms likewise. */
export interface WindowedSeries {
  readonly columns: RangeColumns;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly histogramFrom: Int32Array;
  readonly histogramTo: Int32Array;
}

/**
 * A range vector over all steps. Windows are laid when a series is asked for, so that its samples
 * are still in the processor's cache when they are used.
 */
export interface WindowedVector {
  readonly shape: WindowShape;
  /** The labels of every series. */
  readonly labels: readonly Labels[];
  /** The series at position `s` of `labels`. */
  at(s: number): WindowedSeries;
}

/** The inclusive end of the window at step `i`, before it is widened. */
export function windowEndMs(shape: WindowShape, i: number): number {
  return (shape.atMs ?? stepTimeMs(shape.steps, i)) - shape.offsetMs;
}

/** The exclusive start of the window at step `i`, before it is widened. */
export function windowStartMs(shape: WindowShape, i: number): number {
  return windowEndMs(shape, i) - shape.windowMs;
}

/**
 * Lays the windows over the samples of one series after the other. Series that were scraped together
 * have the same times, and then the same bounds, which are found once.
 */
export function windowLayer(shape: WindowShape): (columns: RangeColumns) => WindowedSeries {
  let timesMs: Float64Array | undefined;
  let last: WindowBounds | undefined;
  return (columns) => {
    if (!last || !timesMs || !isSame(columns.timesMs, timesMs)) {
      timesMs = columns.timesMs;
      last = windowBounds(timesMs, shape);
    }
    const histograms = windowBounds(columns.histogramTimesMs, shape);
    return {
      columns,
      from: last.from,
      to: last.to,
      histogramFrom: histograms.from,
      histogramTo: histograms.to,
    };
  };
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

interface WindowBounds {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

const NO_BOUNDS = new Map<number, WindowBounds>();
/** Bounds of empty columns are shared; only few different step counts are kept. */
const MAX_SHARED_BOUNDS = 16;

function windowBounds(timesMs: Float64Array, shape: WindowShape): WindowBounds {
  const { count } = shape.steps;
  if (timesMs.length === 0) return emptyBounds(count);
  const from = new Int32Array(count);
  const to = new Int32Array(count);
  const { length } = timesMs;
  const strideMs = shape.atMs === undefined ? shape.steps.stepMs : 0;
  let untilMs = windowEndMs(shape, 0) + shape.widenedAfterMs;
  let sinceMs = windowStartMs(shape, 0) - shape.widenedBeforeMs;
  let first = 0;
  let last = 0;
  for (let i = 0; i < count; i++, untilMs += strideMs, sinceMs += strideMs) {
    while (last < length && timesMs[last]! <= untilMs) last++;
    while (first < last && timesMs[first]! <= sinceMs) first++;
    from[i] = first;
    to[i] = last;
  }
  return { from, to };
}

function emptyBounds(count: number): WindowBounds {
  const known = NO_BOUNDS.get(count);
  if (known) return known;
  const zeros = new Int32Array(count);
  const bounds = { from: zeros, to: zeros };
  if (NO_BOUNDS.size < MAX_SHARED_BOUNDS) NO_BOUNDS.set(count, bounds);
  return bounds;
}
