import type { LogRecord } from "@avx/model";
import type { Engine } from "../../engine/engine.ts";
import { compareRecords, recordNanos } from "../../logs/log-match.ts";
import type { LogColumnBatch, LogSearch, LogStore } from "../../store.ts";
import { BATCH_NAME, type RowOrigin, withoutCopies } from "./batch-name.ts";
import { clampedMs } from "./clamped-time.ts";
import { dayOf } from "./event-batch.ts";
import type { EventTable } from "./event-table.ts";
import { packedLogColumns } from "./log-block.ts";
import { LOG_SELECT, readLogs, type StoredRecord } from "./log-rows.ts";
import { pendingLogs } from "./pending-logs.ts";

/** Logs: rows of `otel_logs`, and the records of the last moments that are not rows yet. */
export class EmbeddedLogs implements LogStore {
  private readonly table: EventTable<LogRecord>;
  private readonly engine: Engine;

  constructor(table: EventTable<LogRecord>, engine: Engine) {
    this.table = table;
    this.engine = engine;
  }

  append(records: readonly LogRecord[], encoded?: Uint8Array): Promise<void> {
    return this.table.append(records, encoded);
  }

  appendColumns({ columns, others, encoded }: LogColumnBatch): Promise<void> {
    const { rows, timeUnixNano } = columns;
    if (rows === 0) return this.table.append(others, encoded);
    const packed = { day: dayOf(timeUnixNano[0]!), rows, columns: packedLogColumns(columns) };
    return this.table.appendColumns({ columns: packed, loose: others, encoded });
  }

  async search(search: LogSearch, signal?: AbortSignal): Promise<readonly LogRecord[]> {
    const { service, traceId, text, range, limit } = search;
    const pending = this.table.pending();
    const skipped = new Set(pending.map(({ identity }) => identity));
    const recent = pendingLogs(pending, search);
    const answer = await this.engine.query(
      `SELECT ${LOG_SELECT} FROM avx.otel_logs
       WHERE Timestamp >= fromUnixTimestamp64Milli({startMs:Int64})
         AND Timestamp <= fromUnixTimestamp64Milli({endMs:Int64})
         AND ({service:String} = '' OR ServiceName = {service:String})
         AND ({traceId:String} = '' OR TraceId = {traceId:String})
         AND ({text:String} = '' OR position(Body, {text:String}) > 0)
         AND NOT has({skipped:Array(UInt64)}, ${BATCH_NAME})
       ORDER BY Timestamp DESC LIMIT {limit:UInt32}`,
      {
        ...{ service, traceId, text, skipped: [...skipped] },
        limit: this.table.hasCopies ? 2 * limit : limit,
        startMs: clampedMs(range.startMs),
        endMs: clampedMs(range.endMs),
      },
      signal,
    );
    const rows = answer.flatMap((block) => readLogs(block));
    const once = this.table.hasCopies ? withoutCopies(rows, originOf) : rows;
    const stored = once.map(({ record }) => record);
    return [...recent, ...stored].sort(compareRecords).slice(0, limit);
  }
}

function originOf({ record, mark }: StoredRecord): RowOrigin {
  return { mark, unixNano: recordNanos(record) };
}
