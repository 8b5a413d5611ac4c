import type { NativeHistogram } from "@avx/model";
import {
  type BoundedBucket,
  bucketsInOrder,
  isLinearBucket,
  zeroBucketSides,
} from "./buckets-in-order.ts";
import { usesCustomBuckets } from "./working-histogram.ts";

/** A quantile or fraction, and whether observations of NaN influenced it. */
export interface HistogramEstimate {
  readonly value: number;
  /** `result`: the quantile lies among the NaN; `skew`: NaN shift it upwards. */
  readonly nan: "none" | "skew" | "result";
}

/**
 * Quantile `q` of a native histogram, interpolated within the bucket (linearly in custom buckets
 * and the zero bucket, else exponentially). NaN without observations; ±Inf for q outside [0, 1].
 */
export function nativeQuantile(q: number, histogram: NativeHistogram): HistogramEstimate {
  if (q < 0) return plain(Number.NEGATIVE_INFINITY);
  if (q > 1) return plain(Number.POSITIVE_INFINITY);
  if (histogram.count === 0 || Number.isNaN(q)) return plain(Number.NaN);
  const buckets = bucketsInOrder(histogram);
  const hasNaN = Number.isNaN(histogram.sum);
  const forward = hasNaN || q < 0.5;
  if (!forward) buckets.reverse();
  const rank = (forward ? q : 1 - q) * histogram.count;
  const found = bucketAtRank(buckets, rank);
  const { bucket } = found;
  const edge = clippedToKnownSide(bucket, histogram);
  if (edge !== undefined) return plain(edge);
  const reached = Math.min(found.count, histogram.count);
  if (reached < rank) {
    return hasNaN ? { value: Number.NaN, nan: "result" } : plain(bucket.upper);
  }
  const rankInBucket = forward ? rank - (reached - bucket.count) : reached - rank;
  const value = interpolated(bucket, rankInBucket / bucket.count, histogram);
  if (!hasNaN) return plain(value);
  let total = reached;
  for (const rest of buckets.slice(found.at + 1)) total += rest.count;
  return { value, nan: total < histogram.count ? "skew" : "none" };
}

function plain(value: number): HistogramEstimate {
  return { value, nan: "none" };
}

interface RankedBucket {
  readonly bucket: BoundedBucket;
  readonly count: number;
  readonly at: number;
}

/** The first populated bucket at which the running count reaches `rank`, else the last one. */
function bucketAtRank(buckets: readonly BoundedBucket[], rank: number): RankedBucket {
  let count = 0;
  let bucket: BoundedBucket = { lower: 0, upper: 0, count: 0 };
  for (let i = 0; i < buckets.length; i++) {
    bucket = { ...buckets[i]! };
    if (bucket.count === 0) continue;
    count += bucket.count;
    if (count >= rank) return { bucket, count, at: i };
  }
  return { bucket, count, at: buckets.length };
}

/** Narrows the bucket to the side where values can be; a bound where that bucket has no inside. */
function clippedToKnownSide(bucket: BoundedBucket, histogram: NativeHistogram): number | undefined {
  if (usesCustomBuckets(histogram)) {
    if (bucket.lower === Number.NEGATIVE_INFINITY) {
      if (bucket.upper <= 0) return bucket.upper;
      bucket.lower = 0;
    } else if (bucket.upper === Number.POSITIVE_INFINITY) return bucket.lower;
    return undefined;
  }
  if (bucket.lower < 0 && bucket.upper > 0) {
    const sides = zeroBucketSides(histogram);
    if (sides === "positive") bucket.lower = 0;
    if (sides === "negative") bucket.upper = 0;
  }
  return undefined;
}

function interpolated(bucket: BoundedBucket, fraction: number, histogram: NativeHistogram): number {
  const { lower, upper } = bucket;
  if (isLinearBucket(histogram, bucket)) return lower + (upper - lower) * fraction;
  const logLower = Math.log2(Math.abs(lower));
  const logUpper = Math.log2(Math.abs(upper));
  if (lower > 0) return 2 ** (logLower + (logUpper - logLower) * fraction);
  return -(2 ** (logUpper + (logLower - logUpper) * (1 - fraction)));
}
