import type { AttributeColumn, PlainLimits } from "./attribute-column.ts";
import { type ByteRange, clearRanges, isIdOrNone, readRange } from "./byte-range.ts";
import type { PlainCursor } from "./plain-cursor.ts";

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

/** The column holds one byte; OTLP knows 0 to 24. */
const MAX_SEVERITY = 255;

/** One log record of a body: where its texts lie, and its numbers. Used again for each record. */
export class PlainLog {
  readonly #limits: PlainLimits;
  readonly #attributes: AttributeColumn;
  /** Bit n: field n was there. A field that comes twice is unusual. */
  #seen = 0;
  readonly severityText: ByteRange = { start: 0, end: 0 };
  readonly body: ByteRange = { start: 0, end: 0 };
  readonly traceId: ByteRange = { start: 0, end: 0 };
  readonly spanId: ByteRange = { start: 0, end: 0 };
  readonly eventName: ByteRange = { start: 0, end: 0 };
  severity = 0;
  timeLow = 0;
  timeHigh = 0;
  observedLow = 0;
  observedHigh = 0;

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
      (this.#seen & (1 << 5)) !== 0 &&
      isIdOrNone(cursor.bytes, this.traceId, TRACE_ID_BYTES) &&
      isIdOrNone(cursor.bytes, this.spanId, SPAN_ID_BYTES)
    );
  }

  #clear(): void {
    this.#seen = 0;
    clearRanges([this.severityText, this.body, this.traceId, this.spanId, this.eventName]);
    this.severity = 0;
    this.timeLow = 0;
    this.timeHigh = 0;
    this.observedLow = 0;
    this.observedHigh = 0;
  }

  #field(cursor: PlainCursor, tag: number, end: number): boolean {
    switch (tag) {
      case 0x09:
        return this.#once(1) && this.#time(cursor, end);
      case 0x10:
        this.severity = cursor.varint(end);
        return this.severity >= 0 && this.severity <= MAX_SEVERITY;
      case 0x1a:
        return this.#once(3) && this.#text(cursor, this.severityText, end);
      case 0x2a:
        return this.#once(5) && this.#readBody(cursor, end);
      case 0x4a:
        return this.#once(9) && readRange(cursor, this.traceId, end);
      case 0x52:
        return this.#once(10) && readRange(cursor, this.spanId, end);
      case 0x59:
        return this.#once(11) && this.#observed(cursor, end);
      case 0x62:
        return this.#once(12) && this.#text(cursor, this.eventName, end);
      default:
        return tag >= 0 && cursor.skip(tag, end);
    }
  }

  #once(field: number): boolean {
    const bit = 1 << field;
    const isFirst = (this.#seen & bit) === 0;
    this.#seen |= bit;
    return isFirst;
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

  #time(cursor: PlainCursor, end: number): boolean {
    const at = cursor.eightBytes(end);
    if (at < 0) return false;
    this.timeLow = cursor.low(at);
    this.timeHigh = cursor.low(at + 4);
    return true;
  }

  #observed(cursor: PlainCursor, end: number): boolean {
    const at = cursor.eightBytes(end);
    if (at < 0) return false;
    this.observedLow = cursor.low(at);
    this.observedHigh = cursor.low(at + 4);
    return true;
  }
}
