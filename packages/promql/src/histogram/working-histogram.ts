import {
  type BucketSpan,
  type CounterResetHint,
  CUSTOM_BUCKETS_SCHEMA,
  type NativeHistogram,
} from "@avx/model";

/** Buckets of one side, by ascending index. `indices` is shared and never changed in place. */
export interface BucketList {
  indices: Int32Array;
  counts: Float64Array;
}

/** A histogram that arithmetic may change: the spans are unrolled into bucket indices. */
export interface WorkingHistogram {
  schema: number;
  zeroThreshold: number;
  zeroCount: number;
  sum: number;
  count: number;
  positive: BucketList;
  negative: BucketList;
  customBounds: Float64Array;
  counterResetHint: CounterResetHint;
}

const NO_INDICES = new Int32Array(0);
const NO_COUNTS = new Float64Array(0);
const NO_SPANS: readonly BucketSpan[] = [];

/** An empty list of buckets. */
export function noBuckets(): BucketList {
  return { indices: NO_INDICES, counts: NO_COUNTS };
}

/** Whether bounds are given one by one instead of by a base. */
export function usesCustomBuckets(histogram: { readonly schema: number }): boolean {
  return histogram.schema === CUSTOM_BUCKETS_SCHEMA;
}

/** A changeable copy. */
export function workingCopy(histogram: NativeHistogram): WorkingHistogram {
  const view = workingView(histogram);
  view.positive.counts = view.positive.counts.slice();
  view.negative.counts = view.negative.counts.slice();
  return view;
}

/** The same without copying the counts, for operands that are only read. */
export function workingView(histogram: NativeHistogram): WorkingHistogram {
  return {
    schema: histogram.schema,
    zeroThreshold: histogram.zeroThreshold,
    zeroCount: histogram.zeroCount,
    sum: histogram.sum,
    count: histogram.count,
    positive: unroll(histogram.positiveSpans, histogram.positiveBuckets),
    negative: unroll(histogram.negativeSpans, histogram.negativeBuckets),
    customBounds: histogram.customBounds,
    counterResetHint: histogram.counterResetHint,
  };
}

/** A deep copy of a working histogram. */
export function cloneWorking(source: WorkingHistogram): WorkingHistogram {
  return {
    ...source,
    positive: { indices: source.positive.indices, counts: source.positive.counts.slice() },
    negative: { indices: source.negative.indices, counts: source.negative.counts.slice() },
  };
}

/** Drops empty buckets in place. */
export function compact(working: WorkingHistogram): WorkingHistogram {
  working.positive = withoutEmpty(working.positive);
  working.negative = withoutEmpty(working.negative);
  return working;
}

/** The finished histogram without empty buckets (Prometheus' Compact(0)). */
export function compacted(working: WorkingHistogram): NativeHistogram {
  return finished(compact({ ...working }));
}

/** The finished histogram with its buckets as they are, empty ones included. */
export function finished(working: WorkingHistogram): NativeHistogram {
  return {
    schema: working.schema,
    zeroThreshold: working.zeroThreshold,
    zeroCount: working.zeroCount,
    sum: working.sum,
    count: working.count,
    positiveSpans: spansOf(working.positive.indices),
    positiveBuckets: working.positive.counts,
    negativeSpans: spansOf(working.negative.indices),
    negativeBuckets: working.negative.counts,
    customBounds: working.customBounds,
    counterResetHint: working.counterResetHint,
  };
}

/** Drops buckets whose count (and compensation, where given) is zero; the lists stay parallel. */
export function withoutEmpty(list: BucketList, compensation?: BucketList): BucketList {
  let kept = 0;
  for (let i = 0; i < list.counts.length; i++) if (isKept(list, compensation, i)) kept++;
  if (kept === list.counts.length) return list;
  const indices = new Int32Array(kept);
  const counts = new Float64Array(kept);
  const compensations = new Float64Array(compensation ? kept : 0);
  let at = 0;
  for (let i = 0; i < list.counts.length; i++) {
    if (!isKept(list, compensation, i)) continue;
    indices[at] = list.indices[i]!;
    counts[at] = list.counts[i]!;
    if (compensation) compensations[at] = compensation.counts[i]!;
    at++;
  }
  if (compensation) {
    compensation.indices = indices;
    compensation.counts = compensations;
  }
  return { indices, counts };
}

function isKept(list: BucketList, compensation: BucketList | undefined, i: number): boolean {
  return list.counts[i] !== 0 || (compensation !== undefined && compensation.counts[i] !== 0);
}

/** Indices of spans that were met before: many histograms share a layout. */
const knownIndices = new WeakMap<readonly BucketSpan[], Int32Array>();

/** Spans and counts as a list of buckets. Counts beyond the spans are ignored; nothing is copied. */
export function unroll(spans: readonly BucketSpan[], counts: Float64Array): BucketList {
  if (counts.length === 0) return noBuckets();
  const known = knownIndices.get(spans);
  if (known?.length === counts.length) return { indices: known, counts };
  const indices = new Int32Array(counts.length);
  let index = 0;
  let at = 0;
  for (const span of spans) {
    index += span.offset;
    for (let i = 0; i < span.length && at < counts.length; i++) indices[at++] = index++;
  }
  if (at < counts.length)
    return { indices: indices.subarray(0, at), counts: counts.subarray(0, at) };
  knownIndices.set(spans, indices);
  return { indices, counts };
}

function spansOf(indices: Int32Array): readonly BucketSpan[] {
  if (indices.length === 0) return NO_SPANS;
  const spans: BucketSpan[] = [];
  let start = 0;
  let previousEnd = 0;
  for (let i = 1; i <= indices.length; i++) {
    if (i < indices.length && indices[i] === indices[i - 1]! + 1) continue;
    const length = i - start;
    spans.push({ offset: indices[start]! - previousEnd, length });
    previousEnd = indices[start]! + length;
    start = i;
  }
  knownIndices.set(spans, indices);
  return spans;
}
