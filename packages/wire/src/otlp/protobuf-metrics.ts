import type { Resource, Scope } from "@avx/model";
import type { ProtoReader } from "../protobuf/reader.ts";
import type { ProtoWriter } from "../protobuf/writer.ts";
import type { DecodeOptions } from "./decode-options.ts";
import {
  type OtlpMetric,
  type OtlpMetricData,
  type OtlpTemporality,
  TEMPORALITIES,
} from "./metric.ts";
import { readRequest, writeRequest } from "./protobuf-groups.ts";
import {
  writeExponentialPoint,
  writeHistogramPoint,
  writeNumberPoint,
  writeSummaryPoint,
} from "./protobuf-point-writers.ts";
import {
  readExponentialPoint,
  readHistogramPoint,
  readNumberPoint,
  readSummaryPoint,
} from "./protobuf-points.ts";

/**
 * Metrics of an `ExportMetricsServiceRequest` in protobuf; a metric without data comes as an empty
 * gauge. Throws `malformed_payload`, and `too_many_points` beyond `maxItems`.
 */
export function decodeOtlpMetricsProtobuf(
  bytes: Uint8Array,
  { maxItems }: DecodeOptions = {},
): OtlpMetric[] {
  return readRequest(bytes, { format: "OTLP metrics", readItem: readMetric, maxItems });
}

/** An `ExportMetricsServiceRequest` in protobuf. No metric gives an empty, valid request. */
export function encodeOtlpMetricsProtobuf(metrics: readonly OtlpMetric[]): Uint8Array {
  return writeRequest(metrics, writeMetric);
}

function readMetric(reader: ProtoReader, resource: Resource, scope: Scope): OtlpMetric {
  const outer = reader.enter();
  let name = "";
  let description = "";
  let unit = "";
  let data: OtlpMetricData = { kind: "gauge", points: [] };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) name = reader.string();
    else if (tag === 0x12) description = reader.string();
    else if (tag === 0x1a) unit = reader.string();
    else data = readMetricData(reader, tag) ?? data;
  }
  reader.leave(outer);
  // A metric without points takes memory too.
  if (data.points.length === 0) reader.countItem();
  return { name, description, unit, resource, scope, ...data };
}

/** Reads the `oneof data` of a metric; any other field is passed over and gives undefined. */
function readMetricData(reader: ProtoReader, tag: number): OtlpMetricData | undefined {
  if (tag === 0x2a) {
    const { points } = readData(reader, readNumberPoint);
    return { kind: "gauge", points };
  }
  if (tag === 0x3a) {
    const { points, temporality, isMonotonic } = readData(reader, readNumberPoint);
    return { kind: "sum", points, temporality, isMonotonic };
  }
  if (tag === 0x4a) {
    const { points, temporality } = readData(reader, readHistogramPoint);
    return { kind: "histogram", points, temporality };
  }
  if (tag === 0x52) {
    const { points, temporality } = readData(reader, readExponentialPoint);
    return { kind: "exponential-histogram", points, temporality };
  }
  if (tag === 0x5a) {
    const { points } = readData(reader, readSummaryPoint);
    return { kind: "summary", points };
  }
  reader.skip(tag);
  return undefined;
}

interface MetricData<Point> {
  readonly points: Point[];
  readonly temporality: OtlpTemporality;
  readonly isMonotonic: boolean;
}

/** All five kinds have their points in field 1; temporality and monotonicity are 2 and 3. */
function readData<Point>(
  reader: ProtoReader,
  readPoint: (reader: ProtoReader) => Point,
): MetricData<Point> {
  const outer = reader.enter();
  const points: Point[] = [];
  let temporality: OtlpTemporality = "unspecified";
  let isMonotonic = false;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) {
      reader.countItem();
      points.push(readPoint(reader));
    } else if (tag === 0x10) temporality = TEMPORALITIES[reader.int32()] ?? "unspecified";
    else if (tag === 0x18) isMonotonic = reader.bool();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { points, temporality, isMonotonic };
}

function writeMetric(writer: ProtoWriter, metric: OtlpMetric): void {
  writer.string(1, metric.name);
  writer.string(2, metric.description);
  writer.string(3, metric.unit);
  if (metric.kind === "gauge") {
    const start = writer.begin(5);
    writePoints(writer, metric.points, writeNumberPoint);
    writer.end(start);
  } else if (metric.kind === "sum") {
    const start = writer.begin(7);
    writePoints(writer, metric.points, writeNumberPoint);
    writer.uint(2, TEMPORALITIES.indexOf(metric.temporality));
    writer.bool(3, metric.isMonotonic);
    writer.end(start);
  } else if (metric.kind === "histogram") {
    const start = writer.begin(9);
    writePoints(writer, metric.points, writeHistogramPoint);
    writer.uint(2, TEMPORALITIES.indexOf(metric.temporality));
    writer.end(start);
  } else if (metric.kind === "exponential-histogram") {
    const start = writer.begin(10);
    writePoints(writer, metric.points, writeExponentialPoint);
    writer.uint(2, TEMPORALITIES.indexOf(metric.temporality));
    writer.end(start);
  } else {
    const start = writer.begin(11);
    writePoints(writer, metric.points, writeSummaryPoint);
    writer.end(start);
  }
}

function writePoints<Point>(
  writer: ProtoWriter,
  points: readonly Point[],
  writePoint: (writer: ProtoWriter, point: Point) => void,
): void {
  for (const point of points) {
    const start = writer.begin(1);
    writePoint(writer, point);
    writer.end(start);
  }
}
