/** One bucket of a classic histogram: its `le` and the cumulative count. */
export interface ClassicBucket {
  readonly upper: number;
  readonly count: number;
}

/** Differences up to this share between neighbouring buckets are floating point noise. */
const SMALL_DELTA = 1e-12;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** What had to be corrected to make the counts rise with the bounds. */
export interface ForcedMonotonicity {
  readonly minBucket: number;
  readonly maxBucket: number;
  readonly maxDifference: number;
}

export interface ClassicQuantile {
  readonly value: number;
  /** Present when counts that fell were raised by more than noise. */
  readonly forced?: ForcedMonotonicity;
}

/**
 * Quantile of a classic histogram, linear within a bucket; the lowest bucket starts at 0 when its
 * bound is positive. NaN without a +Inf bucket, with fewer than two buckets or no observations.
 */
export function classicQuantile(q: number, buckets: readonly ClassicBucket[]): ClassicQuantile {
  if (Number.isNaN(q)) return { value: Number.NaN };
  if (q < 0) return { value: Number.NEGATIVE_INFINITY };
  if (q > 1) return { value: Number.POSITIVE_INFINITY };
  const merged = mergedByBound(buckets);
  if (merged.at(-1)?.upper !== Number.POSITIVE_INFINITY) return { value: Number.NaN };
  const { rising, forced } = forceMonotonic(merged);
  const value = quantileOfRising(q, rising);
  return forced ? { value, forced } : { value };
}

/** The share of observations between two values; NaN as in `classicQuantile`. */
export function classicFraction(
  lower: number,
  upper: number,
  buckets: readonly ClassicBucket[],
): number {
  const merged = mergedByBound(buckets);
  const last = merged.at(-1);
  if (last?.upper !== Number.POSITIVE_INFINITY) return Number.NaN;
  const { count } = last;
  if (count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  const rankOf = (value: number) => {
    const rank = rankAt(value, merged);
    return rank === undefined || rank > count ? count : rank;
  };
  return (rankOf(upper) - rankOf(lower)) / count;
}

function rankAt(value: number, buckets: readonly ClassicBucket[]): number | undefined {
  let lower = (buckets[0]?.upper ?? 0) <= 0 ? Number.NEGATIVE_INFINITY : 0;
  let rank = 0;
  for (const { upper, count } of buckets) {
    if (lower >= value) return rank;
    if (upper > value) {
      if (lower === Number.NEGATIVE_INFINITY) return count;
      return rank + ((count - rank) * (value - lower)) / (upper - lower);
    }
    rank = count;
    lower = upper;
  }
  return undefined;
}

function quantileOfRising(q: number, buckets: readonly ClassicBucket[]): number {
  const last = buckets.length - 1;
  const observations = buckets[last]?.count ?? 0;
  if (last < 1 || observations === 0) return Number.NaN;
  let rank = q * observations;
  const at = firstReaching(buckets, rank);
  const bucket = buckets[at]!; // at <= last
  if (at === last) return buckets[last - 1]!.upper;
  if (at === 0) {
    if (bucket.upper <= 0) return bucket.upper;
    return bucket.upper * (rank / bucket.count);
  }
  const previous = buckets[at - 1]!;
  rank -= previous.count;
  return (
    previous.upper + (bucket.upper - previous.upper) * (rank / (bucket.count - previous.count))
  );
}

/** Binary search as Go's sort.Search does it, so that NaN counts end at the same bucket. */
function firstReaching(buckets: readonly ClassicBucket[], rank: number): number {
  let low = 0;
  let high = buckets.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (buckets[middle]!.count >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

function mergedByBound(buckets: readonly ClassicBucket[]): ClassicBucket[] {
  const merged: ClassicBucket[] = [];
  for (const bucket of [...buckets].sort((a, b) => a.upper - b.upper || 0)) {
    const last = merged.at(-1);
    if (last?.upper === bucket.upper) {
      merged[merged.length - 1] = { upper: last.upper, count: last.count + bucket.count };
    } else merged.push(bucket);
  }
  return merged;
}

function forceMonotonic(buckets: readonly ClassicBucket[]): {
  readonly rising: readonly ClassicBucket[];
  readonly forced?: ForcedMonotonicity;
} {
  let forced: ForcedMonotonicity | undefined;
  let previous = buckets[0]?.count ?? 0;
  const rising = buckets.map((bucket, i) => {
    if (i === 0 || bucket.count === previous) return bucket;
    if (!isNoise(previous, bucket.count)) {
      if (!(bucket.count < previous)) {
        previous = bucket.count;
        return bucket;
      }
      forced = {
        minBucket: Math.min(forced?.minBucket ?? Number.POSITIVE_INFINITY, bucket.upper),
        maxBucket: Math.max(forced?.maxBucket ?? Number.NEGATIVE_INFINITY, bucket.upper),
        maxDifference: Math.max(forced?.maxDifference ?? 0, previous - bucket.count),
      };
    }
    return { upper: bucket.upper, count: previous };
  });
  return forced ? { rising, forced } : { rising };
}

function isNoise(a: number, b: number): boolean {
  if (Number.isNaN(a) && Number.isNaN(b)) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) {
    return difference < SMALL_DELTA * SMALLEST_NORMAL;
  }
  return difference / Math.min(sum, Number.MAX_VALUE) < SMALL_DELTA;
}
