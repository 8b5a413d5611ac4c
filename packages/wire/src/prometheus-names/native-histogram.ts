import type { NativeHistogram } from "@avx/model";
import type { OtlpExponentialPoint } from "../otlp/metric.ts";
import { downscaleBuckets, sparseBuckets } from "./exponential-buckets.ts";

/**
 * Schemas of Prometheus' native histograms; a finer scale is merged down, a coarser one refused.
 */
const MAX_SCHEMA = 8;
const MIN_SCHEMA = -4;
/** Prometheus' width of the zero bucket when OTLP gives none (2^-128 rounded as in its code). */
const DEFAULT_ZERO_THRESHOLD = 1e-128;

/** A native histogram, or undefined when the scale is too coarse for one. */
export function nativeHistogram(point: OtlpExponentialPoint): NativeHistogram | undefined {
  if (point.scale < MIN_SCHEMA) return undefined;
  const steps = Math.max(0, point.scale - MAX_SCHEMA);
  const positive = sparseBuckets(downscaleBuckets(point.positive, steps));
  const negative = sparseBuckets(downscaleBuckets(point.negative, steps));
  const histogram: NativeHistogram = {
    schema: point.scale - steps,
    zeroThreshold: point.zeroThreshold > 0 ? point.zeroThreshold : DEFAULT_ZERO_THRESHOLD,
    zeroCount: point.zeroCount,
    sum: point.noRecordedValue ? Number.NaN : (point.sum ?? 0),
    count: point.count,
    positiveSpans: positive.spans,
    positiveBuckets: positive.counts,
    negativeSpans: negative.spans,
    negativeBuckets: negative.counts,
    customBounds: new Float64Array(0),
    counterResetHint: "unknown",
  };
  return point.noRecordedValue ? { ...histogram, stale: true } : histogram;
}
