import type { SpanContext } from "@opentelemetry/api";
import { formatTraceparent } from "../tracing/traceparent.ts";

/** The W3C headers of a request that is made inside `span`. */
export function outgoingTraceHeaders(span: SpanContext): [string, string][] {
  const headers: [string, string][] = [["traceparent", formatTraceparent(span)]];
  const state = span.traceState?.serialize() ?? "";
  if (state !== "") headers.push(["tracestate", state]);
  return headers;
}
