import type { LogRecord } from "@avx/model";
import { decodeOtlpLogsJson, decodeOtlpLogsProtobuf, LogColumnDecoder } from "@avx/wire";
import type { IngestPorts, IngestReply, IngestRequest } from "./ingest-request.ts";
import {
  attributeFault,
  isValueTooLong,
  MAX_ITEMS_PER_REQUEST,
  RECORD_LIMITS,
  textFault,
} from "./limits.ts";
import { answerOtlp } from "./otlp-answer.ts";
import { Refusals } from "./refusals.ts";
import { nanosFault, type TimeWindow, timeWindow } from "./time-window.ts";

/** Either no id, or one of the right length. */
const TRACE_ID = /^([0-9a-f]{32})?$/;
const SPAN_ID = /^([0-9a-f]{16})?$/;

/** `POST /v1/logs` and `/api/v1/otlp/v1/logs`. */
export function handleOtlpLogs(request: IngestRequest, ports: IngestPorts): Promise<IngestReply> {
  return answerOtlp(request, ports, {
    signal: "logs",
    decode: { protobuf: decodeOtlpLogsProtobuf, json: decodeOtlpLogsJson },
    count: (records) => records.length,
    take: takeRecords,
    takeWhole: takeColumns,
  });
}

/** One for all requests: it keeps the memory of its columns. */
const columnDecoder = new LogColumnDecoder({
  maxAttributes: RECORD_LIMITS.maxCount,
  maxNameBytes: RECORD_LIMITS.maxNameBytes,
  maxValueBytes: RECORD_LIMITS.maxValueBytes,
});

/** The usual request, all of whose records are taken as they were sent. */
async function takeColumns(body: Uint8Array, ports: IngestPorts): Promise<number | undefined> {
  const { logs } = ports.store;
  if (!logs.appendColumns) return undefined;
  const window = logWindow(ports);
  const decoded = columnDecoder.decode(body, { ...window, maxItems: MAX_ITEMS_PER_REQUEST });
  if (!decoded) return undefined;
  const { columns, others } = decoded;
  const isSound =
    columns.groups.every((group) => groupFault(group) === undefined) &&
    others.every((one) => one.timeUnixNano !== 0n && recordFault(one, window) === undefined);
  if (!isSound) return undefined;
  await logs.appendColumns({ columns, others, encoded: body });
  return columns.rows + others.length;
}

function logWindow(ports: IngestPorts): TimeWindow {
  const { logRetentionMs = ports.retentionMs } = ports;
  return timeWindow({ ...ports, retentionMs: logRetentionMs });
}

async function takeRecords(
  records: readonly LogRecord[],
  ports: IngestPorts,
  encoded: Uint8Array | undefined,
): Promise<Refusals> {
  const refusals = new Refusals();
  const window = logWindow(ports);
  const nowNano = BigInt(Math.trunc(ports.nowMs())) * 1_000_000n;
  const accepted: LogRecord[] = [];
  for (const sent of records) {
    const record = withTime(sent, nowNano);
    const reason = recordFault(record, window);
    if (reason === undefined) accepted.push(record);
    else refusals.add(reason);
  }
  if (accepted.length > 0) {
    const isAsSent =
      accepted.length === records.length && accepted.every((r, i) => r === records[i]);
    await ports.store.logs.append(accepted, isAsSent ? encoded : undefined);
  }
  return refusals;
}

/**
 * OTLP lets a sender leave out the time of a record ("unknown"); then the time it was observed
 * counts, and when that is missing too, the time it arrived.
 */
function withTime(record: LogRecord, nowNano: bigint): LogRecord {
  if (record.timeUnixNano !== 0n) return record;
  const timeUnixNano = record.observedUnixNano === 0n ? nowNano : record.observedUnixNano;
  return { ...record, timeUnixNano };
}

function recordFault(record: LogRecord, window: TimeWindow): string | undefined {
  if (!TRACE_ID.test(record.traceId) || !SPAN_ID.test(record.spanId)) return "invalid_id";
  const timeFault = nanosFault(record.timeUnixNano, window);
  if (timeFault !== undefined) return timeFault;
  if (isValueTooLong(record.body, RECORD_LIMITS.maxValueBytes)) return "body_too_long";
  const { severityText, eventName } = record;
  return (
    textFault([severityText, eventName]) ??
    attributeFault(record.attributes, RECORD_LIMITS) ??
    groupFault(record)
  );
}

function groupFault({ resource, scope }: Pick<LogRecord, "resource" | "scope">) {
  return (
    textFault([scope.name, scope.version]) ??
    attributeFault(resource.attributes, RECORD_LIMITS) ??
    attributeFault(scope.attributes, RECORD_LIMITS)
  );
}
