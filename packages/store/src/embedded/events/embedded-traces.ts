import type { Span, TimeRange } from "@avx/model";
import { floats, strings, uint64s } from "../../engine/block-access.ts";
import type { Engine } from "../../engine/engine.ts";
import type { SpanColumnBatch, TraceSearch, TraceStore, TraceSummary } from "../../store.ts";
import { compareSpans, type SpanFacts, summarizeTrace } from "../../traces/span-search.ts";
import { nameOfMark, type RowOrigin, withoutCopies } from "./batch-name.ts";
import { clampedMs } from "./clamped-time.ts";
import { dayOf } from "./event-batch.ts";
import type { EventTable } from "./event-table.ts";
import { PendingSpans } from "./pending-spans.ts";
import { packedTraceColumns } from "./span-block.ts";
import { readSpans, SPAN_SELECT, type StoredSpan } from "./trace-rows.ts";

/** Spans of one trace that are read: beyond, a trace is cut off rather than the memory filled. */
const MAX_SPANS_PER_TRACE = 50_000;

/** Spans read to summarise one page of the list. */
const MAX_SPANS_PER_SEARCH = 200_000;

/** A trace's other spans may lie this far outside of the searched range. */
const TRACE_SLACK_MS = 3_600_000;

const FACTS_SELECT = `TraceId, CAST(ServiceName, 'String') AS service,
  CAST(SpanName, 'String') AS name, toFloat64(ParentSpanId = '') AS isRoot,
  CAST(StatusCode = 'Error', 'Float64') AS isError,
  toFloat64(toUnixTimestamp64Micro(Timestamp)) / 1000 AS startMs,
  toFloat64(reinterpretAsInt64(Duration)) / 1000000 AS durationMs, AvxBatch`;

/** Traces: rows of `otel_traces`, and the spans of the last moments that are not rows yet. */
export class EmbeddedTraces implements TraceStore {
  private readonly table: EventTable<Span>;
  private readonly engine: Engine;

  constructor(table: EventTable<Span>, engine: Engine) {
    this.table = table;
    this.engine = engine;
  }

  append(spans: readonly Span[], encoded?: Uint8Array): Promise<void> {
    return this.table.append(spans, encoded);
  }

  appendColumns({ columns, others, encoded }: SpanColumnBatch): Promise<void> {
    const { rows, startUnixNano } = columns;
    if (rows === 0) return this.table.append(others, encoded);
    const day = dayOf(startUnixNano[0]!);
    const packed = { day, rows, columns: packedTraceColumns(columns) };
    return this.table.appendColumns({ columns: packed, loose: others, encoded });
  }

  async search(search: TraceSearch, signal?: AbortSignal): Promise<readonly TraceSummary[]> {
    const pending = this.table.pending();
    const recent = new PendingSpans(pending);
    const traceIds = recent.tracesOf(search);
    const skipped = new Set(pending.map(({ identity }) => identity));
    const asked = { search, recentIds: [...traceIds], skipped };
    const stored = await this.storedFacts(asked, signal);
    for (const { traceId } of stored) traceIds.add(traceId);
    const facts = [...stored, ...recent.factsOf(traceIds)];
    const byTrace = Map.groupBy(facts, ({ traceId }) => traceId);
    return [...byTrace.values()]
      .map(summarizeTrace)
      .sort((a, b) => b.startMs - a.startMs)
      .slice(0, search.limit);
  }

