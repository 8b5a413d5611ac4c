import {
  type Attributes,
  type Exemplar,
  type LabelledSeries,
  type Labels,
  labelsFromPairs,
  labelsKey,
  METRIC_NAME,
  type MetricMetadata,
  type MetricType,
  type Resource,
  type Scope,
} from "@avx/model";
import type { OtlpMetric, OtlpPoint } from "../otlp/metric.ts";
import {
  addClassicHistogram,
  addSummary,
  isWellFormedHistogram,
  type NamedPoint,
} from "./classic-series.ts";
import type { AddDelta, DeltaAccumulator, DeltaChanges } from "./delta-accumulator.ts";
import { addExponentials, addHistograms, addNumbers } from "./delta-sums.ts";
import { addAttributeLabels, prometheusLabelName } from "./label-names.ts";
import { prometheusMetricName } from "./metric-name.ts";
import { nativeHistogram } from "./native-histogram.ts";
import { type ResourceLabels, resourceLabels } from "./resource-labels.ts";
import { named, pointTimes, SeriesSink } from "./series-sink.ts";
import { unitText, unitWords } from "./units.ts";

/** How OTLP metrics become Prometheus series. */
export interface OtlpNamingOptions {
  /** Keep dots and other UTF-8 in names instead of turning them into underscores. */
  readonly keepUtf8: boolean;
  /** Add `otel_scope_name`, `otel_scope_version` and the scope's attributes. */
  readonly scopeLabels: boolean;
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
  /** One sample each; a series may repeat. */
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
  return { series, exemplars, metadata: [...metadata.values()], faults, deltaChanges };
}

interface ResourceState {
  readonly labels: ResourceLabels;
  lastTimestampsMs: number;
}

class Conversion {
  readonly sink: SeriesSink;
  readonly metadata = new Map<string, MetricMetadata>();
  readonly faults = new Map<PointFault, number>();
  readonly deltaChanges: DeltaChanges = new Map();
  readonly #options: OtlpNamingOptions;
  readonly #resources = new Map<Resource, ResourceState>();
  readonly #labelNames = new Map<string, string>();
  readonly #labelName = (attribute: string): string => {
    const known = this.#labelNames.get(attribute);
    if (known !== undefined) return known;
    const name = prometheusLabelName(attribute, this.#options.keepUtf8);
    this.#labelNames.set(attribute, name);
    return name;
  };

  constructor(options: OtlpNamingOptions) {
    this.#options = options;
    this.sink = new SeriesSink(this.#labelName);
  }

  addMetric(metric: OtlpMetric): void {
    const units = unitWords(metric.unit);
    const { keepUtf8 } = this.#options;
    const kind = nameKind(metric);
    const name = prometheusMetricName(
      { name: metric.name, units, unit: metric.unit, kind },
      keepUtf8,
    );
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
    for (const { labels, lastTimestampsMs } of this.#resources.values()) {
      if (labels.targetInfo === undefined || lastTimestampsMs === 0) continue;
      this.sink.addFloat({
        labels: named(labels.targetInfo, "target_info"),
        value: 1,
        times: { timestampsMs: Float64Array.of(lastTimestampsMs), stale: false },
      });
      this.metadata.set("target_info", TARGET_INFO);
    }
  }

  #addPoints(metric: OtlpMetric, name: string): void {
    const { sink } = this;
    if (metric.kind === "gauge") {
      for (const point of metric.points) this.#addNumber(this.#named(metric, point, name));
    } else if (metric.kind === "summary") {
      for (const point of metric.points) addSummary(sink, this.#named(metric, point, name));
    } else if (metric.kind === "sum") {
      for (const point of this.#cumulative(metric, metric.points, addNumbers)) {
        this.#addNumber(this.#named(metric, point, name));
      }
    } else if (metric.kind === "histogram") {
      const sound = metric.points.filter(isWellFormedHistogram);
      this.#fault("malformed_histogram", metric.points.length - sound.length);
      for (const point of this.#cumulative(metric, sound, addHistograms)) {
        addClassicHistogram(sink, this.#named(metric, point, name));
      }
    } else {
      for (const point of this.#cumulative(metric, metric.points, addExponentials)) {
        const { labels, times } = this.#named(metric, point, name);
        const histogram = nativeHistogram(point);
        if (histogram === undefined) {
          this.#fault("histogram_scale", 1);
          continue;
        }
        const series = named(labels, name);
        sink.addHistogram(series, histogram, times);
        sink.addExemplars(series, point.exemplars, times);
      }
    }
  }

  #addNumber(
    item: NamedPoint<{ value: number; exemplars: Parameters<SeriesSink["addExemplars"]>[1] }>,
  ): void {
    const { point, times } = item;
    const labels = named(item.labels, item.name);
    this.sink.addFloat({ labels, value: point.value, times });
    this.sink.addExemplars(labels, point.exemplars, times);
  }

  #named<Point extends OtlpPoint>(
    metric: OtlpMetric,
    point: Point,
    name: string,
  ): NamedPoint<Point> {
    const times = pointTimes(point);
    const resource = this.#resource(metric.resource);
    resource.lastTimestampsMs = Math.max(resource.lastTimestampsMs, times.timestampsMs[0]!);
    return {
      point,
      name,
      times,
      labels: this.#labels(resource.labels, metric.scope, point.attributes),
    };
  }

  /** Precedence, low to high: promoted resource attributes, scope, the point's own, job/instance. */
  #labels({ promoted, identity }: ResourceLabels, scope: Scope, attributes: Attributes): Labels {
    const labels = new Map<string, string>(promoted);
    if (this.#options.scopeLabels) this.#addScope(labels, scope);
    addAttributeLabels(labels, attributes, this.#labelName);
    for (const [name, text] of identity) labels.set(name, text);
    labels.delete(METRIC_NAME);
    return labelsFromPairs(labels);
  }

  #addScope(labels: Map<string, string>, scope: Scope): void {
    addAttributeLabels(labels, scope.attributes, (key) => this.#labelName(`otel_scope_${key}`));
    labels.set("otel_scope_name", scope.name);
    labels.set("otel_scope_version", scope.version);
  }

  #resource(resource: Resource): ResourceState {
    const known = this.#resources.get(resource);
    if (known !== undefined) return known;
    const state = { labels: resourceLabels(resource, this.#labelName), lastTimestampsMs: 0 };
    this.#resources.set(resource, state);
    return state;
  }

  /** The points as they are when cumulative, else their running totals. */
  #cumulative<Point extends OtlpPoint>(
    metric: Exclude<OtlpMetric, { kind: "gauge" | "summary" }>,
    points: readonly Point[],
    add: AddDelta<Point>,
  ): readonly Point[] {
    if (metric.temporality !== "delta") return points;
    const { labels } = this.#resource(metric.resource);
    return points.flatMap((delta) => {
      if (delta.noRecordedValue) return [delta];
      const series = labelsKey(this.#labels(labels, metric.scope, delta.attributes));
      const key = `${metric.kind}\u0000${metric.name}\u0000${metric.unit}\u0000${series}`;
      const total = this.#options.deltas.add({ key, delta, add }, this.deltaChanges);
      if (total === undefined) this.#fault("late_delta", 1);
      return total === undefined ? [] : [total];
    });
  }

  #fault(reason: PointFault, points: number): void {
    if (points > 0) this.faults.set(reason, (this.faults.get(reason) ?? 0) + points);
  }
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
