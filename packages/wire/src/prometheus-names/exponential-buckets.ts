import type { BucketSpan } from "@avx/model";
import type { OtlpBuckets } from "../otlp/metric.ts";

/** Gaps of up to two empty buckets are written as zeros: cheaper than a new span (Prometheus). */
const MAX_GAP_BUCKETS = 2;

/** Sparse buckets of a native histogram. */
export interface SparseBuckets {
  readonly spans: readonly BucketSpan[];
  readonly counts: Float64Array;
}

/** Beyond this every index that a 32-bit offset can reach is 0 or -1. */
const MAX_DOWNSCALE_STEPS = 40;

/**
 * Halves the resolution `steps` times: buckets 2k and 2k+1 of one scale are bucket k of the scale
 * below.
 */
export function downscaleBuckets({ offset, counts }: OtlpBuckets, steps: number): OtlpBuckets {
  if (steps <= 0 || counts.length === 0) return { offset, counts };
  const factor = 2 ** Math.min(steps, MAX_DOWNSCALE_STEPS);
  const first = Math.floor(offset / factor);
  const last = Math.floor((offset + counts.length - 1) / factor);
  const merged = new Float64Array(last - first + 1);
  for (let i = 0; i < counts.length; i++) {
    const target = Math.floor((offset + i) / factor) - first;
    merged[target] = merged[target]! + counts[i]!;
  }
  return { offset: first, counts: merged };
}

/** Adds two sets of dense buckets of the same scale. */
export function addBuckets(a: OtlpBuckets, b: OtlpBuckets): OtlpBuckets {
  if (a.counts.length === 0) return b;
  if (b.counts.length === 0) return a;
  const offset = Math.min(a.offset, b.offset);
  const end = Math.max(a.offset + a.counts.length, b.offset + b.counts.length);
  const counts = new Float64Array(end - offset);
  counts.set(a.counts, a.offset - offset);
  for (let i = 0; i < b.counts.length; i++) {
    const target = b.offset - offset + i;
    counts[target] = counts[target]! + b.counts[i]!;
  }
  return { offset, counts };
}

/** How many dense buckets the sum of two sets would need. */
export function combinedWidth(a: OtlpBuckets, b: OtlpBuckets): number {
  if (a.counts.length === 0 || b.counts.length === 0) {
    return Math.max(a.counts.length, b.counts.length);
  }
  const end = Math.max(a.offset + a.counts.length, b.offset + b.counts.length);
  return end - Math.min(a.offset, b.offset);
}

/**
 * Dense to sparse. OTLP bucket i is (base^i, base^(i+1)], Prometheus' bucket i is
 * (base^(i-1), base^i]: the index grows by one.
 */
export function sparseBuckets({ offset, counts }: OtlpBuckets): SparseBuckets {
  const spans: { offset: number; length: number }[] = [];
  const kept: number[] = [];
  let zeros = 0;
  let previousEnd = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!;
    if (count === 0) {
      zeros++;
      continue;
    }
    const span = spans.at(-1);
    if (span !== undefined && zeros <= MAX_GAP_BUCKETS) {
      for (let gap = 0; gap < zeros; gap++) kept.push(0);
      span.length += zeros + 1;
    } else {
      spans.push({ offset: offset + 1 + i - previousEnd, length: 1 });
    }
    previousEnd = offset + 1 + i + 1;
    kept.push(count);
    zeros = 0;
  }
  return { spans, counts: Float64Array.from(kept) };
}
