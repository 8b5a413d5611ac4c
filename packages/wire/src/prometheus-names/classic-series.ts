import { type Labels, withLabel } from "@avx/model";
import { formatGoFloat } from "../go-float.ts";
import type { OtlpHistogramPoint, OtlpSummaryPoint } from "../otlp/metric.ts";
import { named, type PointTimes, type SeriesSink } from "./series-sink.ts";

/** A point on its way to series, with the label set of each of them. */
export interface LabelledPoint<Point> {
  readonly point: Point;
  readonly labels: readonly Labels[];
  readonly times: PointTimes;
}

/** Whether bounds ascend and there is one more bucket than bounds (or no bucket at all). */
export function isWellFormedHistogram({
  bucketCounts,
  explicitBounds,
}: OtlpHistogramPoint): boolean {
  if (bucketCounts.length === 0) return explicitBounds.length === 0;
  if (bucketCounts.length !== explicitBounds.length + 1) return false;
  return explicitBounds.every((bound, i) => i === 0 || bound > explicitBounds[i - 1]!);
}

/** The label sets of a histogram: its buckets up to `le="+Inf"`, then `_sum` and `_count`. */
export function histogramLabels(base: Labels, name: string, bounds: Float64Array): Labels[] {
  const bucketLabels = named(base, `${name}_bucket`);
  const buckets = Array.from(bounds, (bound) =>
    withLabel(bucketLabels, "le", formatGoFloat(bound)),
  );
  return [
    ...buckets,
    withLabel(bucketLabels, "le", "+Inf"),
    named(base, `${name}_sum`),
    named(base, `${name}_count`),
  ];
}

/** Buckets with cumulated counts, the sum (when there is one) and the count. */
export function addClassicHistogram(
  sink: SeriesSink,
  { point, labels, times }: LabelledPoint<OtlpHistogramPoint>,
): void {
  const { explicitBounds: bounds, bucketCounts, exemplars, count, sum } = point;
  let cumulated = 0;
  for (let i = 0; i < bounds.length; i++) {
    cumulated += bucketCounts[i]!;
    sink.addFloat(labels[i]!, cumulated, times);
  }
  sink.addFloat(labels[bounds.length]!, count, times);
  if (sum !== undefined || times.stale) sink.addFloat(labels[bounds.length + 1]!, sum ?? 0, times);
  sink.addFloat(labels[bounds.length + 2]!, count, times);
  for (const exemplar of exemplars) {
    const fitting = bounds.findIndex((bound) => exemplar.value <= bound);
    sink.addExemplars(labels[fitting < 0 ? bounds.length : fitting]!, [exemplar], times);
  }
}

/** The label sets of a summary: its quantiles, then `_sum` and `_count`. */
export function summaryLabels(base: Labels, name: string, quantiles: Float64Array): Labels[] {
  const quantileLabels = named(base, name);
  return [
    ...Array.from(quantiles, (q) => withLabel(quantileLabels, "quantile", formatGoFloat(q))),
    named(base, `${name}_sum`),
    named(base, `${name}_count`),
  ];
}

/** One sample a quantile, the sum and the count. */
export function addSummary(
  sink: SeriesSink,
  { point, labels, times }: LabelledPoint<OtlpSummaryPoint>,
): void {
  const { quantiles, sum, count } = point;
  for (const [i, { value }] of quantiles.entries()) sink.addFloat(labels[i]!, value, times);
  sink.addFloat(labels[quantiles.length]!, sum, times);
  sink.addFloat(labels[quantiles.length + 1]!, count, times);
}
