import type { Labels } from "./labels.ts";
import type { NativeHistogram } from "./native-histogram.ts";

/** Inclusive bounds, Unix time in milliseconds. */
export interface TimeRange {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Samples of one series as columns of equal length, ascending in time, no duplicate timestamp.
 * A gap is an absent sample. A stale marker is a NaN of its own bit pattern (`isStaleAt`).
 */
export interface SampleColumns {
  /** Unix time in milliseconds. */
  readonly timestampsMs: Float64Array;
  readonly values: Float64Array;
  /** Same length as `values`; where defined, the sample is this histogram and `values[i]` is unused. */
  readonly histograms?: readonly (NativeHistogram | undefined)[];
  /** Start (created) timestamps, 0 = unknown; same length. */
  readonly startTimestampsMs?: Float64Array;
}

/** A series: its identity and its samples. */
export interface LabelledSeries extends SampleColumns {
  readonly labels: Labels;
}

/**
 * Series whose samples lie one after another in common columns. Says the same as a list of
 * LabelledSeries without two typed arrays for each, which is most of the cost where a request brings
 * one sample of each series.
 */
export interface PackedSeries {
  readonly labels: readonly Labels[];
  /** The samples of series i are `ends[i - 1]` (0 for the first) up to `ends[i]`, exclusive. */
  readonly ends: Uint32Array;
  /** Unix time in milliseconds, ascending within a series. */
  readonly timestampsMs: Float64Array;
  readonly values: Float64Array;
  /** Start (created) timestamps, 0 = unknown; same length. */
  readonly startTimestampsMs?: Float64Array;
}
