import type { Resource, Scope, Span, SpanEvent, SpanLink } from "@avx/model";
import { SpanStatusCode } from "@opentelemetry/api";
import type { TelemetryScope } from "../telemetry-scope.ts";
import { exportedAttributes, exportedMap } from "./otlp-attributes.ts";
import {
  type RecordedEvent,
  type RecordedLink,
  type RecordedSpan,
  SPAN_KIND_NAMES,
} from "./recorded-span.ts";
import { toUnixNano, unixOffsetMs } from "./time-input.ts";

const STATUS_NAMES = {
  [SpanStatusCode.UNSET]: "unset",
  [SpanStatusCode.OK]: "ok",
  [SpanStatusCode.ERROR]: "error",
} as const;

/** Ended spans in the form in which they are sent. Scopes of one tracer are one object. */
export function exportedSpans(spans: readonly RecordedSpan[], resource: Resource): Span[] {
  const offsetMs = unixOffsetMs();
  const scopes = new Map<TelemetryScope, Scope>();
  return spans.map((span) => {
    let scope = scopes.get(span.scope);
    if (scope === undefined) {
      scope = { ...span.scope, attributes: new Map() };
      scopes.set(span.scope, scope);
    }
    return exportedSpan(span, { resource, scope, offsetMs });
  });
}

interface SpanSurroundings {
  readonly resource: Resource;
  readonly scope: Scope;
  readonly offsetMs: number;
}

function exportedSpan(span: RecordedSpan, surroundings: SpanSurroundings): Span {
  const { resource, scope, offsetMs } = surroundings;
  const context = span.spanContext();
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    parentSpanId: span.parentSpanId,
    traceState: context.traceState?.serialize() ?? "",
    name: span.name,
    // Programs in JavaScript may hand over any kind.
    kind: SPAN_KIND_NAMES[span.kind] ?? "internal",
    startUnixNano: toUnixNano(span.startMs + offsetMs),
    endUnixNano: toUnixNano(span.endMs + offsetMs),
    attributes: exportedMap(span.attributes),
    events: (span.events ?? []).map((event) => exportedEvent(event, offsetMs)),
    links: (span.links ?? []).map(exportedLink),
    status: STATUS_NAMES[span.status.code],
    statusMessage: span.status.message ?? "",
    resource,
    scope,
    flags: contextFlags(context.traceFlags, span.isLocalRoot && span.parentSpanId !== ""),
    ...(span.losses === undefined ? {} : { losses: span.losses }),
  };
}

/** OTLP's `SpanFlags`: W3C flags, then "known whether remote" and "remote". */
function contextFlags(traceFlags: number, isRemote: boolean): number {
  return (traceFlags & 0xff) | 0x100 | (isRemote ? 0x200 : 0);
}

function exportedEvent(event: RecordedEvent, offsetMs: number): SpanEvent {
  return {
    timeUnixNano: toUnixNano(event.timeMs + offsetMs),
    name: event.name,
    attributes: exportedAttributes(event.attributes),
    droppedAttributes: event.droppedAttributes,
  };
}

function exportedLink(link: RecordedLink): SpanLink {
  return {
    traceId: link.context.traceId,
    spanId: link.context.spanId,
    traceState: link.context.traceState?.serialize() ?? "",
    attributes: exportedAttributes(link.attributes),
    droppedAttributes: link.droppedAttributes,
    flags: contextFlags(link.context.traceFlags, link.context.isRemote === true),
  };
}
