import { formatTraceparent, parseTraceparent } from "../tracing/traceparent.ts";
import { parseTracestate } from "../tracing/tracestate.ts";
import type { HeaderFormat } from "./header-format.ts";

/** W3C Trace Context: https://www.w3.org/TR/trace-context/ */
export const TRACE_CONTEXT: HeaderFormat = {
  fields: ["traceparent", "tracestate"],
  read(header) {
    const remote = parseTraceparent(header("traceparent"));
    if (remote === undefined) return undefined;
    const traceState = parseTracestate(header("tracestate"));
    return traceState === undefined ? remote : { ...remote, traceState };
  },
  write(span, set) {
    set("traceparent", formatTraceparent(span));
    const state = span.traceState?.serialize() ?? "";
    if (state !== "") set("tracestate", state);
  },
};
