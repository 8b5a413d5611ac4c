import type { SpanContext } from "@opentelemetry/api";
import { isSampled } from "../tracing/traceparent.ts";
import type { HeaderFormat, HeaderReader } from "./header-format.ts";
import { remoteSpan } from "./hex-ids.ts";

// https://github.com/openzipkin/b3-propagation: ids of a whole 64 or 128 bits, no others.
const TRACE_ID = /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/i;
const SPAN_ID = /^[0-9a-f]{16}$/i;
/** Sampled, or debug, which means sampled. "true" is what old senders wrote. */
const SAMPLED = /^(?:1|d|true)$/i;

/** B3 in one header: `b3: {trace}-{span}-{1|0|d}-{parent}`. Reads the multi-header form too. */
export const B3_SINGLE: HeaderFormat = {
  fields: ["b3"],
  read: (header) => readSingle(header) ?? readMulti(header),
  write(span, set) {
    set("b3", `${span.traceId}-${span.spanId}-${isSampled(span) ? 1 : 0}`);
  },
};

/** B3 in a header for each part. Reads the single-header form too, which wins. */
export const B3_MULTI: HeaderFormat = {
  fields: ["x-b3-traceid", "x-b3-spanid", "x-b3-sampled"],
  read: (header) => readSingle(header) ?? readMulti(header),
  write(span, set) {
    set("x-b3-traceid", span.traceId);
    set("x-b3-spanid", span.spanId);
    set("x-b3-sampled", isSampled(span) ? "1" : "0");
  },
};

/** A header that only says "0" or "1", without ids, decides nothing here: the trace starts anew. */
function readSingle(header: HeaderReader): SpanContext | undefined {
  const [traceId = "", spanId = "", sampled = ""] = header("b3")?.split("-") ?? [];
  return b3Span(traceId, spanId, sampled);
}

function readMulti(header: HeaderReader): SpanContext | undefined {
  const traceId = header("x-b3-traceid");
  if (traceId === undefined) return undefined;
  const sampled = header("x-b3-flags") === "1" ? "d" : (header("x-b3-sampled") ?? "");
  return b3Span(traceId, header("x-b3-spanid") ?? "", sampled);
}

function b3Span(traceId: string, spanId: string, sampled: string): SpanContext | undefined {
  if (!TRACE_ID.test(traceId) || !SPAN_ID.test(spanId)) return undefined;
  return remoteSpan(traceId, spanId, SAMPLED.test(sampled));
}
