import type { Resource, Scope, Span, SpanEvent, SpanLink } from "@avx/model";
import type { DecodeOptions } from "./decode-options.ts";
import { attributesFromJson, attributesToJson, type JsonOut } from "./json-attributes.ts";
import { type JsonFrame, readJsonRequest, writeJsonRequest } from "./json-groups.ts";
import {
  arrayOf,
  enumOf,
  hexOf,
  type JsonObject,
  objectOf,
  textOf,
  uint64Of,
} from "./json-values.ts";
import { SPAN_KINDS, SPAN_STATUSES } from "./span-enums.ts";

const FRAME: JsonFrame = {
  format: "OTLP traces",
  resourceField: "resourceSpans",
  scopeField: "scopeSpans",
  itemField: "spans",
};

/**
 * Spans of an `ExportTraceServiceRequest` in JSON. Throws `malformed_payload`, and
 * `too_many_points` beyond `maxItems`.
 */
export function decodeOtlpTracesJson(bytes: Uint8Array, { maxItems }: DecodeOptions = {}): Span[] {
  return readJsonRequest(bytes, { frame: FRAME, readItem: readSpan, sizeOf: () => 1, maxItems });
}

/** An `ExportTraceServiceRequest` in JSON. */
export function encodeOtlpTracesJson(spans: readonly Span[]): Uint8Array {
  return writeJsonRequest(spans, FRAME, spanToJson);
}

function readSpan(json: JsonObject, resource: Resource, scope: Scope): Span {
  const status = objectOf(json["status"], "status");
  return {
    traceId: hexOf(json["traceId"], "traceId"),
    spanId: hexOf(json["spanId"], "spanId"),
    parentSpanId: hexOf(json["parentSpanId"], "parentSpanId"),
    traceState: textOf(json["traceState"], "traceState"),
    name: textOf(json["name"], "name"),
    kind: enumOf(json["kind"], SPAN_KINDS, "kind"),
    startUnixNano: uint64Of(json["startTimeUnixNano"], "startTimeUnixNano"),
    endUnixNano: uint64Of(json["endTimeUnixNano"], "endTimeUnixNano"),
    attributes: attributesFromJson(json["attributes"]),
    events: arrayOf(json["events"], "events").map(readEvent),
    links: arrayOf(json["links"], "links").map(readLink),
    status: enumOf(status["code"], SPAN_STATUSES, "code"),
    statusMessage: textOf(status["message"], "message"),
    resource,
    scope,
  };
}

function readEvent(value: unknown): SpanEvent {
  const event = objectOf(value, "events");
  return {
    timeUnixNano: uint64Of(event["timeUnixNano"], "timeUnixNano"),
    name: textOf(event["name"], "name"),
    attributes: attributesFromJson(event["attributes"]),
  };
}

function readLink(value: unknown): SpanLink {
  const link = objectOf(value, "links");
  return {
    traceId: hexOf(link["traceId"], "traceId"),
    spanId: hexOf(link["spanId"], "spanId"),
    traceState: textOf(link["traceState"], "traceState"),
    attributes: attributesFromJson(link["attributes"]),
  };
}

function spanToJson(span: Span): JsonOut {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    traceState: span.traceState,
    name: span.name,
    kind: SPAN_KINDS.indexOf(span.kind),
    startTimeUnixNano: String(span.startUnixNano),
    endTimeUnixNano: String(span.endUnixNano),
    attributes: attributesToJson(span.attributes),
    events: span.events.map((event) => ({
      timeUnixNano: String(event.timeUnixNano),
      name: event.name,
      attributes: attributesToJson(event.attributes),
      droppedAttributesCount: event.droppedAttributes,
    })),
    links: span.links.map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      traceState: link.traceState,
      attributes: attributesToJson(link.attributes),
      droppedAttributesCount: link.droppedAttributes,
      flags: link.flags,
    })),
    status: { code: SPAN_STATUSES.indexOf(span.status), message: span.statusMessage },
    flags: span.flags,
    droppedAttributesCount: span.losses?.attributes,
    droppedEventsCount: span.losses?.events,
    droppedLinksCount: span.losses?.links,
  };
}
