import type {
  OtlpExponentialPoint,
  OtlpHistogramPoint,
  OtlpMetric,
  OtlpNumberPoint,
  OtlpPoint,
} from "@avx/wire";
import type { InstrumentKind } from "../metrics/instrument-descriptor.ts";
import { bucketDifference } from "./bucket-difference.ts";

/** `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`. */
export type TemporalityPreference = "cumulative" | "delta" | "lowmemory";

/**
 * Whether an instrument's sums are sent as changes. Up-down counters never are: their receiver
 * wants the level. https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/
 */
export function isDelta(
  preference: TemporalityPreference,
  kind: InstrumentKind,
  isObservable: boolean,
): boolean {
  if (preference === "cumulative" || kind === "updowncounter" || kind === "gauge") return false;
  return preference === "delta" || !isObservable;
}

/**
 * Turns cumulative metrics into the changes since its last call. Series without change are left
 * out. Minimum and maximum are left out too: those of the time between cannot be told.
 */
export class DeltaMemory {
  #previous = new Map<string, OtlpPoint>();

  /** `metrics`, in which those that `isDeltaMetric` names carry changes. */
  changes(metrics: readonly OtlpMetric[], isDeltaMetric: (metric: OtlpMetric) => boolean) {
    const seen = new Map<string, OtlpPoint>();
    const changed = metrics.map((metric) =>
      isDeltaMetric(metric) ? this.#change(metric, seen) : metric,
    );
    this.#previous = seen;
    return changed.filter((metric) => metric.points.length > 0);
  }

  #change(metric: OtlpMetric, seen: Map<string, OtlpPoint>): OtlpMetric {
    const { kind } = metric;
    if (kind === "gauge" || kind === "summary") return metric;
    const previousOf = <P extends OtlpPoint>(point: P): P | undefined => {
      const key = pointKey(metric, point);
      seen.set(key, point);
      // Proof of the `as`: the key names the metric, and a metric keeps its kind.
      return this.#previous.get(key) as P | undefined;
    };
    const temporality = "delta";
    if (kind === "sum") {
      const points = metric.points.flatMap((point) => sumChange(point, previousOf(point)));
      return { ...metric, temporality, points };
    }
    if (kind === "histogram") {
      const points = metric.points.flatMap((point) => explicitChange(point, previousOf(point)));
      return { ...metric, temporality, points };
    }
    const points = metric.points.flatMap((point) => exponentialChange(point, previousOf(point)));
    return { ...metric, temporality, points };
  }
}

function pointKey({ scope, name }: OtlpMetric, { attributes }: OtlpPoint): string {
  return JSON.stringify([scope.name, scope.version, name, [...attributes]], (_, value) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
}

function sumChange(point: OtlpNumberPoint, previous: OtlpNumberPoint | undefined) {
  if (previous === undefined) return [point];
  const value = point.value - previous.value;
  return value === 0 ? [] : [{ ...point, startUnixNano: previous.timeUnixNano, value }];
}

/** What both kinds of histogram share. */
function headChange<P extends OtlpHistogramPoint | OtlpExponentialPoint>(point: P, previous: P) {
  const { min: _min, max: _max, sum = 0, ...rest } = point;
  const count = point.count - previous.count;
  const startUnixNano = previous.timeUnixNano;
  return { ...rest, startUnixNano, count, sum: sum - (previous.sum ?? 0) };
}

function explicitChange(
  point: OtlpHistogramPoint,
  previous: OtlpHistogramPoint | undefined,
): OtlpHistogramPoint[] {
  if (previous === undefined) return [point];
  const head = headChange(point, previous);
  if (head.count === 0) return [];
  const { bucketCounts } = point;
  const counts = bucketCounts.map((count, i) => count - (previous.bucketCounts[i] ?? 0));
  return [{ ...head, bucketCounts: counts, explicitBounds: point.explicitBounds }];
}

function exponentialChange(
  point: OtlpExponentialPoint,
  previous: OtlpExponentialPoint | undefined,
): OtlpExponentialPoint[] {
  if (previous === undefined) return [point];
  const head = headChange(point, previous);
  if (head.count === 0) return [];
  const coarser = previous.scale - point.scale;
  const positive = bucketDifference(point.positive, previous.positive, coarser);
  const { scale, zeroThreshold, negative } = point;
  const zeroCount = point.zeroCount - previous.zeroCount;
  return [{ ...head, scale, zeroThreshold, zeroCount, positive, negative }];
}
