import type { NativeHistogram } from "@avx/model";
import { addCompensated, type CompensatedSum } from "../evaluator/compensated-sum.ts";
import { bucketsInOrder } from "./buckets-in-order.ts";
import { usesCustomBuckets } from "./working-histogram.ts";

/** Estimated variance of the observations: every bucket stands at its middle. NaN when empty. */
export function histogramVariance(histogram: NativeHistogram): number {
  const mean = histogram.sum / histogram.count;
  const total: CompensatedSum = { sum: 0, compensation: 0 };
  for (const { lower, upper, count } of bucketsInOrder(histogram)) {
    if (count === 0) continue;
    const delta = middle(lower, upper, usesCustomBuckets(histogram)) - mean;
    addCompensated(total, count * delta * delta);
  }
  return (total.sum + total.compensation) / histogram.count;
}

/** Arithmetic middle of custom buckets, 0 for the zero bucket, else the geometric middle. */
function middle(lower: number, upper: number, custom: boolean): number {
  if (custom) return (upper + lower) / 2;
  if (lower <= 0 && upper >= 0) return 0;
  const geometric = Math.sqrt(upper * lower);
  return upper < 0 ? -geometric : geometric;
}
