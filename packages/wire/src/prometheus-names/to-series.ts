import {
  type Exemplar,
  type LabelledSeries,
  type Labels,
  labelsKey,
  type MetricMetadata,
  type MetricType,
  type PackedSeries,
  type Resource,
} from "@avx/model";
import type { OtlpMetric, OtlpNumberPoint, OtlpPoint } from "../otlp/metric.ts";
import {
  addClassicHistogram,
  addSummary,
  histogramLabels,
  isWellFormedHistogram,
  summaryLabels,
} from "./classic-series.ts";
import type { AddDelta, DeltaAccumulator, DeltaChanges } from "./delta-accumulator.ts";
import { addExponentials, addHistograms, addNumbers } from "./delta-sums.ts";
import { prometheusMetricName } from "./metric-name.ts";
import { nativeHistogram } from "./native-histogram.ts";
import { type LabelOptions, type LabelsOfPoint, PointLabeller } from "./point-labeller.ts";
import { type PointTimes, pointTimes, SeriesSink } from "./series-sink.ts";
import { unitText, unitWords } from "./units.ts";

/** How OTLP metrics become Prometheus series. */
export interface OtlpNamingOptions extends LabelOptions {
  /** Where delta series keep their running totals. */
  readonly deltas: DeltaAccumulator;
}

/** Why a data point could not become series. */
export type PointFault =
  | "late_delta"
  | "malformed_histogram"
  | "histogram_scale"
  | "no_metric_name";

/** What one OTLP request becomes in Prometheus' model. */
export interface PrometheusSeries {
  /** Float series, one sample each; a series may repeat. */
  readonly packed: PackedSeries;
  /** Native histograms, likewise. */
  readonly series: readonly LabelledSeries[];
  readonly metadata: readonly MetricMetadata[];
  readonly exemplars: readonly Exemplar[];
  /** Number of data points that were left out, by reason. */
  readonly faults: ReadonlyMap<PointFault, number>;
  /** To be given to `DeltaAccumulator.rollback` when the series are not stored. */
  readonly deltaChanges: DeltaChanges;
}

/**
 * OTLP metrics as Prometheus series, by the "Prometheus and OpenMetrics Compatibility" page of the
 * OpenTelemetry specification; docs/reference/ingest.md has the rules in short.
 */
export function otlpToPrometheus(
  metrics: readonly OtlpMetric[],
  options: OtlpNamingOptions,
): PrometheusSeries {
  const conversion = new Conversion(options);
  for (const metric of metrics) conversion.addMetric(metric);
  conversion.addTargetInfo();
  const { sink, metadata, faults, deltaChanges } = conversion;
  const { series, exemplars } = sink;
  const packed = sink.packed();
  return { packed, series, exemplars, metadata: [...metadata.values()], faults, deltaChanges };
}

class Conversion {
  readonly sink: SeriesSink;
  readonly metadata = new Map<string, MetricMetadata>();
  readonly faults = new Map<PointFault, number>();
  readonly deltaChanges: DeltaChanges = new Map();
  readonly #deltas: DeltaAccumulator;
  readonly #labeller: PointLabeller;
  readonly #newestMs = new Map<Resource, number>();
  readonly #keepUtf8: boolean;

