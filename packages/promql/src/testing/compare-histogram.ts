import type { NativeHistogram } from "@avx/model";
import { sameIndices } from "../histogram/bucket-list.ts";
import { sameBounds } from "../histogram/custom-bounds.ts";
import { unroll, usesCustomBuckets, withoutEmpty } from "../histogram/working-histogram.ts";

/** Relative difference up to which values count as equal (upstream's epsilon). */
const EPSILON = 1e-6;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** Whether two sample values are equal for a test; NaN equals NaN. */
export function almostEqual(a: number, b: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < SMALLEST_NORMAL) return difference < EPSILON * SMALLEST_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < EPSILON;
}

/** Whether two histograms are equal for a test; empty buckets do not count. */
export function almostEqualHistograms(
  expected: NativeHistogram,
  actual: NativeHistogram,
  compareHint: boolean,
): boolean {
  if (
    expected.schema !== actual.schema ||
    !almostEqual(expected.count, actual.count) ||
    !almostEqual(expected.sum, actual.sum) ||
    expected.zeroThreshold !== actual.zeroThreshold ||
    !almostEqual(expected.zeroCount, actual.zeroCount)
  ) {
    return false;
  }
  const custom = usesCustomBuckets(expected);
  if (custom && !sameBounds(expected.customBounds, actual.customBounds)) return false;
  if (compareHint && expected.counterResetHint !== actual.counterResetHint) return false;
  return (["positive", "negative"] as const).every((side) => {
    const left = withoutEmpty(unroll(expected[`${side}Spans`], expected[`${side}Buckets`]));
    const right = withoutEmpty(unroll(actual[`${side}Spans`], actual[`${side}Buckets`]));
    if (!sameIndices(left.indices, right.indices)) return false;
    return left.counts.every((count, i) => almostEqual(count, right.counts[i]!));
  });
}
