import { AttributeColumn, type PlainLimits } from "./attribute-column.ts";
import { ChoiceColumn } from "./choice-column.ts";
import { isStorableHigh } from "./day-window.ts";
import type { LetterRow } from "./letter-row.ts";
import { Uint32Column, Uint64Column } from "./number-columns.ts";
import type { PlainCursor } from "./plain-cursor.ts";

/** The events of spans, as columns. */
export class EventColumns {
  readonly #limits: PlainLimits;
  readonly #ends = new Uint32Column();
  readonly #times = new Uint64Column();
  readonly #names = new ChoiceColumn();
  readonly #attributes: AttributeColumn;
  #kept = 0;

  constructor(limits: PlainLimits, letters: LetterRow) {
    this.#limits = limits;
    this.#attributes = new AttributeColumn(limits, letters);
  }

  reset(): void {
    this.#ends.length = 0;
    this.#times.length = 0;
    this.#names.reset();
    this.#attributes.reset();
    this.#kept = 0;
  }

  /** Events of the row that is not closed yet. */
  get open(): number {
    return this.#names.rows - this.#kept;
  }

  /** Ends a row. */
  close(): void {
    this.#kept = this.#names.rows;
    this.#ends.push(this.#kept);
    this.#attributes.keep();
  }

  /** Takes back what was added since the last `close`. */
  undo(): void {
    this.#names.truncate(this.#kept);
    this.#times.length = this.#kept;
    this.#attributes.undo();
  }

  view() {
    const [ends, timeUnixNano] = [this.#ends.view(), this.#times.view()];
    return {
      ends,
      timeUnixNano,
      names: this.#names.view(),
      attributes: this.#attributes.view(),
    };
  }

  /** Adds the event whose length is next; false when it is not as usual. */
  add(cursor: PlainCursor, outerEnd: number): boolean {
    const end = cursor.endOfValue(outerEnd);
    if (end < 0) return false;
    let [timeAt, nameStart, nameEnd] = [-1, -1, -1];
    this.#attributes.open();
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag === 0x09 && timeAt < 0) {
        timeAt = cursor.eightBytes(end);
        if (timeAt < 0 || !isStorableHigh(cursor.low(timeAt + 4))) return false;
      } else if (tag === 0x12 && nameStart < 0) {
        nameEnd = cursor.endOfValue(end);
        nameStart = cursor.at;
        if (nameEnd < 0 || nameEnd - nameStart > this.#limits.maxValueBytes) return false;
        cursor.at = nameEnd;
      } else if (tag === 0x1a) {
        if (!this.#attributes.add(cursor, end)) return false;
      } else if (tag < 0 || tag === 0x09 || tag === 0x12 || !cursor.skip(tag, end)) return false;
    }
    this.#attributes.close();
    const name = this.#names.find(cursor.bytes, nameStart, nameEnd);
    if (name < 0 || cursor.at !== end) return false;
    this.#names.push(name);
    if (timeAt < 0) this.#times.push(0, 0);
    else this.#times.push(cursor.low(timeAt), cursor.low(timeAt + 4));
    return true;
  }
}
