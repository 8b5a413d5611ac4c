import type { PackedChoices } from "@avx/model";
import { Uint32Column } from "./number-columns.ts";
import { TextColumn } from "./text-column.ts";

const FIRST_SLOTS = 512;

/** 32-bit FNV-1a, over the first bytes and the length: what is equal in these is compared anyway. */
const HASHED_BYTES = 48;
/** Looked at before a text is given up: a sender that chooses texts of one hash must not slow us down. */
const MAX_PROBES = 64;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A column of texts of which many are equal. Memory that grows and is used again. */
export class ChoiceColumn {
  readonly #texts = new TextColumn();
  readonly #indexes = new Uint32Column();
  /** Where the text of each choice starts and ends in `#texts`. */
  readonly #starts = new Uint32Column();
  readonly #ends = new Uint32Column();
  /** Open addressing: the number of a choice plus one, 0 = free. */
  #slots = new Int32Array(FIRST_SLOTS);
  #wantedBytes = 0;
  /** The number that the next text may well have: looked at before all others. */
  guess = 0;

  reset(): void {
    for (const column of [this.#texts, this.#indexes, this.#starts, this.#ends]) column.length = 0;
    this.#slots.fill(0);
  }

  get rows(): number {
    return this.#indexes.length;
  }

  /** Takes the rows from `rows` on back; their texts may stay. */
  truncate(rows: number): void {
    this.#indexes.length = rows;
  }

  /** The choice of a row. */
  at(row: number): number {
    return this.#indexes.at(row);
  }

  push(choice: number): void {
    this.#indexes.push(choice);
  }

  view(): PackedChoices {
    const [texts, count, indexes] = [this.#texts.view(), this.#starts.length, this.#indexes.view()];
    return { texts, count, indexes };
  }

  /**
   * The number of a text; -1 when it is not UTF-8 or cannot be found fast. The number in `guess` is
   * tried first.
   */
  find(source: Uint8Array, start: number, end: number): number {
    this.#wantedBytes = end - start;
    const { guess } = this;
    if (guess < this.#starts.length && this.#isEqual(guess, source, start)) return guess;
    const mask = this.#slots.length - 1;
    let slot = hashOf(source, start, end) & mask;
    for (let probes = 0; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const choice = this.#slots[slot]! - 1;
      if (this.#isEqual(choice, source, start)) return choice;
      if (++probes > MAX_PROBES) return -1;
    }
    if (!this.#texts.add(source, start, end)) return -1;
    const choice = this.#starts.length;
    this.#starts.push(this.#texts.length - (end - start));
    this.#ends.push(this.#texts.length);
    this.#slots[slot] = choice + 1;
    if (2 * (choice + 1) > mask) this.#grow();
    return choice;
  }

  #isEqual(choice: number, source: Uint8Array, start: number): boolean {
    const from = this.#starts.at(choice);
    const length = this.#wantedBytes;
    if (this.#ends.at(choice) - from !== length) return false;
    const { bytes } = this.#texts;
    for (let i = 0; i < length; i++) if (bytes[from + i] !== source[start + i]) return false;
    return true;
  }

  #grow(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let choice = 0; choice < this.#starts.length; choice++) {
      const [start, end] = [this.#starts.at(choice), this.#ends.at(choice)];
      let slot = hashOf(this.#texts.bytes, start, end) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = choice + 1;
    }
    this.#slots = slots;
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  const last = Math.min(end, start + HASHED_BYTES);
  let hash = FNV_OFFSET ^ (end - start);
  for (let i = start; i < last; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME);
  return hash ^ (hash >>> 15);
}