  constructor(options: OtlpNamingOptions) {
    this.#deltas = options.deltas;
    this.#keepUtf8 = options.keepUtf8;
    this.#labeller = new PointLabeller(options);
    this.sink = new SeriesSink(this.#labeller.labelName);
  }

  addMetric(metric: OtlpMetric): void {
    const units = unitWords(metric.unit);
    const naming = { name: metric.name, units, unit: metric.unit, kind: nameKind(metric) };
    const name = prometheusMetricName(naming, this.#keepUtf8);
    if (metric.name === "" || name === "") {
      this.#fault("no_metric_name", metric.points.length);
      return;
    }
    const help = metric.description;
    this.metadata.set(name, { name, type: metricType(metric), unit: unitText(units), help });
    this.#addPoints(metric, name);
  }

  /** One `target_info` a named resource, at the time of its newest point. */
  addTargetInfo(): void {
    for (const [resource, newestMs] of this.#newestMs) {
      const labels = this.#labeller.targetInfo(resource);
      if (labels === undefined) continue;
      const times = { timestampMs: newestMs, startTimestampMs: 0, stale: false };
      this.sink.addFloat(labels, 1, times);
      this.metadata.set("target_info", TARGET_INFO);
    }
  }

  #addPoints(metric: OtlpMetric, name: string): void {
    const labelsOf = this.#labeller.forMetric(metric, name);
    if (metric.kind === "gauge") {
      for (const point of metric.points) {
        this.#addNumber(point, labelsOf(point)[0]!, this.#times(metric, point));
      }
    } else if (metric.kind === "sum") {
      for (const delta of metric.points) {
        const labels = labelsOf(delta);
        const point = this.#total(metric, { point: delta, labels, add: addNumbers });
        if (point) this.#addNumber(point, labels[0]!, this.#times(metric, point));
      }
    } else if (metric.kind === "summary") {
      for (const point of metric.points) {
        const quantiles = Float64Array.from(point.quantiles, ({ quantile }) => quantile);
        const labels = labelsOf(point, summaryLabels, quantiles);
        addSummary(this.sink, { point, labels, times: this.#times(metric, point) });
      }
    } else if (metric.kind === "histogram") {
      for (const delta of metric.points) {
        if (!isWellFormedHistogram(delta)) {
          this.#fault("malformed_histogram", 1);
          continue;
        }
        const labels = labelsOf(delta, histogramLabels, delta.explicitBounds);
        const point = this.#total(metric, { point: delta, labels, add: addHistograms });
        if (!point) continue;
        addClassicHistogram(this.sink, { point, labels, times: this.#times(metric, point) });
      }
    } else this.#addExponentials(metric, labelsOf);
  }

  #addExponentials(
    metric: Extract<OtlpMetric, { kind: "exponential-histogram" }>,
    labelsOf: LabelsOfPoint,
  ): void {
    for (const delta of metric.points) {
      const labels = labelsOf(delta);
      const point = this.#total(metric, { point: delta, labels, add: addExponentials });
      if (!point) continue;
      const histogram = nativeHistogram(point);
      if (histogram === undefined) {
        this.#fault("histogram_scale", 1);
        continue;
      }
      const times = this.#times(metric, point);
      this.sink.addHistogram(labels[0]!, histogram, times);
      this.sink.addExemplars(labels[0]!, point.exemplars, times);
    }
  }

  #addNumber(point: OtlpNumberPoint, labels: Labels, times: PointTimes): void {
    this.sink.addFloat(labels, point.value, times);
    this.sink.addExemplars(labels, point.exemplars, times);
  }

  #times(metric: OtlpMetric, point: OtlpPoint): PointTimes {
    const times = pointTimes(point);
    const { timestampMs } = times;
    const newestMs = this.#newestMs.get(metric.resource);
    if (newestMs === undefined || newestMs < timestampMs) {
      this.#newestMs.set(metric.resource, timestampMs);
    }
    return times;
  }

  /**
   * The point as it is when cumulative, else its running total; undefined for a late delta. The
   * last label set names the series: of a histogram that is `_count`, whatever its bounds.
   */
  #total<Point extends OtlpPoint>(
    metric: Exclude<OtlpMetric, { kind: "gauge" | "summary" }>,
    { point, labels, add }: TotalInput<Point>,
  ): Point | undefined {
    if (metric.temporality !== "delta" || point.noRecordedValue) return point;
    const key = `${metric.kind} ${labelsKey(labels[labels.length - 1]!)}`;
    const total = this.#deltas.add({ key, delta: point, add }, this.deltaChanges);
    if (total === undefined) this.#fault("late_delta", 1);
    return total;
  }

  #fault(reason: PointFault, points: number): void {
    if (points > 0) this.faults.set(reason, (this.faults.get(reason) ?? 0) + points);
  }
}

interface TotalInput<Point extends OtlpPoint> {
  readonly point: Point;
  readonly labels: readonly Labels[];
  readonly add: AddDelta<Point>;
}

const TARGET_INFO: MetricMetadata = {
  name: "target_info",
  type: "gauge",
  unit: "",
  help: "Target metadata",
};

function nameKind(metric: OtlpMetric): "counter" | "gauge" | "other" {
  if (metric.kind === "gauge") return "gauge";
  return metric.kind === "sum" && metric.isMonotonic ? "counter" : "other";
}

function metricType(metric: OtlpMetric): MetricType {
  if (metric.kind === "sum") return metric.isMonotonic ? "counter" : "gauge";
  return metric.kind === "exponential-histogram" ? "histogram" : metric.kind;
}
