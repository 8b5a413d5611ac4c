import type { NativeHistogram } from "@avx/model";
import { sameIndices } from "./bucket-list.ts";
import { sameBounds } from "./custom-bounds.ts";
import { unroll, usesCustomBuckets } from "./working-histogram.ts";

/** Data equality: same layout, empty buckets included, and same counts (NaN equals NaN). */
export function equalHistograms(a: NativeHistogram, b: NativeHistogram): boolean {
  if (
    a.schema !== b.schema ||
    !Object.is(a.count, b.count) ||
    !Object.is(a.sum, b.sum) ||
    a.zeroThreshold !== b.zeroThreshold ||
    !Object.is(a.zeroCount, b.zeroCount)
  ) {
    return false;
  }
  if (usesCustomBuckets(a) && !sameBounds(a.customBounds, b.customBounds)) return false;
  for (const side of ["positive", "negative"] as const) {
    const left = unroll(a[`${side}Spans`], a[`${side}Buckets`]);
    const right = unroll(b[`${side}Spans`], b[`${side}Buckets`]);
    if (!sameIndices(left.indices, right.indices)) return false;
    if (!left.counts.every((count, i) => Object.is(count, right.counts[i]))) return false;
  }
  return true;
}
