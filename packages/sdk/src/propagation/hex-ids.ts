import type { SpanContext } from "@opentelemetry/api";

const TRACE_ID = /^[0-9a-f]{1,32}$/i;
const SPAN_ID = /^[0-9a-f]{1,16}$/i;

/** A remote span of ids in hex, shorter ones filled up with zeros; undefined when they are invalid. */
export function remoteSpan(
  traceId: string,
  spanId: string,
  isSampled: boolean,
): SpanContext | undefined {
  if (!TRACE_ID.test(traceId) || !SPAN_ID.test(spanId)) return undefined;
  const trace = traceId.toLowerCase().padStart(32, "0");
  const span = spanId.toLowerCase().padStart(16, "0");
  if (/^0+$/.test(trace) || /^0+$/.test(span)) return undefined;
  return { traceId: trace, spanId: span, traceFlags: isSampled ? 1 : 0, isRemote: true };
}
