import type { CounterResetHint } from "@avx/model";
import { addCompensated, type CompensatedSum } from "../evaluator/compensated-sum.ts";
import { addBuckets, addBucketsCompensated, atCoarserSchema } from "./bucket-list.ts";
import { mergeAtCommonBounds, sameBounds } from "./custom-bounds.ts";
import { noBuckets, usesCustomBuckets, type WorkingHistogram } from "./working-histogram.ts";
import { reconcileZeroBuckets, type WidenedZero } from "./zero-bucket.ts";

/** What happened when two histograms were combined. */
export type Combination =
  | { readonly kind: "incompatible" }
  | {
      readonly kind: "combined";
      /** One histogram hinted at a counter reset, the other at none. */
      readonly resetCollision: boolean;
      /** Custom bounds differed and were reduced to the common ones. */
      readonly boundsReconciled: boolean;
    };

const INCOMPATIBLE: Combination = { kind: "incompatible" };

/**
 * Adds `other` to `target` in place (`sign` -1 subtracts). Schema and zero bucket are reconciled;
 * exponential and custom buckets do not mix. `other` is not changed.
 */
export function addHistogram(
  target: WorkingHistogram,
  other: WorkingHistogram,
  sign: 1 | -1 = 1,
): Combination {
  if (usesCustomBuckets(target) !== usesCustomBuckets(other)) return INCOMPATIBLE;
  const resetCollision = mergeHint(target, other.counterResetHint);
  let boundsReconciled = false;
  if (usesCustomBuckets(target)) {
    boundsReconciled = !sameBounds(target.customBounds, other.customBounds);
    if (boundsReconciled) mergeAtCommonBounds(target, other, { sign });
    else addSides(target, other, { sign });
  } else {
    const zero = reconcileZeroBuckets(target, other);
    target.zeroCount += sign * zero.count;
    addSides(target, other, { sign });
  }
  target.count += sign * other.count;
  target.sum += sign * other.sum;
  return { kind: "combined", resetCollision, boundsReconciled };
}

/** An all-zero histogram laid out like `target`, to collect rounding errors in. */
export function emptyCompensation(target: WorkingHistogram): WorkingHistogram {
  const { positive, negative } = target;
  return {
    ...target,
    zeroCount: 0,
    sum: 0,
    count: 0,
    positive: { indices: positive.indices, counts: new Float64Array(positive.counts.length) },
    negative: { indices: negative.indices, counts: new Float64Array(negative.counts.length) },
  };
}

/** Adds `other` to `target`, keeping the rounding errors in `compensation` (same layout). */
export function addHistogramCompensated(
  target: WorkingHistogram,
  other: WorkingHistogram,
  compensation: WorkingHistogram,
): Combination {
  if (usesCustomBuckets(target) !== usesCustomBuckets(other)) return INCOMPATIBLE;
  const resetCollision = mergeHint(target, other.counterResetHint);
  let boundsReconciled = false;
  let zero: WidenedZero | undefined;
  if (usesCustomBuckets(target)) {
    boundsReconciled = !sameBounds(target.customBounds, other.customBounds);
    if (boundsReconciled) mergeAtCommonBounds(target, other, { sign: 1, compensation });
    else addSides(target, other, { sign: 1, compensation });
  } else {
    zero = reconcileZeroBuckets(target, other, compensation);
    addSides(target, other, { sign: 1, compensation });
  }
  addFieldsCompensated(target, compensation, { zero, sum: other.sum, count: other.count });
  compensation.schema = target.schema;
  compensation.zeroThreshold = target.zeroThreshold;
  return { kind: "combined", resetCollision, boundsReconciled };
}

/** Multiplies every count and the sum; a negative factor makes a gauge of it. */
export function scaleHistogram(target: WorkingHistogram, factor: number): WorkingHistogram {
  target.zeroCount *= factor;
  target.count *= factor;
  target.sum *= factor;
  for (const { counts } of [target.positive, target.negative]) {
    for (let i = 0; i < counts.length; i++) counts[i] = counts[i]! * factor;
  }
  if (factor < 0) target.counterResetHint = "gauge";
  return target;
}

/** Divides every count and the sum; division by zero leaves no buckets. */
export function divideHistogram(target: WorkingHistogram, divisor: number): WorkingHistogram {
  target.zeroCount /= divisor;
  target.count /= divisor;
  target.sum /= divisor;
  if (divisor === 0) {
    target.positive = noBuckets();
    target.negative = noBuckets();
    return target;
  }
  for (const { counts } of [target.positive, target.negative]) {
    for (let i = 0; i < counts.length; i++) counts[i] = counts[i]! / divisor;
  }
  if (divisor < 0) target.counterResetHint = "gauge";
  return target;
}

/** Reduces the resolution in place; does nothing when the schema is already as coarse. */
export function reduceSchema(target: WorkingHistogram, schema: number): WorkingHistogram {
  if (schema >= target.schema || usesCustomBuckets(target)) return target;
  target.positive = atCoarserSchema(target.positive, target.schema, schema);
  target.negative = atCoarserSchema(target.negative, target.schema, schema);
  target.schema = schema;
  return target;
}

/** Whether a count or the sum went beyond what a float holds. */
export function hasOverflow(histogram: WorkingHistogram): boolean {
  const infinite = (value: number) => Math.abs(value) === Number.POSITIVE_INFINITY;
  return (
    infinite(histogram.zeroCount) ||
    infinite(histogram.count) ||
    infinite(histogram.sum) ||
    histogram.positive.counts.some(infinite) ||
    histogram.negative.counts.some(infinite)
  );
}

interface SideAddition {
  readonly sign: 1 | -1;
  readonly compensation?: WorkingHistogram;
}

function addSides(
  target: WorkingHistogram,
  other: WorkingHistogram,
  { sign, compensation }: SideAddition,
): void {
  const custom = usesCustomBuckets(target);
  if (!custom && other.schema < target.schema) {
    if (compensation) reduceSchema(compensation, other.schema);
    reduceSchema(target, other.schema);
  }
  for (const side of ["positive", "negative"] as const) {
    const addition = {
      other: custom ? other[side] : atCoarserSchema(other[side], other.schema, target.schema),
      sign,
      zeroThreshold: target.zeroThreshold,
      schema: custom ? undefined : target.schema,
    };
    if (compensation) addBucketsCompensated(target[side], compensation[side], addition);
    else addBuckets(target[side], addition);
  }
}

interface FieldAddition {
  readonly zero: WidenedZero | undefined;
  readonly sum: number;
  readonly count: number;
}

function addFieldsCompensated(
  target: WorkingHistogram,
  compensation: WorkingHistogram,
  { zero, sum, count }: FieldAddition,
): void {
  const cell: CompensatedSum = { sum: 0, compensation: 0 };
  const add = (field: "zeroCount" | "sum" | "count", increment: number) => {
    cell.sum = target[field];
    cell.compensation = compensation[field];
    addCompensated(cell, increment);
    target[field] = cell.sum;
    compensation[field] = cell.compensation;
  };
  if (zero) {
    add("zeroCount", zero.count);
    add("zeroCount", zero.compensation);
  }
  add("count", count);
  add("sum", sum);
}

/** Sets the hint of a sum of two histograms; true when the hints contradict each other. */
function mergeHint(target: WorkingHistogram, other: CounterResetHint): boolean {
  const own = target.counterResetHint;
  if (own === other || own === "gauge") return false;
  if (other === "gauge") {
    target.counterResetHint = "gauge";
    return false;
  }
  target.counterResetHint = "unknown";
  return own !== "unknown" && other !== "unknown";
}
