import type { NativeHistogram } from "@avx/model";
import { upperBound } from "./bucket-bounds.ts";
import { type BucketList, unroll, usesCustomBuckets } from "./working-histogram.ts";

/** One bucket with its bounds. The bounds may be narrowed by the zero bucket beside it. */
export interface BoundedBucket {
  lower: number;
  upper: number;
  count: number;
}

/**
 * All buckets of a histogram from the lowest to the highest, the zero bucket in its place. As in
 * Prometheus a zero bucket that subtraction made negative is left out, unless it is asked for.
 */
export function bucketsInOrder(
  histogram: NativeHistogram,
  withZeroBucket = histogram.zeroCount > 0,
): BoundedBucket[] {
  const { zeroThreshold, zeroCount } = histogram;
  const ordered = negativeBuckets(histogram).reverse();
  for (const bucket of ordered) {
    if (bucket.upper < 0 && bucket.upper > -zeroThreshold) bucket.upper = -zeroThreshold;
  }
  if (withZeroBucket)
    ordered.push({ lower: -zeroThreshold, upper: zeroThreshold, count: zeroCount });
  for (const bucket of positiveBuckets(histogram)) {
    if (bucket.lower > 0 && bucket.lower < zeroThreshold) bucket.lower = zeroThreshold;
    ordered.push(bucket);
  }
  return ordered;
}

/** Buckets above zero (all buckets of a custom schema), ascending. */
export function positiveBuckets(histogram: NativeHistogram): BoundedBucket[] {
  return boundedPositive(unroll(histogram.positiveSpans, histogram.positiveBuckets), histogram);
}

/** Buckets below zero, from the one next to zero outwards. */
export function negativeBuckets(histogram: NativeHistogram): BoundedBucket[] {
  const mirrored = boundedPositive(
    unroll(histogram.negativeSpans, histogram.negativeBuckets),
    histogram,
  );
  return mirrored.map(({ lower, upper, count }) => ({ lower: -upper, upper: -lower, count }));
}

/** Whether the zero bucket's values can only be positive (no negative buckets) or the reverse. */
export function zeroBucketSides(histogram: NativeHistogram): "positive" | "negative" | "both" {
  const negative = histogram.negativeBuckets.length > 0;
  const positive = histogram.positiveBuckets.length > 0;
  if (positive && !negative) return "positive";
  return negative && !positive ? "negative" : "both";
}

function boundedPositive(list: BucketList, histogram: NativeHistogram): BoundedBucket[] {
  const { schema, customBounds } = histogram;
  const bounded: BoundedBucket[] = [];
  for (let i = 0; i < list.indices.length; i++) {
    const index = list.indices[i]!;
    bounded.push({
      lower: upperBound(index - 1, schema, customBounds),
      upper: upperBound(index, schema, customBounds),
      count: list.counts[i]!,
    });
  }
  return bounded;
}

/**
 * The share of a bucket's observations below `value`: linear in custom buckets and in the zero
 * bucket, on a logarithmic scale in exponential ones.
 */
export function fractionBelow(bucket: BoundedBucket, value: number, linear: boolean): number {
  const { lower, upper } = bucket;
  if (linear) return (value - lower) / (upper - lower);
  const logLower = Math.log2(Math.abs(lower));
  const logUpper = Math.log2(Math.abs(upper));
  const logValue = Math.log2(Math.abs(value));
  if (value > 0) return (logValue - logLower) / (logUpper - logLower);
  return 1 - (logValue - logUpper) / (logLower - logUpper);
}

/** Whether values are spread linearly within this bucket. */
export function isLinearBucket(histogram: NativeHistogram, bucket: BoundedBucket): boolean {
  return usesCustomBuckets(histogram) || (bucket.lower <= 0 && bucket.upper >= 0);
}
