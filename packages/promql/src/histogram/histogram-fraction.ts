import type { NativeHistogram } from "@avx/model";
import {
  type BoundedBucket,
  bucketsInOrder,
  fractionBelow,
  zeroBucketSides,
} from "./buckets-in-order.ts";
import type { HistogramEstimate } from "./histogram-quantile.ts";
import { usesCustomBuckets } from "./working-histogram.ts";

/**
 * The share of observations between `lower` and `upper`. NaN without observations or with a NaN
 * bound; 0 when lower >= upper. `nan: "skew"` when NaN observations are in no bucket.
 */
export function nativeFraction(
  lower: number,
  upper: number,
  histogram: NativeHistogram,
): HistogramEstimate {
  if (histogram.count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) {
    return { value: Number.NaN, nan: "none" };
  }
  if (lower >= upper) return { value: 0, nan: "none" };
  const buckets = bucketsInOrder(histogram).map((bucket) => withKnownSide(bucket, histogram));
  const hasNaN = Number.isNaN(histogram.sum);
  const counted = hasNaN
    ? buckets.reduce((total, bucket) => total + bucket.count, 0)
    : histogram.count;
  const linear = (bucket: BoundedBucket) =>
    usesCustomBuckets(histogram) || (bucket.lower <= 0 && bucket.upper >= 0);
  const rankOf = (value: number) => Math.min(rankAt(value, buckets, linear), counted);
  return {
    value: (rankOf(upper) - rankOf(lower)) / histogram.count,
    nan: hasNaN && counted < histogram.count ? "skew" : "none",
  };
}

/** How many observations lie below `value`; infinite when no bucket ends above it. */
function rankAt(
  value: number,
  buckets: readonly BoundedBucket[],
  linear: (bucket: BoundedBucket) => boolean,
): number {
  let rank = 0;
  for (const bucket of buckets) {
    if (bucket.lower >= value) return rank;
    if (bucket.upper > value) {
      if (linear(bucket) && bucket.lower === Number.NEGATIVE_INFINITY) return bucket.count;
      return rank + bucket.count * fractionBelow(bucket, value, linear(bucket));
    }
    rank += bucket.count;
  }
  return Number.POSITIVE_INFINITY;
}

function withKnownSide(bucket: BoundedBucket, histogram: NativeHistogram): BoundedBucket {
  if (!(bucket.lower <= 0 && bucket.upper >= 0)) return bucket;
  const sides = zeroBucketSides(histogram);
  if (sides === "positive") return { ...bucket, lower: 0 };
  return sides === "negative" ? { ...bucket, upper: 0 } : bucket;
}
