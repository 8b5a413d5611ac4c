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
  /** Attributes that a limit has cost; absent = none. */
  readonly droppedAttributes?: number;
}

/** A span of another place that this one relates to. Ids are lower-case hex. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly attributes: Attributes;
  readonly droppedAttributes?: number;
  /** As `Span.flags`, of the context that is linked to. */
  readonly flags?: number;
}

/** What the limits of one span have cost it. */
export interface SpanLosses {
  readonly attributes: number;
  readonly events: number;
  readonly links: number;
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
  /** OTLP's: trace flags, bit 8 "it is known whether the parent is remote", bit 9 "it is". Absent = 0. */
  readonly flags?: number;
  /** Absent = nothing was lost. */
  readonly losses?: SpanLosses;
}
