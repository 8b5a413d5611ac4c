import {
  type Context,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import { outgoingTraceHeaders } from "../http/outgoing-headers.ts";
import { spanContextOf } from "../tracing/trace-scope.ts";
import { parseTraceparent } from "../tracing/traceparent.ts";
import { parseTracestate } from "../tracing/tracestate.ts";

/** Reads and writes W3C trace context for libraries that ask the API to. */
export class TraceContextPropagator implements TextMapPropagator {
  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const span = spanContextOf(context);
    if (span === undefined) return;
    for (const [name, value] of outgoingTraceHeaders(span)) setter.set(carrier, name, value);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const remote = parseTraceparent(single(getter.get(carrier, "traceparent")));
    if (remote === undefined) return context;
    const header = getter.get(carrier, "tracestate");
    const traceState = parseTracestate(Array.isArray(header) ? header.join(",") : header);
    const span = traceState === undefined ? remote : { ...remote, traceState };
    return trace.setSpanContext(context, span);
  }

  fields(): string[] {
    return ["traceparent", "tracestate"];
  }
}

/** Two traceparent headers contradict each other: none counts. */
function single(header: string | string[] | undefined): string | undefined {
  if (!Array.isArray(header)) return header;
  return header.length === 1 ? header[0] : undefined;
}
