import type { NativeHistogram } from "@avx/model";
import {
  type BoundedBucket,
  fractionBelow,
  negativeBuckets,
  positiveBuckets,
  zeroBucketSides,
} from "./buckets-in-order.ts";
import { compacted, usesCustomBuckets, workingCopy } from "./working-histogram.ts";

/** Which part stays: `upper` (`</`) cuts off what is above the point, `lower` (`>/`) what is below. */
export type TrimSide = "upper" | "lower";

interface Trim {
  readonly point: number;
  readonly side: TrimSide;
  readonly linear: boolean;
  readonly positive: boolean;
}

/** What stays of a bucket, and the value its observations are estimated at. */
interface Kept {
  readonly count: number;
  readonly midpoint: number;
}

/**
 * Cuts the observations above (`</`) or below (`>/`) a point off a histogram. Count and sum are
 * estimated anew from the remaining buckets when anything was cut.
 */
export function trimHistogram(
  histogram: NativeHistogram,
  point: number,
  side: TrimSide,
): NativeHistogram {
  const trimmed = workingCopy(histogram);
  const linear = usesCustomBuckets(histogram);
  let count = 0;
  let sum = 0;
  let changed = false;
  const keep = (kept: Kept, before: number): number => {
    count += kept.count;
    sum += kept.midpoint * kept.count;
    changed ||= kept.count !== before;
    return kept.count;
  };
  for (const positive of [true, false]) {
    const buckets = positive ? positiveBuckets(histogram) : negativeBuckets(histogram);
    const { counts } = positive ? trimmed.positive : trimmed.negative;
    buckets.forEach((bucket, i) => {
      if (bucket.count === 0) return;
      counts[i] = keep(keptOf(bucket, { point, side, linear, positive }), bucket.count);
    });
  }
  if (histogram.zeroCount > 0) {
    trimmed.zeroCount = keep(keptOfZero(histogram, point, side), histogram.zeroCount);
  }
  if (!changed) return histogram;
  return compacted({ ...trimmed, count, sum });
}

function keptOf(bucket: BoundedBucket, trim: Trim): Kept {
  const { lower, upper, count } = bucket;
  const { point, side } = trim;
  const whole = side === "upper" ? upper <= point : lower >= point;
  if (whole) return { count, midpoint: midpointOf(lower, upper, trim) };
  const cut = side === "upper" ? lower < point : upper > point;
  if (!cut) return { count: 0, midpoint: 0 };
  if (lower === Number.NEGATIVE_INFINITY) return keptBelowLowestBound(bucket, trim);
  if (upper === Number.POSITIVE_INFINITY) return keptAboveHighestBound(bucket, trim);
  const below = countBelow(bucket, trim);
  return side === "upper"
    ? { count: below, midpoint: midpointOf(lower, point, trim) }
    : { count: count - below, midpoint: midpointOf(point, upper, trim) };
}

function countBelow(bucket: BoundedBucket, { point, linear }: Trim): number {
  if (point <= bucket.lower) return 0;
  if (point >= bucket.upper) return bucket.count;
  return bucket.count * fractionBelow(bucket, point, linear);
}

/** The bucket from -Inf: with a positive upper bound it is taken to start at 0. */
function keptBelowLowestBound({ lower, upper, count }: BoundedBucket, trim: Trim): Kept {
  const { point, side } = trim;
  const finite = upper !== Number.POSITIVE_INFINITY;
  if (side === "upper") {
    if (point >= upper) return { count, midpoint: 0 };
    if (point > 0 && upper > 0 && finite) {
      return { count: (count * point) / upper, midpoint: point / 2 };
    }
    if (upper <= 0) return { count, midpoint: point };
  } else {
    if (point <= lower) return { count, midpoint: 0 };
    if (point >= 0 && upper > point && finite) {
      return { count: count * (1 - point / upper), midpoint: (point + upper) / 2 };
    }
  }
  return { count: 0, midpoint: finite ? upper : 0 };
}

/** The bucket to +Inf: nobody knows where its values lie, so `</` removes it whole. */
function keptAboveHighestBound({ lower, count }: BoundedBucket, { point, side }: Trim): Kept {
  if (side === "lower" && point >= lower) return { count, midpoint: point };
  return { count: 0, midpoint: lower };
}

function keptOfZero(histogram: NativeHistogram, point: number, side: TrimSide): Kept {
  const sides = populatedSides(histogram);
  const lower = sides === "positive" ? 0 : -histogram.zeroThreshold;
  const upper = sides === "negative" ? 0 : histogram.zeroThreshold;
  const count = histogram.zeroCount;
  const whole = { count, midpoint: (lower + upper) / 2 };
  const none = { count: 0, midpoint: 0 };
  if (point <= lower) return side === "upper" ? none : whole;
  if (point >= upper) return side === "upper" ? whole : none;
  return side === "upper"
    ? { count: count * ((point - lower) / (upper - lower)), midpoint: (lower + point) / 2 }
    : { count: count * ((upper - point) / (upper - lower)), midpoint: (point + upper) / 2 };
}

/** Like `zeroBucketSides`, counting populated buckets only. */
function populatedSides(histogram: NativeHistogram): "positive" | "negative" | "both" {
  return zeroBucketSides({
    ...histogram,
    positiveBuckets: histogram.positiveBuckets.filter((count) => count !== 0),
    negativeBuckets: histogram.negativeBuckets.filter((count) => count !== 0),
  });
}

function midpointOf(lower: number, upper: number, { linear, positive }: Trim): number {
  const infiniteUpper = Math.abs(upper) === Number.POSITIVE_INFINITY;
  if (Math.abs(lower) === Number.POSITIVE_INFINITY) {
    if (infiniteUpper) return 0;
    return upper > 0 ? upper / 2 : upper;
  }
  if (infiniteUpper) return lower;
  if (linear) return (lower + upper) / 2;
  const geometric = Math.sqrt(Math.abs(lower * upper));
  return positive ? geometric : -geometric;
}
