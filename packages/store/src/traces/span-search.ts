import type { Span } from "@avx/model";
import type { TraceSearch, TraceSummary } from "../store.ts";
import { serviceNameOf } from "./service-name.ts";

const NANOS_PER_MS = 1e6;

/** Unix milliseconds with their fraction; exact to a microsecond until the year 2255. */
export function nanosToMs(nanos: bigint): number {
  return Number(nanos / 1000n) / 1000;
}

/** Milliseconds from start to end; negative when the clocks disagreed. */
export function durationMsOf({ startUnixNano, endUnixNano }: Span): number {
  return Number(endUnixNano - startUnixNano) / NANOS_PER_MS;
}

/** Whether a span by itself meets the search; a trace is found when one of its spans does. */
export function spanMatches(span: Span, search: TraceSearch): boolean {
  const { service, operation, range, minDurationMs, onlyErrors } = search;
  const startMs = nanosToMs(span.startUnixNano);
  return (
    startMs >= range.startMs &&
    startMs <= range.endMs &&
    (service === "" || serviceNameOf(span.resource) === service) &&
    (operation === "" || span.name === operation) &&
    (!onlyErrors || span.status === "error") &&
    durationMsOf(span) >= minDurationMs
  );
}

/** The facts of a span that a summary is made of. */
export interface SpanFacts {
  readonly traceId: string;
  readonly service: string;
  readonly name: string;
  readonly isRoot: boolean;
  readonly isError: boolean;
  readonly startMs: number;
  readonly durationMs: number;
}

/** The facts of a span that came from outside. */
export function spanFacts(span: Span): SpanFacts {
  return {
    traceId: span.traceId,
    service: serviceNameOf(span.resource),
    name: span.name,
    isRoot: span.parentSpanId === "",
    isError: span.status === "error",
    startMs: nanosToMs(span.startUnixNano),
    durationMs: durationMsOf(span),
  };
}

/**
 * One row of the list for the spans of one trace (at least one). Without a root span (it may not
 * have arrived) the earliest span stands in.
 */
export function summarizeTrace(spans: readonly SpanFacts[]): TraceSummary {
  let earliest = spans[0]!;
  let endMs = -Infinity;
  for (const span of spans) {
    if (span.startMs < earliest.startMs) earliest = span;
    endMs = Math.max(endMs, span.startMs + span.durationMs);
  }
  const root = spans.find(({ isRoot }) => isRoot) ?? earliest;
  return {
    traceId: root.traceId,
    rootService: root.service,
    rootName: root.name,
    startMs: earliest.startMs,
    durationMs: endMs - earliest.startMs,
    spanCount: spans.length,
    errorCount: spans.filter(({ isError }) => isError).length,
    services: [...new Set(spans.map(({ service }) => service))].sort(),
  };
}

/** By start, then by id, so that equal times keep one order. */
export function compareSpans(a: Span, b: Span): number {
  if (a.startUnixNano !== b.startUnixNano) return a.startUnixNano < b.startUnixNano ? -1 : 1;
  return a.spanId < b.spanId ? -1 : Number(a.spanId > b.spanId);
}
