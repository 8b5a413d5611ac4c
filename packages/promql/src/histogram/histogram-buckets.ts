import type { NativeHistogram } from "@avx/model";
import { bucketsInOrder } from "./buckets-in-order.ts";
import { usesCustomBuckets } from "./working-histogram.ts";

/** A bucket with its bounds and which of them belong to it. */
export interface HistogramBucket {
  readonly lower: number;
  readonly upper: number;
  readonly lowerInclusive: boolean;
  readonly upperInclusive: boolean;
  readonly count: number;
}

/**
 * The buckets of a native histogram from the lowest to the highest, the zero bucket among them, as
 * the query API shows them. Empty ones are included.
 */
export function histogramBuckets(histogram: NativeHistogram): readonly HistogramBucket[] {
  const custom = usesCustomBuckets(histogram);
  return bucketsInOrder(histogram).map(({ lower, upper, count }) => {
    if (custom) {
      const lowerInclusive = lower === Number.NEGATIVE_INFINITY;
      return { lower, upper, lowerInclusive, upperInclusive: true, count };
    }
    // The zero bucket is the one that is not on one side of zero: closed on both ends.
    const isZero = lower <= 0 && upper >= 0 && lower === -upper;
    return {
      lower,
      upper,
      lowerInclusive: isZero || lower < 0,
      upperInclusive: isZero || upper > 0,
      count,
    };
  });
}
