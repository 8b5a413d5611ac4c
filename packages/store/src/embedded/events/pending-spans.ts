import type { Span, TimeRange } from "@avx/model";
import { int64s, strings, uint64s } from "../../engine/block-access.ts";
import type { NativeBlock } from "../../engine/native-reader.ts";
import type { TraceSearch } from "../../store.ts";
import { serviceNameOf } from "../../traces/service-name.ts";
import { nanosToMs, type SpanFacts, spanFacts, spanMatches } from "../../traces/span-search.ts";
import type { EventBatch } from "./event-batch.ts";
import { spansOfRows } from "./trace-rows.ts";

/** The spans that are not rows of the engine yet: columns are asked as columns. */
export class PendingSpans {
  readonly #blocks: readonly NativeBlock[];
  readonly #spans: readonly Span[];

  constructor(batches: readonly EventBatch<Span>[]) {
    this.#blocks = batches.flatMap(({ packed }) => (packed ? [packed.block()] : []));
    this.#spans = batches.flatMap(({ loose }) => loose);
  }

  /** Traces of which a span meets the search. */
  tracesOf(search: TraceSearch): Set<string> {
    const found = new Set<string>();
    for (const span of this.#spans) if (spanMatches(span, search)) found.add(span.traceId);
    for (const block of this.#blocks) {
      const rows = new FactRows(block);
      for (let row = 0; row < block.rows; row++) {
        if (rows.matches(row, search)) found.add(rows.traceId(row));
      }
    }
    return found;
  }

  /** The facts of all spans of these traces. */
  factsOf(traceIds: ReadonlySet<string>): SpanFacts[] {
    if (traceIds.size === 0) return [];
    const facts = this.#spans.filter(({ traceId }) => traceIds.has(traceId)).map(spanFacts);
    for (const block of this.#blocks) {
      const rows = new FactRows(block);
      for (let row = 0; row < block.rows; row++) {
        if (traceIds.has(rows.traceId(row))) facts.push(rows.facts(row));
      }
    }
    return facts;
  }

  trace(traceId: string): Span[] {
    const spans = this.#spans.filter((span) => span.traceId === traceId);
    for (const block of this.#blocks) {
      const ids = strings(block, "TraceId");
      const rows: number[] = [];
      for (let row = 0; row < block.rows; row++) if (ids.text(row) === traceId) rows.push(row);
      if (rows.length > 0) spans.push(...spansOfRows(block, rows));
    }
    return spans;
  }

  /** The services of spans that start within the range. */
  services({ startMs, endMs }: TimeRange): Set<string> {
    const names = new Set<string>();
    for (const { startUnixNano, resource } of this.#spans) {
      const timeMs = nanosToMs(startUnixNano);
      if (timeMs >= startMs && timeMs <= endMs) names.add(serviceNameOf(resource));
    }
    for (const block of this.#blocks) {
      const rows = new FactRows(block);
      for (let row = 0; row < block.rows; row++) {
        const service = rows.service(row);
        if (names.has(service)) continue;
        const timeMs = rows.startMs(row);
        if (timeMs >= startMs && timeMs <= endMs) names.add(service);
      }
    }
    return names;
  }
}

/** What a search asks of the rows of a block. */
class FactRows {
  readonly #text: Readonly<Record<"trace" | "parent" | "service" | "name" | "status", Text>>;
  readonly #starts: BigInt64Array;
  readonly #durations: BigUint64Array;

  constructor(block: NativeBlock) {
    const text = (name: string): Text => strings(block, name).text;
    this.#text = {
      trace: text("TraceId"),
      parent: text("ParentSpanId"),
      service: text("ServiceName"),
      name: text("SpanName"),
      status: text("StatusCode"),
    };
    this.#starts = int64s(block, "Timestamp");
    this.#durations = uint64s(block, "Duration");
  }

  traceId(row: number): string {
    return this.#text.trace(row);
  }

  service(row: number): string {
    return this.#text.service(row);
  }

  startMs(row: number): number {
    return nanosToMs(this.#starts[row]!);
  }

  #durationMs(row: number): number {
    return Number(BigInt.asIntN(64, this.#durations[row]!)) / 1e6;
  }

  /** As `spanMatches`. */
  matches(row: number, search: TraceSearch): boolean {
    const { service, operation, range, minDurationMs, onlyErrors } = search;
    if (service !== "" && this.service(row) !== service) return false;
    if (operation !== "" && this.#text.name(row) !== operation) return false;
    if (onlyErrors && this.#text.status(row) !== "Error") return false;
    const startMs = this.startMs(row);
    if (startMs < range.startMs || startMs > range.endMs) return false;
    return this.#durationMs(row) >= minDurationMs;
  }

  facts(row: number): SpanFacts {
    return {
      traceId: this.traceId(row),
      service: this.service(row),
      name: this.#text.name(row),
      isRoot: this.#text.parent(row) === "",
      isError: this.#text.status(row) === "Error",
      startMs: this.startMs(row),
      durationMs: this.#durationMs(row),
    };
  }
}

type Text = (row: number) => string;
