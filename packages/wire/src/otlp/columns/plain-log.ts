import type { AttributeColumn, PlainLimits } from "./attribute-column.ts";
import { type ByteRange, clearRanges, isIdOrNone, readRange } from "./byte-range.ts";
import { clearFixed64s, type Fixed64, readFixed64 } from "./fixed64.ts";
import type { PlainCursor } from "./plain-cursor.ts";
import { SeenFields } from "./seen-fields.ts";

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const BODY_FIELD = 5;

/** The column holds one byte; OTLP knows 0 to 24. */
const MAX_SEVERITY = 255;

/** One log record of a body: where its texts lie, and its numbers. Used again for each record. */
export class PlainLog {
  readonly #limits: PlainLimits;
  readonly #attributes: AttributeColumn;
  readonly #seen = new SeenFields();
  readonly severityText: ByteRange = { start: 0, end: 0 };
  readonly body: ByteRange = { start: 0, end: 0 };
  readonly traceId: ByteRange = { start: 0, end: 0 };
  readonly spanId: ByteRange = { start: 0, end: 0 };
  readonly eventName: ByteRange = { start: 0, end: 0 };
  severity = 0;
  readonly time: Fixed64 = { low: 0, high: 0 };
  readonly observed: Fixed64 = { low: 0, high: 0 };

  constructor(limits: PlainLimits, attributes: AttributeColumn) {
    this.#limits = limits;
    this.#attributes = attributes;
  }

  /** Reads the fields up to `end`; false when something is unusual or breaks a limit. */
  read(cursor: PlainCursor, end: number): boolean {
    this.#clear();
    this.#attributes.open();
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag === 0x32) {
        if (!this.#attributes.add(cursor, end)) return false;
      } else if (!this.#field(cursor, tag, end)) return false;
    }
    this.#attributes.close();
    return (
      cursor.at === end &&
      // Without a body, which is no empty text.
      this.#seen.has(BODY_FIELD) &&
      isIdOrNone(cursor.bytes, this.traceId, TRACE_ID_BYTES) &&
      isIdOrNone(cursor.bytes, this.spanId, SPAN_ID_BYTES)
    );
  }

  #clear(): void {
    this.#seen.clear();
    clearRanges([this.severityText, this.body, this.traceId, this.spanId, this.eventName]);
    this.severity = 0;
    clearFixed64s([this.time, this.observed]);
  }

  #field(cursor: PlainCursor, tag: number, end: number): boolean {
    switch (tag) {
      case 0x09:
        return this.#seen.isFirst(1) && readFixed64(cursor, this.time, end);
      case 0x10:
        this.severity = cursor.varint(end);
        return this.severity >= 0 && this.severity <= MAX_SEVERITY;
      case 0x1a:
        return this.#seen.isFirst(3) && this.#text(cursor, this.severityText, end);
      case 0x2a:
        return this.#seen.isFirst(BODY_FIELD) && this.#readBody(cursor, end);
      case 0x4a:
        return this.#seen.isFirst(9) && readRange(cursor, this.traceId, end);
      case 0x52:
        return this.#seen.isFirst(10) && readRange(cursor, this.spanId, end);
      case 0x59:
        return this.#seen.isFirst(11) && readFixed64(cursor, this.observed, end);
      case 0x62:
        return this.#seen.isFirst(12) && this.#text(cursor, this.eventName, end);
      default:
        return tag >= 0 && cursor.skip(tag, end);
    }
  }

  #text(cursor: PlainCursor, range: ByteRange, end: number): boolean {
    return readRange(cursor, range, end) && range.end - range.start <= this.#limits.maxValueBytes;
  }

  /** An `AnyValue` that is one text. */
  #readBody(cursor: PlainCursor, outerEnd: number): boolean {
    const end = cursor.endOfValue(outerEnd);
    if (end < 0 || cursor.tag(end) !== 0x0a) return false;
    return this.#text(cursor, this.body, end) && cursor.at === end;
  }
}
