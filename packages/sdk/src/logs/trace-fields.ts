import { activeSpanContext } from "../tracing/trace-scope.ts";

/** The ids of the active span under the names that OpenTelemetry gives them in other log formats. */
export interface TraceFields {
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly trace_flags?: string;
}

const NONE: TraceFields = {};

/**
 * For a logger of your own, so that its lines find their trace:
 * `pino({ mixin: () => traceFields() })`. Empty outside of any span.
 */
export function traceFields(): TraceFields {
  const span = activeSpanContext();
  if (span === undefined) return NONE;
  const flags = span.traceFlags.toString(16).padStart(2, "0");
  return { trace_id: span.traceId, span_id: span.spanId, trace_flags: flags };
}
