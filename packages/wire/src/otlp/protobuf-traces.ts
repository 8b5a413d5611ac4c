import type { Resource, Scope, Span, SpanEvent, SpanLink } from "@avx/model";
import type { ProtoReader } from "../protobuf/reader.ts";
import type { ProtoWriter } from "../protobuf/writer.ts";
import type { DecodeOptions } from "./decode-options.ts";
import { idFromHex, idToHex } from "./hex.ts";
import { NO_ATTRIBUTES } from "./metric.ts";
import { readKeyValue, writeAttributes } from "./protobuf-attributes.ts";
import { readRequest, writeRequest } from "./protobuf-groups.ts";
import { SPAN_KINDS, SPAN_STATUSES } from "./span-enums.ts";

/**
 * Spans of an `ExportTraceServiceRequest` in protobuf. Ids are not checked for their length: that
 * is a matter of partial success, not of a refused request. Throws `malformed_payload`, and
 * `too_many_points` beyond `maxItems`.
 */
export function decodeOtlpTracesProtobuf(
  bytes: Uint8Array,
  { maxItems }: DecodeOptions = {},
): Span[] {
  return readRequest(bytes, { format: "OTLP traces", readItem: readSpan, maxItems });
}

/** An `ExportTraceServiceRequest` in protobuf. No span gives an empty, valid request. */
export function encodeOtlpTracesProtobuf(spans: readonly Span[]): Uint8Array {
  return writeRequest(spans, writeSpan);
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Most spans have neither; one list for all of them. */
const NO_EVENTS: readonly SpanEvent[] = Object.freeze([]);
const NO_LINKS: readonly SpanLink[] = Object.freeze([]);

/** Reads a `Span` whose length is next, and counts it. */
export function readSpan(reader: ProtoReader, resource: Resource, scope: Scope): Span {
  reader.countItem();
  const outer = reader.enter();
  let events: SpanEvent[] | undefined;
  let links: SpanLink[] | undefined;
  const span: Mutable<Span> = {
    traceId: "",
    spanId: "",
    parentSpanId: "",
    traceState: "",
    name: "",
    kind: "unspecified",
    startUnixNano: 0n,
    endUnixNano: 0n,
    attributes: NO_ATTRIBUTES,
    events: NO_EVENTS,
    links: NO_LINKS,
    status: "unset",
    statusMessage: "",
    resource,
    scope,
  };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) span.traceId = idToHex(reader.lengthDelimited());
    else if (tag === 0x12) span.spanId = idToHex(reader.lengthDelimited());
    else if (tag === 0x1a) span.traceState = reader.string();
    else if (tag === 0x22) span.parentSpanId = idToHex(reader.lengthDelimited());
    else if (tag === 0x2a) span.name = reader.string();
    else if (tag === 0x30) span.kind = SPAN_KINDS[reader.int32()] ?? "unspecified";
    else if (tag === 0x39) span.startUnixNano = reader.fixed64();
    else if (tag === 0x41) span.endUnixNano = reader.fixed64();
    else if (tag === 0x4a) span.attributes = readKeyValue(reader, span.attributes);
    else if (tag === 0x5a) {
      events ??= [];
      events.push(readEvent(reader));
    } else if (tag === 0x6a) {
      links ??= [];
      links.push(readLink(reader));
    } else if (tag === 0x7a) readStatus(reader, span);
    else reader.skip(tag);
  }
  reader.leave(outer);
  if (events) span.events = events;
  if (links) span.links = links;
  return span;
}

function readEvent(reader: ProtoReader): SpanEvent {
  const outer = reader.enter();
  let attributes = NO_ATTRIBUTES;
  let timeUnixNano = 0n;
  let name = "";
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x09) timeUnixNano = reader.fixed64();
    else if (tag === 0x12) name = reader.string();
    else if (tag === 0x1a) attributes = readKeyValue(reader, attributes);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { timeUnixNano, name, attributes };
}

function readLink(reader: ProtoReader): SpanLink {
  const outer = reader.enter();
  let attributes = NO_ATTRIBUTES;
  let traceId = "";
  let spanId = "";
  let traceState = "";
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) traceId = idToHex(reader.lengthDelimited());
    else if (tag === 0x12) spanId = idToHex(reader.lengthDelimited());
    else if (tag === 0x1a) traceState = reader.string();
    else if (tag === 0x22) attributes = readKeyValue(reader, attributes);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { traceId, spanId, traceState, attributes };
}

function readStatus(reader: ProtoReader, span: Mutable<Span>): void {
  const outer = reader.enter();
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x12) span.statusMessage = reader.string();
    else if (tag === 0x18) span.status = SPAN_STATUSES[reader.int32()] ?? "unset";
    else reader.skip(tag);
  }
  reader.leave(outer);
}

function writeSpan(writer: ProtoWriter, span: Span): void {
  writer.bytesField(1, idFromHex(span.traceId));
  writer.bytesField(2, idFromHex(span.spanId));
  writer.string(3, span.traceState);
  writer.bytesField(4, idFromHex(span.parentSpanId));
  writer.string(5, span.name);
  writer.uint(6, SPAN_KINDS.indexOf(span.kind));
  writer.fixed64(7, span.startUnixNano);
  writer.fixed64(8, span.endUnixNano);
  writeAttributes(writer, 9, span.attributes);
  writer.uint(10, span.losses?.attributes ?? 0);
  for (const event of span.events) {
    const start = writer.begin(11);
    writer.fixed64(1, event.timeUnixNano);
    writer.string(2, event.name);
    writeAttributes(writer, 3, event.attributes);
    writer.uint(4, event.droppedAttributes ?? 0);
    writer.end(start);
  }
  writer.uint(12, span.losses?.events ?? 0);
  for (const link of span.links) {
    const start = writer.begin(13);
    writer.bytesField(1, idFromHex(link.traceId));
    writer.bytesField(2, idFromHex(link.spanId));
    writer.string(3, link.traceState);
    writeAttributes(writer, 4, link.attributes);
    writer.uint(5, link.droppedAttributes ?? 0);
    writer.fixed32(6, link.flags ?? 0);
    writer.end(start);
  }
  writer.uint(14, span.losses?.links ?? 0);
  if (span.status !== "unset" || span.statusMessage !== "") {
    const start = writer.begin(15);
    writer.string(2, span.statusMessage);
    writer.uint(3, SPAN_STATUSES.indexOf(span.status));
    writer.end(start);
  }
  writer.fixed32(16, span.flags ?? 0);
}
