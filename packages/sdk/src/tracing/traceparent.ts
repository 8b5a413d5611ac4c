import type { SpanContext } from "@opentelemetry/api";

/** Length of a version 00 header: 2 + 1 + 32 + 1 + 16 + 1 + 2. */
const TRACEPARENT_LENGTH = 55;
const ZERO_TRACE_ID = "0".repeat(32);
const ZERO_SPAN_ID = "0".repeat(16);
const DASH = 45;
const SAMPLED_FLAG = 1;
/** The random flag of Trace Context level 2 travels on with the trace; other flags are reserved. */
const KNOWN_FLAGS = 3;

/**
 * Reads a `traceparent` header strictly by https://www.w3.org/TR/trace-context/#traceparent-header.
 * undefined when the header is absent or invalid: the trace then starts here. A higher version is
 * read as far as version 00 goes.
 */
export function parseTraceparent(header: string | undefined): SpanContext | undefined {
  if (header === undefined || header.length < TRACEPARENT_LENGTH) return undefined;
  if (!hasShape(header)) return undefined;
  const version = header.slice(0, 2);
  if (version === "ff") return undefined;
  if (header.length > TRACEPARENT_LENGTH) {
    if (version === "00" || header.charCodeAt(TRACEPARENT_LENGTH) !== DASH) return undefined;
  }
  const traceId = header.slice(3, 35);
  const spanId = header.slice(36, 52);
  if (traceId === ZERO_TRACE_ID || spanId === ZERO_SPAN_ID) return undefined;
  const traceFlags = Number.parseInt(header.slice(53, 55), 16) & KNOWN_FLAGS;
  return { traceId, spanId, traceFlags, isRemote: true };
}

/** Writes a version 00 header with the flags of the span. */
export function formatTraceparent(span: SpanContext): string {
  const flags = (span.traceFlags & KNOWN_FLAGS).toString(16).padStart(2, "0");
  return `00-${span.traceId}-${span.spanId}-${flags}`;
}

/** Whether the sampled flag is set. */
export function isSampled(span: SpanContext): boolean {
  return (span.traceFlags & SAMPLED_FLAG) === SAMPLED_FLAG;
}

function hasShape(header: string): boolean {
  for (let i = 0; i < TRACEPARENT_LENGTH; i++) {
    const code = header.charCodeAt(i);
    if (i === 2 || i === 35 || i === 52) {
      if (code !== DASH) return false;
    } else if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false;
  }
  return true;
}
