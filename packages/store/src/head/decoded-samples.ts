import { countOf, type DecodeTarget, decodeCell } from "./sample-cell.ts";
import type { Slab } from "./sample-memory.ts";

const FIRST_CAPACITY = 8192;

/** A block with more samples does not leave its room behind. */
const MAX_KEPT_CAPACITY = 128 * 1024;

/** Decoded samples of one block: room that is used again for every read. */
export class DecodedSamples {
  /** Milliseconds since the start of the block. */
  offsets = new Float64Array();
  values = new Float64Array();
  length = 0;
  #target: DecodeTarget & { at: number } = this.#withRoom(FIRST_CAPACITY);

  clear(): void {
    this.length = 0;
    if (this.offsets.length > MAX_KEPT_CAPACITY) this.#target = this.#withRoom(FIRST_CAPACITY);
  }

  /** Appends all samples of a cell. */
  add(slab: Slab, at: number): void {
    const count = countOf(slab, at);
    this.#reserve(this.length + count);
    this.#target.at = this.length;
    decodeCell(slab, at, this.#target);
    this.length += count;
  }

  /** Puts `values[i]` where it belongs in time; says where, and whether it replaced another. */
  insert(offset: number, values: Float64Array, i: number): { at: number; isNew: boolean } {
    const at = this.lowerBound(offset);
    const isNew = at === this.length || this.offsets[at] !== offset;
    if (isNew) {
      this.#reserve(this.length + 1);
      this.offsets.copyWithin(at + 1, at, this.length);
      this.values.copyWithin(at + 1, at, this.length);
      this.length++;
    }
    this.offsets[at] = offset;
    // Bytes, not a number: see `loadValue`.
    this.values.set(values.subarray(i, i + 1), at);
    return { at, isNew };
  }

  /** Index of the first sample whose offset is at least `offset`. */
  lowerBound(offset: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.offsets[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #reserve(needed: number): void {
    if (needed > this.offsets.length) this.#target = this.#withRoom(needed * 2);
  }

  #withRoom(capacity: number): DecodeTarget & { at: number } {
    const { offsets, values } = this;
    this.offsets = new Float64Array(capacity);
    this.values = new Float64Array(capacity);
    if (this.length > 0) {
      this.offsets.set(offsets.subarray(0, this.length));
      this.values.set(values.subarray(0, this.length));
    }
    const words = new Int32Array(this.values.buffer);
    return { offsets: this.offsets, values: this.values, words, at: 0 };
  }
}
