import type { Span } from "@avx/model";
import { decodeOtlpTracesJson, decodeOtlpTracesProtobuf } from "@avx/wire";
import type { IngestPorts, IngestReply, IngestRequest } from "./ingest-request.ts";
import { attributeFault, MAX_PARTS_PER_ITEM, RECORD_LIMITS, textFault } from "./limits.ts";
import { answerOtlp } from "./otlp-answer.ts";
import { Refusals } from "./refusals.ts";
import { nanosFault, type TimeWindow, timeWindow } from "./time-window.ts";

const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

/** `POST /v1/traces` and `/api/v1/otlp/v1/traces`. */
export function handleOtlpTraces(request: IngestRequest, ports: IngestPorts): Promise<IngestReply> {
  return answerOtlp(request, ports, {
    signal: "traces",
    decode: { protobuf: decodeOtlpTracesProtobuf, json: decodeOtlpTracesJson },
    count: (spans) => spans.length,
    take: takeSpans,
  });
}

async function takeSpans(spans: readonly Span[], ports: IngestPorts): Promise<Refusals> {
  const refusals = new Refusals();
  const { traceRetentionMs = ports.retentionMs } = ports;
  const window = timeWindow({ ...ports, retentionMs: traceRetentionMs });
  const accepted = spans.filter((span) => {
    const reason = spanFault(span, window);
    if (reason !== undefined) refusals.add(reason);
    return reason === undefined;
  });
  if (accepted.length > 0) await ports.store.traces.append(accepted);
  return refusals;
}

function spanFault(span: Span, window: TimeWindow): string | undefined {
  const hasIds =
    TRACE_ID.test(span.traceId) &&
    SPAN_ID.test(span.spanId) &&
    (span.parentSpanId === "" || SPAN_ID.test(span.parentSpanId));
  if (!hasIds) return "invalid_id";
  const startFault = nanosFault(span.startUnixNano, window);
  const endFault = nanosFault(span.endUnixNano, window);
  // A long span may have begun before the retention; what counts is when it ended.
  if (startFault === "timestamp_future" || endFault !== undefined) return endFault ?? startFault;
  const { events, links, scope } = span;
  if (events.length > MAX_PARTS_PER_ITEM || links.length > MAX_PARTS_PER_ITEM) {
    return "too_many_parts";
  }
  const texts = [span.name, span.traceState, span.statusMessage, scope.name, scope.version];
  for (const { name } of events) texts.push(name);
  for (const { traceState } of links) texts.push(traceState);
  const longText = textFault(texts);
  if (longText !== undefined) return longText;
  const carriers = [span, span.resource, scope, ...events, ...links];
  for (const { attributes } of carriers) {
    const fault = attributeFault(attributes, RECORD_LIMITS);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
