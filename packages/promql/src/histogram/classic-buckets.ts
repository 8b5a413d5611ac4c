/**
 * A classic histogram at one step: upper bounds (`le`), ascending and distinct, with cumulative
 * counts. Columns, because one is filled anew for every step; the first `size` entries count.
 */
export interface ClassicBuckets {
  readonly uppers: Float64Array;
  readonly counts: Float64Array;
  size: number;
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

/** Room for at most `capacity` buckets. */
export function newClassicBuckets(capacity: number): ClassicBuckets {
  return { uppers: new Float64Array(capacity), counts: new Float64Array(capacity), size: 0 };
}

/** Appends a bucket; its bound must not be below the last one, and is merged with an equal one. */
export function appendBucket(buckets: ClassicBuckets, upper: number, count: number): void {
  const last = buckets.size - 1;
  if (last >= 0 && buckets.uppers[last] === upper) {
    buckets.counts[last] = buckets.counts[last]! + count;
    return;
  }
  buckets.uppers[buckets.size] = upper;
  buckets.counts[buckets.size] = count;
  buckets.size++;
}

/**
 * Quantile of a classic histogram, linear within a bucket; the lowest bucket starts at 0 when its
 * bound is positive. NaN without a +Inf bucket, with fewer than two buckets or no observations.
 * Counts that fall are raised in place; `onForced` is told when that was more than noise.
 */
export function classicQuantile(
  q: number,
  buckets: ClassicBuckets,
  onForced: (forced: ForcedMonotonicity) => void,
): number {
  if (Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  if (!endsAtInfinity(buckets)) return Number.NaN;
  forceMonotonic(buckets, onForced);
  return quantileOfRising(q, buckets);
}

/** The share of observations between two values; NaN as in `classicQuantile`. */
export function classicFraction(lower: number, upper: number, buckets: ClassicBuckets): number {
  if (!endsAtInfinity(buckets)) return Number.NaN;
  const count = buckets.counts[buckets.size - 1]!;
  if (count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  if (lower >= upper) return 0;
  const rankOf = (value: number) => {
    const rank = rankAt(value, buckets);
    return Math.min(rank, count);
  };
  return (rankOf(upper) - rankOf(lower)) / count;
}

function endsAtInfinity({ uppers, size }: ClassicBuckets): boolean {
  return size > 0 && uppers[size - 1] === Number.POSITIVE_INFINITY;
}

/** How many observations lie below a value; infinite when no bucket ends above it. */
function rankAt(value: number, { uppers, counts, size }: ClassicBuckets): number {
  let lower = uppers[0]! <= 0 ? Number.NEGATIVE_INFINITY : 0;
  let rank = 0;
  for (let i = 0; i < size; i++) {
    const upper = uppers[i]!;
    const count = counts[i]!;
    if (lower >= value) return rank;
    if (upper > value) {
      if (lower === Number.NEGATIVE_INFINITY) return count;
      return rank + ((count - rank) * (value - lower)) / (upper - lower);
    }
    rank = count;
    lower = upper;
  }
  return Number.POSITIVE_INFINITY;
}

function quantileOfRising(q: number, buckets: ClassicBuckets): number {
  const { uppers, counts, size } = buckets;
  const last = size - 1;
  const observations = counts[last]!;
  if (last < 1 || observations === 0) return Number.NaN;
  const rank = q * observations;
  const at = firstReaching(buckets, rank);
  if (at === last) return uppers[last - 1]!;
  const upper = uppers[at]!;
  if (at === 0) return upper <= 0 ? upper : upper * (rank / counts[0]!);
  const lower = uppers[at - 1]!;
  const below = counts[at - 1]!;
  return lower + (upper - lower) * ((rank - below) / (counts[at]! - below));
}

/** Binary search as Go's sort.Search does it, so that NaN counts end at the same bucket. */
function firstReaching({ counts, size }: ClassicBuckets, rank: number): number {
  let low = 0;
  let high = size - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (counts[middle]! >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

function forceMonotonic(
  { uppers, counts, size }: ClassicBuckets,
  onForced: (forced: ForcedMonotonicity) => void,
): void {
  let minBucket = Number.POSITIVE_INFINITY;
  let maxBucket = Number.NEGATIVE_INFINITY;
  let maxDifference = 0;
  let previous = counts[0]!;
  for (let i = 1; i < size; i++) {
    const count = counts[i]!;
    if (count === previous) continue;
    if (!isNoise(previous, count)) {
      if (!(count < previous)) {
        previous = count;
        continue;
      }
      minBucket = Math.min(minBucket, uppers[i]!);
      maxBucket = Math.max(maxBucket, uppers[i]!);
      maxDifference = Math.max(maxDifference, previous - count);
    }
    counts[i] = previous;
  }
  if (minBucket <= maxBucket) onForced({ minBucket, maxBucket, maxDifference });
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
