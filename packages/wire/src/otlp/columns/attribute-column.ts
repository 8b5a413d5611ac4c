import type { PackedAttributes } from "@avx/model";
import { ChoiceColumn } from "./choice-column.ts";
import type { LetterRow } from "./letter-row.ts";
import { Uint32Column } from "./number-columns.ts";
import type { PlainCursor } from "./plain-cursor.ts";
import { TextColumn } from "./text-column.ts";

/** What the attributes of a record may be so that it is read the fast way. */
export interface PlainLimits {
  /** Of one record. */
  readonly maxAttributes: number;
  readonly maxNameBytes: number;
  /** Of a text, be it an attribute's or the record's own. */
  readonly maxValueBytes: number;
}

const LETTER_TEXT = 0x73; // s
const LETTER_NUMBER = 0x6e; // n
const LETTER_BOOLEAN = 0x62; // b
const SET_END = 0x2c; // comma

const NUMBERS = new DataView(new ArrayBuffer(8));

/**
 * A column of sets of attributes, as text. Takes texts, booleans, doubles and integers from 0 to
 * 2^49; a set that has anything else, or a name twice, is not taken.
 */
export class AttributeColumn {
  readonly #limits: PlainLimits;
  readonly #names = new ChoiceColumn();
  readonly #values = new TextColumn();
  readonly #ends = new Uint32Column();
  /** By the number of a name: the last set that had it. */
  #lastSets = new Uint32Array(1024);
  #set = 0;
  #setStart = 0;
  readonly #letters: LetterRow;
  #kept = { sets: 0, names: 0, bytes: 0 };

  /** The types of what is added go to `letters`. */
  constructor(limits: PlainLimits, letters: LetterRow) {
    this.#limits = limits;
    this.#letters = letters;
  }

  reset(): void {
    this.#names.reset();
    this.#values.length = 0;
    this.#ends.length = 0;
    this.#lastSets.fill(0);
    this.#set = 0;
    this.keep();
  }

  /** Begins a set. */
  open(): void {
    this.#set++;
    this.#setStart = this.#names.rows;
  }

  /** Ends the set that was begun. */
  close(): void {
    this.#ends.push(this.#names.rows);
    this.#letters.push(SET_END);
  }

  /** `undo` will not take back what is there now. */
  keep(): void {
    this.#kept.sets = this.#ends.length;
    this.#kept.names = this.#names.rows;
    this.#kept.bytes = this.#values.length;
  }

  /** Takes back what was added since the last `keep`. */
  undo(): void {
    this.#ends.length = this.#kept.sets;
    this.#names.truncate(this.#kept.names);
    this.#values.length = this.#kept.bytes;
  }

  view(): PackedAttributes {
    const [ends, names, values] = [this.#ends.view(), this.#names.view(), this.#values.view()];
    return { ends, names, values };
  }

  /** Adds the `KeyValue` whose length is next; false when it is not as usual. */
  add(cursor: PlainCursor, outerEnd: number): boolean {
    const { bytes } = cursor;
    const end = cursor.endOfValue(outerEnd);
    if (end < 0 || cursor.at >= end || bytes[cursor.at++] !== 0x0a) return false;
    const nameEnd = cursor.endOfValue(end);
    if (nameEnd < 0 || !this.#addName(bytes, cursor.at, nameEnd)) return false;
    cursor.at = nameEnd;
    if (nameEnd >= end || bytes[cursor.at++] !== 0x12) return false;
    return cursor.endOfValue(end) === end && this.#addValue(cursor, end);
  }

  #addName(bytes: Uint8Array, start: number, end: number): boolean {
    const { maxAttributes, maxNameBytes } = this.#limits;
    const position = this.#names.rows - this.#setStart;
    if (position >= maxAttributes || end - start > maxNameBytes) return false;
    this.#names.guess = this.#guess(position);
    const name = this.#names.find(bytes, start, end);
    if (name < 0) return false;
    if (name >= this.#lastSets.length) this.#growSets(name);
    if (this.#lastSets[name] === this.#set) return false;
    this.#lastSets[name] = this.#set;
    this.#names.push(name);
    return true;
  }

  /** Records of one place in the code have the same names: that of the set before, at this place. */
  #guess(position: number): number {
    const sets = this.#ends.length;
    const before = sets < 2 ? 0 : this.#ends.at(sets - 2);
    const row = before + position;
    return sets > 0 && row < this.#setStart ? this.#names.at(row) : 0;
  }

  #growSets(name: number): void {
    const larger = new Uint32Array(2 * name);
    larger.set(this.#lastSets);
    this.#lastSets = larger;
  }

  /** Adds the `AnyValue` up to `end`. */
  #addValue(cursor: PlainCursor, end: number): boolean {
    const { bytes } = cursor;
    if (cursor.at >= end) return false;
    const tag = bytes[cursor.at++]!;
    if (tag === 0x0a) {
      const textEnd = cursor.endOfValue(end);
      if (textEnd !== end || end - cursor.at > this.#limits.maxValueBytes) return false;
      if (!this.#values.add(bytes, cursor.at, end)) return false;
      this.#letters.push(LETTER_TEXT);
    } else if (tag === 0x18) {
      const value = cursor.varint(end);
      if (value < 0) return false;
      this.#values.addInteger(value);
      this.#letters.push(LETTER_NUMBER);
    } else if (tag === 0x10) {
      const value = cursor.varint(end);
      if (value < 0) return false;
      this.#values.addAscii(value === 0 ? "false" : "true");
      this.#letters.push(LETTER_BOOLEAN);
    } else if (tag !== 0x21 || !this.#addDouble(cursor, end)) return false;
    if (tag === 0x0a) cursor.at = end;
    return cursor.at === end;
  }

  #addDouble(cursor: PlainCursor, end: number): boolean {
    const at = cursor.eightBytes(end);
    if (at < 0) return false;
    for (let i = 0; i < 8; i++) NUMBERS.setUint8(i, cursor.bytes[at + i]!);
    const value = NUMBERS.getFloat64(0, true);
    // The text of -0 would not tell it from 0.
    if (Object.is(value, -0)) return false;
    this.#values.addAscii(String(value));
    this.#letters.push(LETTER_NUMBER);
    return true;
  }
}
