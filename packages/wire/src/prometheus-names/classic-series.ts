import { type Labels, withLabel } from "@avx/model";
import { formatGoFloat } from "../go-float.ts";
import type { OtlpExemplar, OtlpHistogramPoint, OtlpSummaryPoint } from "../otlp/metric.ts";
import { named, type PointTimes, type SeriesSink } from "./series-sink.ts";

/** A point on its way to series: labels without a metric name, and the name of the family. */
export interface NamedPoint<Point> {
  readonly point: Point;
  readonly name: string;
  readonly labels: Labels;
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

/** `_bucket` with cumulated counts up to `le="+Inf"`, `_sum` (when there is one) and `_count`. */
export function addClassicHistogram(
  sink: SeriesSink,
  { point, name, labels, times }: NamedPoint<OtlpHistogramPoint>,
): void {
  const bucketLabels = named(labels, `${name}_bucket`);
  let cumulated = 0;
  let lower = Number.NEGATIVE_INFINITY;
  for (let i = 0; i <= point.explicitBounds.length; i++) {
    const isLast = i === point.explicitBounds.length;
    const upper = isLast ? Number.POSITIVE_INFINITY : point.explicitBounds[i]!;
    cumulated += point.bucketCounts[i] ?? 0;
    const series = withLabel(bucketLabels, "le", formatGoFloat(upper));
    sink.addFloat({ labels: series, value: isLast ? point.count : cumulated, times });
    sink.addExemplars(series, exemplarsWithin(point.exemplars, lower, upper), times);
    lower = upper;
  }
  if (point.sum !== undefined || times.stale) {
    sink.addFloat({ labels: named(labels, `${name}_sum`), value: point.sum ?? 0, times });
  }
  sink.addFloat({ labels: named(labels, `${name}_count`), value: point.count, times });
}

function exemplarsWithin(
  exemplars: readonly OtlpExemplar[],
  lower: number,
  upper: number,
): readonly OtlpExemplar[] {
  if (exemplars.length === 0) return exemplars;
  return exemplars.filter(({ value }) => value > lower && value <= upper);
}

/** One series a quantile, `_sum` and `_count`. */
export function addSummary(
  sink: SeriesSink,
  { point, name, labels, times }: NamedPoint<OtlpSummaryPoint>,
): void {
  const quantileLabels = named(labels, name);
  for (const { quantile, value } of point.quantiles) {
    const series = withLabel(quantileLabels, "quantile", formatGoFloat(quantile));
    sink.addFloat({ labels: series, value, times });
  }
  sink.addFloat({ labels: named(labels, `${name}_sum`), value: point.sum, times });
  sink.addFloat({ labels: named(labels, `${name}_count`), value: point.count, times });
}
