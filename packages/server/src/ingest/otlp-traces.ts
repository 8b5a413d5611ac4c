import type { Resource, Scope, Span } from "@avx/model";
import { decodeOtlpTracesJson, decodeOtlpTracesProtobuf, SpanColumnDecoder } from "@avx/wire";
import type { IngestPorts, IngestReply, IngestRequest } from "./ingest-request.ts";
import {
  attributeFault,
  isLongerThan,
  MAX_ITEMS_PER_REQUEST,
  MAX_PARTS_PER_ITEM,
  RECORD_LIMITS,
  textFault,
} from "./limits.ts";
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
    takeWhole: takeColumns,
  });
}

/** One for all requests: it keeps the memory of its columns. */
const columnDecoder = new SpanColumnDecoder({
  maxAttributes: RECORD_LIMITS.maxCount,
  maxNameBytes: RECORD_LIMITS.maxNameBytes,
  maxValueBytes: RECORD_LIMITS.maxValueBytes,
  maxEvents: MAX_PARTS_PER_ITEM,
});

/** The usual request, all of whose spans are taken. */
async function takeColumns(body: Uint8Array, ports: IngestPorts): Promise<number | undefined> {
  const { traces } = ports.store;
  if (!traces.appendColumns) return undefined;
  const window = traceWindow(ports);
  const decoded = columnDecoder.decode(body, { ...window, maxItems: MAX_ITEMS_PER_REQUEST });
  if (!decoded) return undefined;
  const { columns, others } = decoded;
  const isSound =
    columns.groups.every((group) => groupFault(group) === undefined) &&
    others.every((span) => spanFault(span, window) === undefined);
  if (!isSound) return undefined;
  await traces.appendColumns({ columns, others, encoded: body });
  return columns.rows + others.length;
}

function traceWindow(ports: IngestPorts): TimeWindow {
  const { traceRetentionMs = ports.retentionMs } = ports;
  return timeWindow({ ...ports, retentionMs: traceRetentionMs });
}

async function takeSpans(
  spans: readonly Span[],
  ports: IngestPorts,
  encoded: Uint8Array | undefined,
): Promise<Refusals> {
  const refusals = new Refusals();
  const window = traceWindow(ports);
  const accepted = spans.filter((span) => {
    const reason = spanFault(span, window);
    if (reason !== undefined) refusals.add(reason);
    return reason === undefined;
  });
  if (accepted.length > 0) {
    const isWhole = accepted.length === spans.length;
    await ports.store.traces.append(accepted, isWhole ? encoded : undefined);
  }
  return refusals;
}

/** Resources and scopes that were found within the limits: all spans of a group share theirs. */
const soundCarriers = new WeakSet<Resource | Scope>();

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
  const { events, links } = span;
  if (events.length > MAX_PARTS_PER_ITEM || links.length > MAX_PARTS_PER_ITEM) {
    return "too_many_parts";
  }
  return (
    spanTextFault(span) ??
    attributeFault(span.attributes, RECORD_LIMITS) ??
    groupFault(span) ??
    (events.length + links.length === 0 ? undefined : partFault(span))
  );
}

/** As `textFault`, without an array a span. */
function spanTextFault({ name, traceState, statusMessage }: Span): "text_too_long" | undefined {
  const { maxValueBytes } = RECORD_LIMITS;
  const isLong =
    isLongerThan(name, maxValueBytes) ||
    isLongerThan(traceState, maxValueBytes) ||
    isLongerThan(statusMessage, maxValueBytes);
  return isLong ? "text_too_long" : undefined;
}

function groupFault({ resource, scope }: Pick<Span, "resource" | "scope">): string | undefined {
  if (soundCarriers.has(resource) && soundCarriers.has(scope)) return undefined;
  const fault =
    textFault([scope.name, scope.version]) ??
    attributeFault(resource.attributes, RECORD_LIMITS) ??
    attributeFault(scope.attributes, RECORD_LIMITS);
  if (fault === undefined) soundCarriers.add(resource).add(scope);
  return fault;
}

function partFault({ events, links }: Span): string | undefined {
  const texts = [...events.map(({ name }) => name), ...links.map((link) => link.traceState)];
  const longText = textFault(texts);
  if (longText !== undefined) return longText;
  for (const { attributes } of [...events, ...links]) {
    const fault = attributeFault(attributes, RECORD_LIMITS);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
