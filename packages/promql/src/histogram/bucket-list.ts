import { addCompensated, type CompensatedSum } from "../evaluator/compensated-sum.ts";
import { coarserIndex, exponentialBound } from "./bucket-bounds.ts";
import type { BucketList } from "./working-histogram.ts";

/** What is added to a list of buckets. */
export interface BucketAddition {
  readonly other: BucketList;
  /** -1 subtracts. */
  readonly sign: 1 | -1;
  /** Buckets of `other` that end at or below this are already in the zero bucket. */
  readonly zeroThreshold: number;
  /** Schema for the bounds; undefined with custom buckets, where nothing is skipped. */
  readonly schema: number | undefined;
}

/** Adds `addition.other` to `target` in place; its missing buckets are inserted. */
export function addBuckets(target: BucketList, addition: BucketAddition): void {
  const { other, sign } = addition;
  const from = firstAboveThreshold(addition);
  if (from === other.indices.length) return;
  if (from === 0 && sameIndices(target.indices, other.indices)) {
    for (let i = 0; i < other.counts.length; i++) {
      target.counts[i] = target.counts[i]! + sign * other.counts[i]!;
    }
    return;
  }
  const union = mergedIndices(target.indices, other.indices.subarray(from));
  const counts = placed(target, union);
  let at = 0;
  for (let i = from; i < other.indices.length; i++) {
    while (union[at]! < other.indices[i]!) at++;
    counts[at] = counts[at]! + sign * other.counts[i]!;
  }
  target.indices = union;
  target.counts = counts;
}

/** Like `addBuckets`, with the rounding errors collected in `compensation` (parallel to `target`). */
export function addBucketsCompensated(
  target: BucketList,
  compensation: BucketList,
  addition: BucketAddition,
): void {
  const { other, sign } = addition;
  const from = firstAboveThreshold(addition);
  if (from === other.indices.length) return;
  const same = from === 0 && sameIndices(target.indices, other.indices);
  if (!same) {
    const union = mergedIndices(target.indices, other.indices.subarray(from));
    target.counts = placed(target, union);
    compensation.counts = placed({ ...compensation, indices: target.indices }, union);
    target.indices = union;
    compensation.indices = union;
  }
  const cell: CompensatedSum = { sum: 0, compensation: 0 };
  let at = 0;
  for (let i = from; i < other.indices.length; i++) {
    while (target.indices[at]! < other.indices[i]!) at++;
    cell.sum = target.counts[at]!;
    cell.compensation = compensation.counts[at]!;
    addCompensated(cell, sign * other.counts[i]!);
    target.counts[at] = cell.sum;
    compensation.counts[at] = cell.compensation;
  }
}

/** The buckets merged into those of a coarser schema. */
export function atCoarserSchema(list: BucketList, from: number, to: number): BucketList {
  if (list.indices.length === 0 || from === to) return list;
  const indices: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < list.indices.length; i++) {
    const index = coarserIndex(list.indices[i]!, from, to);
    if (indices.at(-1) === index) counts[counts.length - 1]! += list.counts[i]!;
    else {
      indices.push(index);
      counts.push(list.counts[i]!);
    }
  }
  return { indices: Int32Array.from(indices), counts: Float64Array.from(counts) };
}

/** Whether both lists have the same buckets, whatever they count. */
export function sameIndices(a: Int32Array, b: Int32Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function firstAboveThreshold({ other, schema, zeroThreshold }: BucketAddition): number {
  if (schema === undefined) return 0;
  let from = 0;
  while (
    from < other.indices.length &&
    exponentialBound(other.indices[from]!, schema) <= zeroThreshold
  ) {
    from++;
  }
  return from;
}

function mergedIndices(a: Int32Array, b: Int32Array): Int32Array {
  const merged = new Int32Array(a.length + b.length);
  let i = 0;
  let j = 0;
  let size = 0;
  while (i < a.length || j < b.length) {
    const left = i < a.length ? a[i]! : Number.POSITIVE_INFINITY;
    const right = j < b.length ? b[j]! : Number.POSITIVE_INFINITY;
    merged[size++] = Math.min(left, right);
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return merged.subarray(0, size);
}

/** Counts of `list` laid out over `union`, which contains all its indices. */
function placed(list: BucketList, union: Int32Array): Float64Array {
  const counts = new Float64Array(union.length);
  let at = 0;
  for (let i = 0; i < list.indices.length; i++) {
    while (union[at]! < list.indices[i]!) at++;
    counts[at] = list.counts[i]!;
  }
  return counts;
}
