import type { Attributes } from "./attributes.ts";
import type { Resource, Scope } from "./resource.ts";

/** The role of a span in a request, as OTLP names it. */
export type SpanKind = "unspecified" | "internal" | "server" | "client" | "producer" | "consumer";
/** Whether the work succeeded; `unset` where nobody said. */
export type SpanStatus = "unset" | "ok" | "error";

/** Something that happened at one time within a span. */
export interface SpanEvent {
  readonly timeUnixNano: bigint;
  readonly name: string;
  readonly attributes: Attributes;
}

/** A span of another place that this one relates to. Ids are lower-case hex. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly attributes: Attributes;
}

/** A finished span. Ids are lower-case hex (32 and 16 digits); `parentSpanId` is "" for a root. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly status: SpanStatus;
  readonly statusMessage: string;
  readonly resource: Resource;
  readonly scope: Scope;
}
