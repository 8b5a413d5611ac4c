import type { LogRecord, Resource, Scope } from "@avx/model";
import type { ProtoReader } from "../protobuf/reader.ts";
import type { ProtoWriter } from "../protobuf/writer.ts";
import type { DecodeOptions } from "./decode-options.ts";
import { idFromHex, idToHex } from "./hex.ts";
import { NO_ATTRIBUTES } from "./metric.ts";
import {
  readAnyValue,
  readKeyValue,
  writeAnyValue,
  writeAttributes,
} from "./protobuf-attributes.ts";
import { readRequest, writeRequest } from "./protobuf-groups.ts";

/**
 * Records of an `ExportLogsServiceRequest` in protobuf. Throws `malformed_payload`, and
 * `too_many_points` beyond `maxItems`.
 */
export function decodeOtlpLogsProtobuf(
  bytes: Uint8Array,
  { maxItems }: DecodeOptions = {},
): LogRecord[] {
  return readRequest(bytes, { format: "OTLP logs", readItem: readLogRecord, maxItems });
}

/** An `ExportLogsServiceRequest` in protobuf. No record gives an empty, valid request. */
export function encodeOtlpLogsProtobuf(records: readonly LogRecord[]): Uint8Array {
  return writeRequest(records, writeLogRecord);
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Reads a `LogRecord` whose length is next, and counts it. */
export function readLogRecord(reader: ProtoReader, resource: Resource, scope: Scope): LogRecord {
  reader.countItem();
  const outer = reader.enter();
  const record: Mutable<LogRecord> = {
    timeUnixNano: 0n,
    observedUnixNano: 0n,
    severityNumber: 0,
    severityText: "",
    body: null,
    attributes: NO_ATTRIBUTES,
    traceId: "",
    spanId: "",
    eventName: "",
    resource,
    scope,
  };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x09) record.timeUnixNano = reader.fixed64();
    else if (tag === 0x10) record.severityNumber = reader.int32();
    else if (tag === 0x1a) record.severityText = reader.string();
    else if (tag === 0x2a) record.body = readAnyValue(reader);
    else if (tag === 0x32) record.attributes = readKeyValue(reader, record.attributes);
    else if (tag === 0x4a) record.traceId = idToHex(reader.lengthDelimited());
    else if (tag === 0x52) record.spanId = idToHex(reader.lengthDelimited());
    else if (tag === 0x59) record.observedUnixNano = reader.fixed64();
    else if (tag === 0x62) record.eventName = reader.string();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return record;
}

function writeLogRecord(writer: ProtoWriter, record: LogRecord): void {
  writer.fixed64(1, record.timeUnixNano);
  writer.uint(2, record.severityNumber);
  writer.string(3, record.severityText);
  if (record.body !== null) {
    const start = writer.begin(5);
    writeAnyValue(writer, record.body);
    writer.end(start);
  }
  writeAttributes(writer, 6, record.attributes);
  writer.uint(7, record.droppedAttributes ?? 0);
  writer.fixed32(8, record.flags ?? 0);
  writer.bytesField(9, idFromHex(record.traceId));
  writer.bytesField(10, idFromHex(record.spanId));
  writer.fixed64(11, record.observedUnixNano);
  writer.string(12, record.eventName);
}
