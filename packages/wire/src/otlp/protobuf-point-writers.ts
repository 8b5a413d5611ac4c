import type { ProtoWriter } from "../protobuf/writer.ts";
import { idFromHex } from "./hex.ts";
import {
  NO_RECORDED_VALUE_FLAG,
  type OtlpBuckets,
  type OtlpExemplar,
  type OtlpExponentialPoint,
  type OtlpHistogramPoint,
  type OtlpNumberPoint,
  type OtlpPoint,
  type OtlpSummaryPoint,
} from "./metric.ts";
import { writeAttributes } from "./protobuf-attributes.ts";

/** Writes the fields of a `NumberDataPoint` into the open message. */
export function writeNumberPoint(writer: ProtoWriter, point: OtlpNumberPoint): void {
  writeTimes(writer, point);
  if (!point.noRecordedValue) {
    if (point.isInteger) writer.fixed64NumberAlways(6, point.value);
    else writer.doubleAlways(4, point.value);
  }
  writeExemplars(writer, 5, point.exemplars);
  writeAttributes(writer, 7, point.attributes);
  writer.uint(8, flags(point));
}

/** Writes the fields of a `HistogramDataPoint` into the open message. */
export function writeHistogramPoint(writer: ProtoWriter, point: OtlpHistogramPoint): void {
  writeTimes(writer, point);
  writer.fixed64Number(4, point.count);
  if (point.sum !== undefined) writer.doubleAlways(5, point.sum);
  if (point.bucketCounts.length > 0) {
    const start = writer.begin(6);
    for (const count of point.bucketCounts) writer.fixed64Raw(count);
    writer.end(start);
  }
  if (point.explicitBounds.length > 0) {
    const start = writer.begin(7);
    for (const bound of point.explicitBounds) writer.doubleRaw(bound);
    writer.end(start);
  }
  writeExemplars(writer, 8, point.exemplars);
  writeAttributes(writer, 9, point.attributes);
  writer.uint(10, flags(point));
  if (point.min !== undefined) writer.doubleAlways(11, point.min);
  if (point.max !== undefined) writer.doubleAlways(12, point.max);
}

/** Writes the fields of an `ExponentialHistogramDataPoint` into the open message. */
export function writeExponentialPoint(writer: ProtoWriter, point: OtlpExponentialPoint): void {
  writeAttributes(writer, 1, point.attributes);
  writeTimes(writer, point);
  writer.fixed64Number(4, point.count);
  if (point.sum !== undefined) writer.doubleAlways(5, point.sum);
  writer.sint32(6, point.scale);
  writer.fixed64Number(7, point.zeroCount);
  writeBuckets(writer, 8, point.positive);
  writeBuckets(writer, 9, point.negative);
  writer.uint(10, flags(point));
  writeExemplars(writer, 11, point.exemplars);
  if (point.min !== undefined) writer.doubleAlways(12, point.min);
  if (point.max !== undefined) writer.doubleAlways(13, point.max);
  writer.double(14, point.zeroThreshold);
}

/** Writes the fields of a `SummaryDataPoint` into the open message. */
export function writeSummaryPoint(writer: ProtoWriter, point: OtlpSummaryPoint): void {
  writeTimes(writer, point);
  writer.fixed64Number(4, point.count);
  writer.double(5, point.sum);
  for (const { quantile, value } of point.quantiles) {
    const start = writer.begin(6);
    writer.double(1, quantile);
    writer.double(2, value);
    writer.end(start);
  }
  writeAttributes(writer, 7, point.attributes);
  writer.uint(8, flags(point));
}

function writeTimes(writer: ProtoWriter, point: OtlpPoint): void {
  writer.fixed64(2, point.startUnixNano);
  writer.fixed64(3, point.timeUnixNano);
}

function writeBuckets(writer: ProtoWriter, field: number, { offset, counts }: OtlpBuckets): void {
  if (counts.length === 0) return;
  const start = writer.begin(field);
  writer.sint32(1, offset);
  const packed = writer.begin(2);
  for (const count of counts) writer.varintRaw(count);
  writer.end(packed);
  writer.end(start);
}

function writeExemplars(
  writer: ProtoWriter,
  field: number,
  exemplars: readonly OtlpExemplar[],
): void {
  for (const exemplar of exemplars) {
    const start = writer.begin(field);
    writer.fixed64(2, exemplar.timeUnixNano);
    if (exemplar.isInteger) writer.fixed64NumberAlways(6, exemplar.value);
    else writer.doubleAlways(3, exemplar.value);
    writer.bytesField(4, idFromHex(exemplar.spanId));
    writer.bytesField(5, idFromHex(exemplar.traceId));
    writeAttributes(writer, 7, exemplar.attributes);
    writer.end(start);
  }
}

function flags(point: OtlpPoint): number {
  return point.noRecordedValue ? NO_RECORDED_VALUE_FLAG : 0;
}