  private async storedFacts(
    { search, recentIds, skipped }: AskedFacts,
    signal: AbortSignal | undefined,
  ): Promise<SpanFacts[]> {
    const { service, operation, range, minDurationMs, onlyErrors, limit } = search;
    const answer = await this.engine.query(
      `SELECT ${FACTS_SELECT} FROM avx.otel_traces
       WHERE Timestamp >= fromUnixTimestamp64Milli({wideStartMs:Int64})
         AND Timestamp <= fromUnixTimestamp64Milli({wideEndMs:Int64})
         AND (TraceId IN {recent:Array(String)} OR TraceId IN (
           SELECT TraceId FROM avx.otel_traces
           WHERE toUnixTimestamp64Nano(Timestamp) >= {startMs:Int64} * 1000000
             AND toUnixTimestamp64Nano(Timestamp) <= {endMs:Int64} * 1000000
             AND Timestamp >= fromUnixTimestamp64Milli({startMs:Int64})
             AND Timestamp <= fromUnixTimestamp64Milli({endMs:Int64})
             AND ({service:String} = '' OR ServiceName = {service:String})
             AND ({operation:String} = '' OR SpanName = {operation:String})
             AND ({onlyErrors:UInt8} = 0 OR StatusCode = 'Error')
             AND reinterpretAsInt64(Duration) >= {minNanos:Int64}
           GROUP BY TraceId ORDER BY max(Timestamp) DESC LIMIT {limit:UInt32}))
       LIMIT {maxSpans:UInt32}`,
      {
        ...{ service, operation, limit, recent: recentIds, maxSpans: MAX_SPANS_PER_SEARCH },
        startMs: clampedMs(range.startMs),
        endMs: clampedMs(range.endMs),
        wideStartMs: clampedMs(range.startMs - TRACE_SLACK_MS),
        wideEndMs: clampedMs(range.endMs + TRACE_SLACK_MS),
        onlyErrors: onlyErrors ? 1 : 0,
        minNanos: Math.round(minDurationMs * 1e6),
      },
      signal,
    );
    const facts: StoredFacts[] = [];
    for (const block of answer) {
      const marks = uint64s(block, "AvxBatch");
      for (let row = 0; row < block.rows; row++) {
        const mark = marks[row]!;
        if (skipped.has(nameOfMark(mark))) continue;
        facts.push({
          mark,
          traceId: strings(block, "TraceId").text(row),
          service: strings(block, "service").text(row),
          name: strings(block, "name").text(row),
          isRoot: floats(block, "isRoot")[row] === 1,
          isError: floats(block, "isError")[row] === 1,
          startMs: floats(block, "startMs")[row]!,
          durationMs: floats(block, "durationMs")[row]!,
        });
      }
    }
    return this.table.hasCopies ? withoutCopies(facts, originOfFacts) : facts;
  }

  async trace(traceId: string, signal?: AbortSignal): Promise<readonly Span[]> {
    const pending = this.table.pending();
    const skipped = new Set(pending.map(({ identity }) => identity));
    const recent = new PendingSpans(pending).trace(traceId);
    const answer = await this.engine.query(
      `SELECT ${SPAN_SELECT} FROM avx.otel_traces WHERE TraceId = {traceId:String}
       LIMIT {maxSpans:UInt32}`,
      { traceId, maxSpans: MAX_SPANS_PER_TRACE },
      signal,
    );
    const rows = answer
      .flatMap((block) => readSpans(block))
      .filter(({ mark }) => !skipped.has(nameOfMark(mark)));
    const once = this.table.hasCopies ? withoutCopies(rows, originOfSpan) : rows;
    const stored = once.map(({ span }) => span);
    return [...stored, ...recent].sort(compareSpans);
  }

  async services(range: TimeRange, signal?: AbortSignal): Promise<readonly string[]> {
    const names = new PendingSpans(this.table.pending()).services(range);
    const answer = await this.engine.query(
      `SELECT DISTINCT CAST(ServiceName, 'String') AS service FROM avx.otel_traces
       WHERE Timestamp >= fromUnixTimestamp64Milli({startMs:Int64})
         AND Timestamp <= fromUnixTimestamp64Milli({endMs:Int64})`,
      { startMs: clampedMs(range.startMs), endMs: clampedMs(range.endMs) },
      signal,
    );
    for (const block of answer) {
      for (let row = 0; row < block.rows; row++) names.add(strings(block, "service").text(row));
    }
    names.delete("");
    return [...names].sort();
  }
}

interface AskedFacts {
  readonly search: TraceSearch;
  /** Traces of which spans are in memory. */
  readonly recentIds: readonly string[];
  readonly skipped: ReadonlySet<bigint>;
}

interface StoredFacts extends SpanFacts {
  readonly mark: bigint;
}

function originOfFacts({ mark, startMs }: StoredFacts): RowOrigin {
  return { mark, unixNano: BigInt(Math.floor(startMs)) * 1_000_000n };
}

function originOfSpan({ mark, span }: StoredSpan): RowOrigin {
  return { mark, unixNano: span.startUnixNano };
}
