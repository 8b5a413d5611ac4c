import type { AttributeColumn } from "./attribute-column.ts";
import { type ByteRange, clearRanges, isId, isIdOrNone, readRange } from "./byte-range.ts";
import type { EventColumns } from "./event-columns.ts";
import { clearFixed64s, type Fixed64, readFixed64 } from "./fixed64.ts";
import type { PlainCursor } from "./plain-cursor.ts";
import { SeenFields } from "./seen-fields.ts";
import type { SpanColumnLimits } from "./span-columns.ts";

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

/** Fields of the status beside the span's own, 1 to 16. */
const STATUS_MESSAGE = 20;
const STATUS_CODE = 21;

/** Where repeated parts of a span go while it is read. */
export interface SpanParts {
  readonly attributes: AttributeColumn;
  readonly events: EventColumns;
}

/** One span of a body: where its texts lie, and its numbers. Used again for each span. */
export class PlainSpan {
  readonly #limits: SpanColumnLimits;
  readonly #parts: SpanParts;
  readonly #seen = new SeenFields();
  readonly traceId: ByteRange = { start: 0, end: 0 };
  readonly spanId: ByteRange = { start: 0, end: 0 };
  readonly parentSpanId: ByteRange = { start: 0, end: 0 };
  readonly traceState: ByteRange = { start: 0, end: 0 };
  readonly name: ByteRange = { start: 0, end: 0 };
  readonly statusMessage: ByteRange = { start: 0, end: 0 };
  kind = 0;
  status = 0;
  readonly start: Fixed64 = { low: 0, high: 0 };
  readonly end: Fixed64 = { low: 0, high: 0 };

  constructor(limits: SpanColumnLimits, parts: SpanParts) {
    this.#limits = limits;
    this.#parts = parts;
  }

  /** Reads the fields up to `end`; false when something is unusual or breaks a limit. */
  read(cursor: PlainCursor, end: number): boolean {
    this.#clear();
    const { attributes, events } = this.#parts;
    attributes.open();
    let hasEvents = false;
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag === 0x4a) {
        // The letters of the span's own attributes stand before those of its events.
        if (hasEvents || !attributes.add(cursor, end)) return false;
      } else if (tag === 0x5a) {
        if (!hasEvents) attributes.close();
        hasEvents = true;
        if (events.open >= this.#limits.maxEvents || !events.add(cursor, end)) return false;
      } else if (!this.#field(cursor, tag, end)) return false;
    }
    if (!hasEvents) attributes.close();
    const { traceId, spanId, parentSpanId } = this;
    return (
      cursor.at === end &&
      isId(cursor.bytes, traceId, TRACE_ID_BYTES) &&
      isId(cursor.bytes, spanId, SPAN_ID_BYTES) &&
      isIdOrNone(cursor.bytes, parentSpanId, SPAN_ID_BYTES)
    );
  }

  #clear(): void {
    this.#seen.clear();
    const { traceId, spanId, parentSpanId, traceState, name, statusMessage } = this;
    clearRanges([traceId, spanId, parentSpanId, traceState, name, statusMessage]);
    this.kind = 0;
    this.status = 0;
    clearFixed64s([this.start, this.end]);
  }

  #field(cursor: PlainCursor, tag: number, end: number): boolean {
    switch (tag) {
      case 0x0a:
        return this.#seen.isFirst(1) && readRange(cursor, this.traceId, end);
      case 0x12:
        return this.#seen.isFirst(2) && readRange(cursor, this.spanId, end);
      case 0x1a:
        return this.#seen.isFirst(3) && this.#text(cursor, this.traceState, end);
      case 0x22:
        return this.#seen.isFirst(4) && readRange(cursor, this.parentSpanId, end);
      case 0x2a:
        return this.#seen.isFirst(5) && this.#text(cursor, this.name, end);
      case 0x30:
        this.kind = cursor.varint(end);
        return this.kind >= 0;
      case 0x39:
        return this.#seen.isFirst(7) && readFixed64(cursor, this.start, end);
      case 0x41:
        return this.#seen.isFirst(8) && readFixed64(cursor, this.end, end);
      case 0x6a:
        return false;
      case 0x7a:
        return this.#readStatus(cursor, end);
      default:
        return tag >= 0 && cursor.skip(tag, end);
    }
  }

  #text(cursor: PlainCursor, range: ByteRange, end: number): boolean {
    return readRange(cursor, range, end) && range.end - range.start <= this.#limits.maxValueBytes;
  }

  #readStatus(cursor: PlainCursor, outerEnd: number): boolean {
    const end = cursor.endOfValue(outerEnd);
    if (end < 0) return false;
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag === 0x12) {
        if (!this.#seen.isFirst(STATUS_MESSAGE)) return false;
        if (!this.#text(cursor, this.statusMessage, end)) return false;
      } else if (tag === 0x18) {
        if (!this.#seen.isFirst(STATUS_CODE)) return false;
        this.status = cursor.varint(end);
        if (this.status < 0) return false;
      } else if (tag < 0 || !cursor.skip(tag, end)) return false;
    }
    return cursor.at === end;
  }
}
