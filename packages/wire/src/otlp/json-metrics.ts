import type { Resource, Scope } from "@avx/model";
import type { DecodeOptions } from "./decode-options.ts";
import type { JsonOut } from "./json-attributes.ts";
import { type JsonFrame, readJsonRequest, writeJsonRequest } from "./json-groups.ts";
import { metricDataToJson } from "./json-point-writers.ts";
import {
  exponentialPointFromJson,
  histogramPointFromJson,
  numberPointFromJson,
  summaryPointFromJson,
} from "./json-points.ts";
import { arrayOf, boolOf, enumOf, type JsonObject, objectOf, textOf } from "./json-values.ts";
import {
  type OtlpMetric,
  type OtlpMetricData,
  type OtlpTemporality,
  TEMPORALITIES,
} from "./metric.ts";

const FRAME: JsonFrame = {
  format: "OTLP metrics",
  resourceField: "resourceMetrics",
  scopeField: "scopeMetrics",
  itemField: "metrics",
};

/**
 * Metrics of an `ExportMetricsServiceRequest` in JSON. Throws `malformed_payload`, and
 * `too_many_points` beyond `maxItems`.
 */
export function decodeOtlpMetricsJson(
  bytes: Uint8Array,
  { maxItems }: DecodeOptions = {},
): OtlpMetric[] {
  return readJsonRequest(bytes, {
    frame: FRAME,
    readItem: readMetric,
    sizeOf: pointCount,
    maxItems,
  });
}

/** An `ExportMetricsServiceRequest` in JSON. */
export function encodeOtlpMetricsJson(metrics: readonly OtlpMetric[]): Uint8Array {
  return writeJsonRequest(metrics, FRAME, metricToJson);
}

const DATA_FIELDS = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"];

/** Data points of a metric; one without any counts too, since it takes memory all the same. */
function pointCount(json: JsonObject): number {
  const counts = DATA_FIELDS.map((field) => {
    const data = objectOf(json[field], field);
    return arrayOf(data["dataPoints"], "dataPoints").length;
  });
  return Math.max(1, ...counts);
}

function readMetric(json: JsonObject, resource: Resource, scope: Scope): OtlpMetric {
  return {
    name: textOf(json["name"], "name"),
    description: textOf(json["description"], "description"),
    unit: textOf(json["unit"], "unit"),
    resource,
    scope,
    ...readData(json),
  };
}

function readData(json: JsonObject): OtlpMetricData {
  if (isSet(json, "sum")) {
    const sum = objectOf(json["sum"], "sum");
    return {
      kind: "sum",
      temporality: temporalityOf(sum),
      isMonotonic: boolOf(sum["isMonotonic"], "isMonotonic"),
      points: pointsOf(sum, numberPointFromJson),
    };
  }
  if (isSet(json, "histogram")) {
    const histogram = objectOf(json["histogram"], "histogram");
    return {
      kind: "histogram",
      temporality: temporalityOf(histogram),
      points: pointsOf(histogram, histogramPointFromJson),
    };
  }
  if (isSet(json, "exponentialHistogram")) {
    const histogram = objectOf(json["exponentialHistogram"], "exponentialHistogram");
    return {
      kind: "exponential-histogram",
      temporality: temporalityOf(histogram),
      points: pointsOf(histogram, exponentialPointFromJson),
    };
  }
  if (isSet(json, "summary")) {
    const summary = objectOf(json["summary"], "summary");
    return { kind: "summary", points: pointsOf(summary, summaryPointFromJson) };
  }
  return { kind: "gauge", points: pointsOf(objectOf(json["gauge"], "gauge"), numberPointFromJson) };
}

function isSet(json: JsonObject, field: string): boolean {
  return json[field] !== undefined && json[field] !== null;
}

function temporalityOf(data: JsonObject): OtlpTemporality {
  return enumOf(data["aggregationTemporality"], TEMPORALITIES, "aggregationTemporality");
}

function pointsOf<Point>(data: JsonObject, read: (json: JsonObject) => Point): Point[] {
  return arrayOf(data["dataPoints"], "dataPoints").map((point) =>
    read(objectOf(point, "dataPoints")),
  );
}

function metricToJson(metric: OtlpMetric): JsonOut {
  const { name, description, unit } = metric;
  return { name, description, unit, ...metricDataToJson(metric) };
}
