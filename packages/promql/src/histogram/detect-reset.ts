import type { NativeHistogram } from "@avx/model";
import { exponentialBound } from "./bucket-bounds.ts";
import { atCoarserSchema } from "./bucket-list.ts";
import { commonBounds, sameBounds } from "./custom-bounds.ts";
import {
  type BucketList,
  unroll,
  usesCustomBuckets,
  type WorkingHistogram,
  workingView,
} from "./working-histogram.ts";
import { widenedZero } from "./zero-bucket.ts";

/** The last comparison of each histogram: windows overlap, and ask for the same pair many times. */
const compared = new WeakMap<
  NativeHistogram,
  { readonly previous: NativeHistogram; readonly reset: boolean }
>();

/**
 * Whether a counter reset lies between `previous` and `current`: an explicit hint decides; else any
 * count that went down, a bucket that vanished, a finer schema or a narrower zero bucket does.
 */
export function detectReset(current: NativeHistogram, previous: NativeHistogram): boolean {
  if (current.counterResetHint === "reset") return true;
  if (current.counterResetHint === "not-reset") return false;
  if (current.count < previous.count) return true;
  const known = compared.get(current);
  if (known?.previous === previous) return known.reset;
  const reset = bucketsWentDown(current, previous);
  compared.set(current, { previous, reset });
  return reset;
}

function bucketsWentDown(current: NativeHistogram, previous: NativeHistogram): boolean {
  if (usesCustomBuckets(current)) {
    if (!usesCustomBuckets(previous)) return true;
    if (!sameBounds(current.customBounds, previous.customBounds)) {
      return shrankAtCommonBounds(current, previous);
    }
    return anyShrank(positiveOf(current), positiveOf(previous));
  }
  if (usesCustomBuckets(previous)) return false;
  if (current.schema > previous.schema) return true;
  if (current.zeroThreshold < previous.zeroThreshold) return true;
  return shrankAtCurrentLayout(current, workingView(previous));
}

function positiveOf(histogram: NativeHistogram): BucketList {
  return unroll(histogram.positiveSpans, histogram.positiveBuckets);
}

function shrankAtCurrentLayout(current: NativeHistogram, previous: WorkingHistogram): boolean {
  const zero = widenedZero(previous, current.zeroThreshold);
  if (zero.threshold !== current.zeroThreshold) return true;
  if (current.zeroCount < zero.count) return true;
  const { schema, zeroThreshold } = current;
  const outside = (list: BucketList, from: number) =>
    beyondZero(atCoarserSchema(list, from, schema), schema, zeroThreshold);
  return (
    anyShrank(outside(positiveOf(current), schema), outside(previous.positive, previous.schema)) ||
    anyShrank(
      outside(unroll(current.negativeSpans, current.negativeBuckets), schema),
      outside(previous.negative, previous.schema),
    )
  );
}

/** The buckets that do not end within the zero bucket. */
function beyondZero(list: BucketList, schema: number, zeroThreshold: number): BucketList {
  if (zeroThreshold === 0) return list;
  let from = 0;
  while (
    from < list.indices.length &&
    exponentialBound(list.indices[from]!, schema) <= zeroThreshold
  ) {
    from++;
  }
  return { indices: list.indices.subarray(from), counts: list.counts.subarray(from) };
}

/** Whether a populated bucket of `previous` is missing from `current`, or any count went down. */
function anyShrank(current: BucketList, previous: BucketList): boolean {
  let at = 0;
  for (let i = 0; i < previous.indices.length; i++) {
    const index = previous.indices[i]!;
    while (at < current.indices.length && current.indices[at]! < index) at++;
    const matched = at < current.indices.length && current.indices[at] === index;
    if (matched ? current.counts[at]! < previous.counts[i]! : previous.counts[i] !== 0) return true;
  }
  return false;
}

function shrankAtCommonBounds(current: NativeHistogram, previous: NativeHistogram): boolean {
  const bounds = commonBounds(current.customBounds, previous.customBounds);
  const now = countsAtBounds(current, bounds);
  const before = countsAtBounds(previous, bounds);
  return before.some((count, i) => now[i]! < count);
}

function countsAtBounds(histogram: NativeHistogram, bounds: Float64Array): Float64Array {
  const { indices, counts } = positiveOf(histogram);
  const sums = new Float64Array(bounds.length + 1);
  let reached = 0;
  for (let i = 0; i < indices.length; i++) {
    const upper = histogram.customBounds[indices[i]!] ?? Number.POSITIVE_INFINITY;
    while (reached < bounds.length && bounds[reached]! < upper) reached++;
    sums[reached] = sums[reached]! + counts[i]!;
  }
  return sums;
}
