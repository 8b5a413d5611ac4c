/** Consecutive buckets: `offset` from the end of the previous span (first: from index 0), `length` buckets. */
export interface BucketSpan {
  readonly offset: number;
  readonly length: number;
}

/** Whether a counter reset lies between the previous histogram of the series and this one. */
export type CounterResetHint = "unknown" | "reset" | "not-reset" | "gauge";

/** Schema of native histograms with custom bucket bounds. */
export const CUSTOM_BUCKETS_SCHEMA = -53;

/**
 * A native histogram in its float form with absolute bucket counts
 * (prometheus/model/histogram.FloatHistogram). Standard schemas -4..8: bucket i of the positive
 * side is (base^(i-1), base^i] with base = 2^(2^-schema). Schema -53: bounds in `customBounds`.
 */
export interface NativeHistogram {
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  /** NaN sum together with the stale bit pattern marks staleness; see `stale`. */
  readonly sum: number;
  readonly count: number;
  readonly positiveSpans: readonly BucketSpan[];
  readonly positiveBuckets: Float64Array;
  readonly negativeSpans: readonly BucketSpan[];
  readonly negativeBuckets: Float64Array;
  /** Upper bounds, ascending, without +Inf. Only with schema -53, else empty. */
  readonly customBounds: Float64Array;
  readonly counterResetHint: CounterResetHint;
  /** True for a stale marker sent as a histogram. */
  readonly stale?: boolean;
}
