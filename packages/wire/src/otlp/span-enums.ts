import type { SpanKind, SpanStatus } from "@avx/model";

/** Span kinds by their number in OTLP. */
export const SPAN_KINDS: readonly [SpanKind, ...SpanKind[]] = [
  "unspecified",
  "internal",
  "server",
  "client",
  "producer",
  "consumer",
];

/** Status codes by their number in OTLP. */
export const SPAN_STATUSES: readonly [SpanStatus, ...SpanStatus[]] = ["unset", "ok", "error"];
