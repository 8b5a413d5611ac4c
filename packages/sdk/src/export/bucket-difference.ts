import type { OtlpBuckets } from "@avx/wire";

/**
 * The counts of exponential buckets that were added since `previous`, whose scale was `coarser`
 * steps finer: a histogram only ever lowers its scale, by which 2^coarser buckets become one.
 */
export function bucketDifference(
  now: OtlpBuckets,
  previous: OtlpBuckets,
  coarser: number,
): OtlpBuckets {
  const counts = Float64Array.from(now.counts);
  for (const [i, count] of previous.counts.entries()) {
    const slot = ((previous.offset + i) >> coarser) - now.offset;
    const present = counts[slot];
    if (present !== undefined) counts[slot] = present - count;
  }
  return trimmed({ offset: now.offset, counts });
}

/** Without the empty buckets at both ends. */
function trimmed({ offset, counts }: OtlpBuckets): OtlpBuckets {
  const first = counts.findIndex((count) => count !== 0);
  if (first < 0) return { offset: 0, counts: new Float64Array(0) };
  const last = counts.findLastIndex((count) => count !== 0);
  return { offset: offset + first, counts: counts.subarray(first, last + 1) };
}
