import type { Resource, Scope, Span, SpanColumns } from "@avx/model";
import type { ProtoReader } from "../../protobuf/reader.ts";
import { readRequest } from "../protobuf-groups.ts";
import { readSpan } from "../protobuf-traces.ts";
import { SPAN_KINDS, SPAN_STATUSES } from "../span-enums.ts";
import { AttributeColumn, type PlainLimits } from "./attribute-column.ts";
import { ChoiceColumn } from "./choice-column.ts";
import { type ColumnDecodeOptions, MAX_COLUMN_BODY_BYTES } from "./column-options.ts";
import { DayWindow, isStorableHigh, millisOf, type TimeBounds } from "./day-window.ts";
import { EventColumns } from "./event-columns.ts";
import { LetterRow } from "./letter-row.ts";
import { ByteColumn, Uint64Column } from "./number-columns.ts";
import { PackedGroups } from "./packed-groups.ts";
import { PlainCursor } from "./plain-cursor.ts";
import { PlainSpan } from "./plain-span.ts";
import { RowTexts } from "./row-texts.ts";
import { TextColumn } from "./text-column.ts";

/** What spans may be that are read as columns. */
export interface SpanColumnLimits extends PlainLimits {
  readonly maxEvents: number;
}

/** The spans of a request. */
export interface DecodedSpans {
  /** Valid until the next request is decoded. */
  readonly columns: SpanColumns;
  /** Those that are not as usual: nothing but their protobuf was checked. */
  readonly others: readonly Span[];
}

/**
 * Reads an `ExportTraceServiceRequest` in protobuf into columns, without an object for each span.
 * Spans in the columns keep the limits and the time bounds (a start before them is let pass) and have
 * valid ids; all that are not so, and some kinds that are rare, come as objects.
 */
export class SpanColumnDecoder {
  readonly #plain: PlainSpan;
  readonly #letterRow = new LetterRow();
  readonly #groups = new PackedGroups();
  readonly #day = new DayWindow();
  readonly #starts = new Uint64Column();
  readonly #durations = new Uint64Column();
  readonly #traceIds = new TextColumn();
  readonly #spanIds = new TextColumn();
  readonly #parentSpanIds = new TextColumn();
  readonly #traceStates = new TextColumn();
  readonly #names = new ChoiceColumn();
  readonly #kinds = new ByteColumn();
  readonly #statuses = new ByteColumn();
  readonly #statusMessages = new TextColumn();
  readonly #letters = new ChoiceColumn();
  readonly #attributes: AttributeColumn;
  readonly #events: EventColumns;
  readonly #rowTexts: RowTexts;

  constructor(limits: SpanColumnLimits) {
    this.#attributes = new AttributeColumn(limits, this.#letterRow);
    this.#events = new EventColumns(limits, this.#letterRow);
    this.#plain = new PlainSpan(limits, { attributes: this.#attributes, events: this.#events });
    const { name, traceState, statusMessage } = this.#plain;
    this.#rowTexts = new RowTexts({
      choice: { range: name, column: this.#names },
      first: { range: traceState, column: this.#traceStates },
      second: { range: statusMessage, column: this.#statusMessages },
      letterRow: this.#letterRow,
      letters: this.#letters,
    });
  }

  /**
   * Undefined for a body that is too large to be read this way. Throws as `decodeOtlpTracesProtobuf`
   * does.
   */
  decode(bytes: Uint8Array, options: ColumnDecodeOptions): DecodedSpans | undefined {
    if (bytes.length > MAX_COLUMN_BODY_BYTES) return undefined;
    this.#reset();
    const cursor = new PlainCursor(bytes);
    const found = readRequest<Span | undefined>(bytes, {
      format: "OTLP traces",
      maxItems: options.maxItems,
      readItem: (reader, resource, scope) => {
        const start = reader.position;
        const outer = reader.enter();
        cursor.at = reader.position;
        const isTaken = this.#take(cursor, reader.end, options);
        reader.leave(outer);
        if (isTaken) {
          reader.countItem();
          this.#groups.add(resource, scope, this.#starts.length);
          return undefined;
        }
        return this.#readOther(reader, start, { resource, scope });
      },
    });
    return { columns: this.#view(), others: found.filter((span) => span !== undefined) };
  }

  #readOther(
    reader: ProtoReader,
    start: number,
    { resource, scope }: { readonly resource: Resource; readonly scope: Scope },
  ): Span {
    this.#attributes.undo();
    this.#events.undo();
    reader.position = start;
    return readSpan(reader, resource, scope);
  }

  #reset(): void {
    for (const column of [this.#starts, this.#durations, this.#kinds, this.#statuses]) {
      column.length = 0;
    }
    const texts = [this.#traceIds, this.#spanIds, this.#parentSpanIds, this.#traceStates];
    for (const column of [...texts, this.#statusMessages]) column.length = 0;
    for (const column of [this.#names, this.#letters, this.#attributes, this.#events]) {
      column.reset();
    }
    this.#groups.take();
    this.#day.reset();
  }

  /** Adds a span to the columns; false, and nothing but attributes and events, when it is unusual. */
  #take(cursor: PlainCursor, end: number, bounds: TimeBounds): boolean {
    const plain = this.#plain;
    this.#letterRow.length = 0;
    if (!plain.read(cursor, end)) return false;
    const startMs = millisOf(plain.start);
    const endMs = millisOf(plain.end);
    const { earliestMs, latestMs } = bounds;
    if (startMs > latestMs || endMs > latestMs || endMs < earliestMs) return false;
    if (!isStorableHigh(plain.start.high) || !this.#day.has(startMs)) return false;
    return this.#rowTexts.add(cursor.bytes) && this.#addRow(cursor.bytes);
  }

  #addRow(bytes: Uint8Array): true {
    const plain = this.#plain;
    const { start, end } = plain;
    this.#starts.push(start.low, start.high);
    const borrow = end.low < start.low ? 1 : 0;
    this.#durations.push(end.low - start.low, end.high - start.high - borrow);
    this.#traceIds.addHex(bytes, plain.traceId.start, plain.traceId.end);
    this.#spanIds.addHex(bytes, plain.spanId.start, plain.spanId.end);
    this.#parentSpanIds.addHex(bytes, plain.parentSpanId.start, plain.parentSpanId.end);
    this.#kinds.push(plain.kind < SPAN_KINDS.length && plain.kind > 0 ? plain.kind : 0);
    const { status } = plain;
    this.#statuses.push(status < SPAN_STATUSES.length && status > 0 ? status : 0);
    this.#attributes.keep();
    this.#events.close();
    return true;
  }

  #view(): SpanColumns {
    return {
      rows: this.#starts.length,
      groups: this.#groups.take(),
      attributes: this.#attributes.view(),
      letters: this.#letters.view(),
      startUnixNano: this.#starts.view(),
      durationNano: this.#durations.view(),
      traceIds: this.#traceIds.view(),
      spanIds: this.#spanIds.view(),
      parentSpanIds: this.#parentSpanIds.view(),
      traceStates: this.#traceStates.view(),
      names: this.#names.view(),
      kinds: this.#kinds.view(),
      statuses: this.#statuses.view(),
      statusMessages: this.#statusMessages.view(),
      events: this.#events.view(),
    };
  }
}
