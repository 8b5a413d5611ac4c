import type {
  OtlpBuckets,
  OtlpExponentialPoint,
  OtlpHistogramPoint,
  OtlpNumberPoint,
} from "../otlp/metric.ts";
import { addBuckets, combinedWidth, downscaleBuckets } from "./exponential-buckets.ts";

/**
 * Most dense buckets on one side of a running total. SDKs send up to 160; hostile offsets would
 * ask for 2^32. Beyond, the resolution is halved until it fits.
 */
const MAX_DENSE_BUCKETS = 4096;

/** The sum of both values, at the time of the delta. */
export function addNumbers(total: OtlpNumberPoint, delta: OtlpNumberPoint): OtlpNumberPoint {
  return { ...delta, value: total.value + delta.value };
}

/** Undefined when the bucket bounds differ, or only one of both has a sum. */
export function addHistograms(
  total: OtlpHistogramPoint,
  delta: OtlpHistogramPoint,
): OtlpHistogramPoint | undefined {
  const isSameShape =
    hasSameSum(total, delta) &&
    total.bucketCounts.length === delta.bucketCounts.length &&
    total.explicitBounds.length === delta.explicitBounds.length &&
    total.explicitBounds.every((bound, i) => bound === delta.explicitBounds[i]);
  if (!isSameShape) return undefined;
  return {
    ...delta,
    ...(delta.sum === undefined ? {} : { sum: total.sum! + delta.sum }),
    count: total.count + delta.count,
    bucketCounts: total.bucketCounts.map((count, i) => count + delta.bucketCounts[i]!),
  };
}

/**
 * Brings both to the coarser scale and, while the sum would be too wide, coarser still. Undefined
 * when only one of both has a sum.
 */
export function addExponentials(
  total: OtlpExponentialPoint,
  delta: OtlpExponentialPoint,
): OtlpExponentialPoint | undefined {
  if (!hasSameSum(total, delta)) return undefined;
  let scale = Math.min(total.scale, delta.scale);
  let a = atScale(total, scale);
  let b = atScale(delta, scale);
  while (
    combinedWidth(a.positive, b.positive) > MAX_DENSE_BUCKETS ||
    combinedWidth(a.negative, b.negative) > MAX_DENSE_BUCKETS
  ) {
    scale--;
    a = { positive: downscaleBuckets(a.positive, 1), negative: downscaleBuckets(a.negative, 1) };
    b = { positive: downscaleBuckets(b.positive, 1), negative: downscaleBuckets(b.negative, 1) };
  }
  return {
    ...delta,
    ...(delta.sum === undefined ? {} : { sum: total.sum! + delta.sum }),
    scale,
    count: total.count + delta.count,
    zeroCount: total.zeroCount + delta.zeroCount,
    zeroThreshold: Math.max(total.zeroThreshold, delta.zeroThreshold),
    positive: addBuckets(a.positive, b.positive),
    negative: addBuckets(a.negative, b.negative),
  };
}

interface Sides {
  readonly positive: OtlpBuckets;
  readonly negative: OtlpBuckets;
}

function atScale(point: OtlpExponentialPoint, scale: number): Sides {
  const steps = point.scale - scale;
  return {
    positive: downscaleBuckets(point.positive, steps),
    negative: downscaleBuckets(point.negative, steps),
  };
}

function hasSameSum(total: { sum?: number }, delta: { sum?: number }): boolean {
  return (total.sum === undefined) === (delta.sum === undefined);
}
