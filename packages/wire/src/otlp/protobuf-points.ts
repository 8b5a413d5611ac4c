import { readDouble, readFixed64, readRepeated, readUint64 } from "../protobuf/packed.ts";
import type { ProtoReader } from "../protobuf/reader.ts";
import { idToHex } from "./hex.ts";
import {
  NO_ATTRIBUTES,
  NO_RECORDED_VALUE_FLAG,
  type OtlpBuckets,
  type OtlpExemplar,
  type OtlpExponentialPoint,
  type OtlpHistogramPoint,
  type OtlpNumberPoint,
  type OtlpQuantile,
  type OtlpSummaryPoint,
} from "./metric.ts";
import { readKeyValue } from "./protobuf-attributes.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const NO_VALUES = new Float64Array(0);
const NO_BUCKETS: OtlpBuckets = { offset: 0, counts: NO_VALUES };

/** Reads a `NumberDataPoint`. */
export function readNumberPoint(reader: ProtoReader): OtlpNumberPoint {
  const outer = reader.enter();
  const exemplars: OtlpExemplar[] = [];
  const point: Mutable<OtlpNumberPoint> = {
    attributes: NO_ATTRIBUTES,
    startUnixNano: 0n,
    timeUnixNano: 0n,
    noRecordedValue: false,
    value: 0,
    isInteger: false,
    exemplars,
  };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x3a) point.attributes = readKeyValue(reader, point.attributes);
    else if (tag === 0x19) point.timeUnixNano = reader.fixed64();
    else if (tag === 0x11) point.startUnixNano = reader.fixed64();
    else if (tag === 0x21) {
      point.value = reader.double();
      point.isInteger = false;
    } else if (tag === 0x31) {
      point.value = reader.sfixed64AsNumber();
      point.isInteger = true;
    } else if (tag === 0x2a) exemplars.push(readExemplar(reader));
    else if (tag === 0x40) point.noRecordedValue = readFlag(reader);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return point;
}

/** Reads a `HistogramDataPoint`. */
export function readHistogramPoint(reader: ProtoReader): OtlpHistogramPoint {
  const outer = reader.enter();
  const exemplars: OtlpExemplar[] = [];
  const point: Mutable<OtlpHistogramPoint> = {
    attributes: NO_ATTRIBUTES,
    startUnixNano: 0n,
    timeUnixNano: 0n,
    noRecordedValue: false,
    count: 0,
    bucketCounts: NO_VALUES,
    explicitBounds: NO_VALUES,
    exemplars,
  };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x4a) point.attributes = readKeyValue(reader, point.attributes);
    else if (tag === 0x11) point.startUnixNano = reader.fixed64();
    else if (tag === 0x19) point.timeUnixNano = reader.fixed64();
    else if (tag === 0x21) point.count = reader.fixed64AsNumber();
    else if (tag === 0x29) point.sum = reader.double();
    else if (tag === 0x32 || tag === 0x31) {
      const values = point.bucketCounts;
      point.bucketCounts = readRepeated(reader, { tag, values, read: readFixed64 });
    } else if (tag === 0x3a || tag === 0x39) {
      const values = point.explicitBounds;
      point.explicitBounds = readRepeated(reader, { tag, values, read: readDouble });
    } else if (tag === 0x42) exemplars.push(readExemplar(reader));
    else if (tag === 0x50) point.noRecordedValue = readFlag(reader);
    else if (tag === 0x59) point.min = reader.double();
    else if (tag === 0x61) point.max = reader.double();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return point;
}

