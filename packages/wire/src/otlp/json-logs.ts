import type { LogRecord, Resource, Scope } from "@avx/model";
import type { DecodeOptions } from "./decode-options.ts";
import {
  anyValueFromJson,
  anyValueToJson,
  attributesFromJson,
  attributesToJson,
  type JsonOut,
} from "./json-attributes.ts";
import { type JsonFrame, readJsonRequest, writeJsonRequest } from "./json-groups.ts";
import { hexOf, int32Of, type JsonObject, textOf, uint64Of } from "./json-values.ts";

const FRAME: JsonFrame = {
  format: "OTLP logs",
  resourceField: "resourceLogs",
  scopeField: "scopeLogs",
  itemField: "logRecords",
};

/**
 * Records of an `ExportLogsServiceRequest` in JSON. Throws `malformed_payload`, and
 * `too_many_points` beyond `maxItems`.
 */
export function decodeOtlpLogsJson(
  bytes: Uint8Array,
  { maxItems }: DecodeOptions = {},
): LogRecord[] {
  return readJsonRequest(bytes, {
    frame: FRAME,
    readItem: readLogRecord,
    sizeOf: () => 1,
    maxItems,
  });
}

/** An `ExportLogsServiceRequest` in JSON. */
export function encodeOtlpLogsJson(records: readonly LogRecord[]): Uint8Array {
  return writeJsonRequest(records, FRAME, logRecordToJson);
}

function readLogRecord(json: JsonObject, resource: Resource, scope: Scope): LogRecord {
  return {
    timeUnixNano: uint64Of(json["timeUnixNano"], "timeUnixNano"),
    observedUnixNano: uint64Of(json["observedTimeUnixNano"], "observedTimeUnixNano"),
    severityNumber: int32Of(json["severityNumber"], "severityNumber"),
    severityText: textOf(json["severityText"], "severityText"),
    body: anyValueFromJson(json["body"]),
    attributes: attributesFromJson(json["attributes"]),
    traceId: hexOf(json["traceId"], "traceId"),
    spanId: hexOf(json["spanId"], "spanId"),
    eventName: textOf(json["eventName"], "eventName"),
    resource,
    scope,
  };
}

function logRecordToJson(record: LogRecord): JsonOut {
  return {
    timeUnixNano: String(record.timeUnixNano),
    observedTimeUnixNano: String(record.observedUnixNano),
    severityNumber: record.severityNumber,
    severityText: record.severityText,
    body: record.body === null ? undefined : anyValueToJson(record.body),
    attributes: attributesToJson(record.attributes),
    traceId: record.traceId,
    spanId: record.spanId,
    eventName: record.eventName,
    flags: record.flags,
    droppedAttributesCount: record.droppedAttributes,
  };
}
