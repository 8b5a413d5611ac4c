import { addCompensated, type CompensatedSum } from "../evaluator/compensated-sum.ts";
import { exponentialBound } from "./bucket-bounds.ts";
import { type BucketList, type WorkingHistogram, withoutEmpty } from "./working-histogram.ts";

/** A zero bucket after widening: its count and the threshold that was really reached. */
export interface WidenedZero {
  readonly count: number;
  readonly threshold: number;
  readonly compensation: number;
}

/**
 * The zero bucket of `histogram` if its threshold were `threshold` (at least the present one).
 * A threshold inside a populated bucket moves up to that bucket's far end.
 */
export function widenedZero(
  histogram: WorkingHistogram,
  threshold: number,
  compensation?: WorkingHistogram,
): WidenedZero {
  let reached = threshold;
  for (;;) {
    const total: CompensatedSum = {
      sum: histogram.zeroCount,
      compensation: compensation?.zeroCount ?? 0,
    };
    if (reached === histogram.zeroThreshold) return result(total, reached);
    const { schema } = histogram;
    const afterPositive = swallow(histogram.positive, {
      schema,
      total,
      threshold: reached,
      compensation: compensation?.positive,
    });
    reached = afterPositive;
    const afterNegative = swallow(histogram.negative, {
      schema,
      total,
      threshold: reached,
      compensation: compensation?.negative,
    });
    if (afterNegative === reached) return result(total, reached);
    reached = afterNegative;
  }
}

function result(total: CompensatedSum, threshold: number): WidenedZero {
  return { count: total.sum, threshold, compensation: total.compensation };
}

interface Swallowing {
  readonly schema: number;
  readonly threshold: number;
  readonly total: CompensatedSum;
  readonly compensation: BucketList | undefined;
}

/** Adds the buckets within the threshold to `total`; returns the threshold, widened if need be. */
function swallow(list: BucketList, { schema, threshold, total, compensation }: Swallowing): number {
  for (let i = 0; i < list.indices.length; i++) {
    const index = list.indices[i]!;
    if (exponentialBound(index - 1, schema) >= threshold) break;
    const count = list.counts[i]!;
    addCompensated(total, count);
    if (compensation) addCompensated(total, compensation.counts[i]!);
    const far = exponentialBound(index, schema);
    if (far > threshold) return count === 0 ? threshold : far;
  }
  return threshold;
}

/**
 * Widens the zero bucket of `target` so far that it also fits `other`; returns the zero count that
 * `other` would have with the same threshold (`other` itself is left alone).
 */
export function reconcileZeroBuckets(
  target: WorkingHistogram,
  other: WorkingHistogram,
  compensation?: WorkingHistogram,
): WidenedZero {
  let otherZero: WidenedZero = {
    count: other.zeroCount,
    threshold: other.zeroThreshold,
    compensation: 0,
  };
  while (otherZero.threshold !== target.zeroThreshold) {
    if (target.zeroThreshold > otherZero.threshold) {
      otherZero = widenedZero(other, target.zeroThreshold);
    }
    if (otherZero.threshold > target.zeroThreshold) {
      const widened = widenedZero(target, otherZero.threshold, compensation);
      target.zeroCount = widened.count;
      target.zeroThreshold = widened.threshold;
      if (compensation) compensation.zeroCount = widened.compensation;
      trimIntoZero(target, compensation);
    }
  }
  return otherZero;
}

/** Removes the buckets that the widened zero bucket now counts. */
function trimIntoZero(target: WorkingHistogram, compensation?: WorkingHistogram): void {
  for (const side of ["positive", "negative"] as const) {
    const list = target[side];
    for (let i = 0; i < list.indices.length; i++) {
      if (exponentialBound(list.indices[i]! - 1, target.schema) >= target.zeroThreshold) break;
      list.counts[i] = 0;
      if (compensation) compensation[side].counts[i] = 0;
    }
    target[side] = withoutEmpty(list, compensation?.[side]);
  }
}