/** Reads an `ExponentialHistogramDataPoint`. */
export function readExponentialPoint(reader: ProtoReader): OtlpExponentialPoint {
  const outer = reader.enter();
  const exemplars: OtlpExemplar[] = [];
  const point: Mutable<OtlpExponentialPoint> = {
    attributes: NO_ATTRIBUTES,
    startUnixNano: 0n,
    timeUnixNano: 0n,
    noRecordedValue: false,
    count: 0,
    scale: 0,
    zeroCount: 0,
    zeroThreshold: 0,
    positive: NO_BUCKETS,
    negative: NO_BUCKETS,
    exemplars,
  };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) point.attributes = readKeyValue(reader, point.attributes);
    else if (tag === 0x11) point.startUnixNano = reader.fixed64();
    else if (tag === 0x19) point.timeUnixNano = reader.fixed64();
    else if (tag === 0x21) point.count = reader.fixed64AsNumber();
    else if (tag === 0x29) point.sum = reader.double();
    else if (tag === 0x30) point.scale = reader.sint32();
    else if (tag === 0x39) point.zeroCount = reader.fixed64AsNumber();
    else if (tag === 0x42) point.positive = readBuckets(reader);
    else if (tag === 0x4a) point.negative = readBuckets(reader);
    else if (tag === 0x50) point.noRecordedValue = readFlag(reader);
    else if (tag === 0x5a) exemplars.push(readExemplar(reader));
    else if (tag === 0x61) point.min = reader.double();
    else if (tag === 0x69) point.max = reader.double();
    else if (tag === 0x71) point.zeroThreshold = reader.double();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return point;
}

function readBuckets(reader: ProtoReader): OtlpBuckets {
  const outer = reader.enter();
  let offset = 0;
  let counts: Float64Array = NO_VALUES;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x08) offset = reader.sint32();
    else if (tag === 0x12 || tag === 0x10) {
      counts = readRepeated(reader, { tag, values: counts, read: readUint64 });
    } else reader.skip(tag);
  }
  reader.leave(outer);
  return { offset, counts };
}

/** Reads a `SummaryDataPoint`. */
export function readSummaryPoint(reader: ProtoReader): OtlpSummaryPoint {
  const outer = reader.enter();
  const quantiles: OtlpQuantile[] = [];
  const point: Mutable<OtlpSummaryPoint> = {
    attributes: NO_ATTRIBUTES,
    startUnixNano: 0n,
    timeUnixNano: 0n,
    noRecordedValue: false,
    count: 0,
    sum: 0,
    quantiles,
  };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x3a) point.attributes = readKeyValue(reader, point.attributes);
    else if (tag === 0x11) point.startUnixNano = reader.fixed64();
    else if (tag === 0x19) point.timeUnixNano = reader.fixed64();
    else if (tag === 0x21) point.count = reader.fixed64AsNumber();
    else if (tag === 0x29) point.sum = reader.double();
    else if (tag === 0x32) quantiles.push(readQuantile(reader));
    else if (tag === 0x40) point.noRecordedValue = readFlag(reader);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return point;
}

function readQuantile(reader: ProtoReader): OtlpQuantile {
  const outer = reader.enter();
  let quantile = 0;
  let value = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x09) quantile = reader.double();
    else if (tag === 0x11) value = reader.double();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { quantile, value };
}

function readExemplar(reader: ProtoReader): OtlpExemplar {
  const outer = reader.enter();
  let attributes = NO_ATTRIBUTES;
  let timeUnixNano = 0n;
  let value = 0;
  let isInteger = false;
  let traceId = "";
  let spanId = "";
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x3a) attributes = readKeyValue(reader, attributes);
    else if (tag === 0x11) timeUnixNano = reader.fixed64();
    else if (tag === 0x19) {
      value = reader.double();
      isInteger = false;
    } else if (tag === 0x31) {
      value = reader.sfixed64AsNumber();
      isInteger = true;
    } else if (tag === 0x22) spanId = idToHex(reader.lengthDelimited());
    else if (tag === 0x2a) traceId = idToHex(reader.lengthDelimited());
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { attributes, timeUnixNano, value, isInteger, traceId, spanId };
}

function readFlag(reader: ProtoReader): boolean {
  return (reader.uint32() & NO_RECORDED_VALUE_FLAG) !== 0;
}
