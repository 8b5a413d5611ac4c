const FIRST_CAPACITY = 256;

/** Appends bits, the highest of each number first. */
export class BitWriter {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #length = 0;
  /** Bits of the last byte that are free. */
  #free = 0;

  /** A copy of what was written; the bits after the last are 0. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** The lowest `count` bits of a number; at most 32. */
  bits(value: number, count: number): void {
    for (let left = count; left > 0; ) {
      if (this.#free === 0) this.#addByte();
      const taken = Math.min(left, this.#free);
      const part = (value >>> (left - taken)) & (0xff >>> (8 - taken));
      this.#free -= taken;
      left -= taken;
      this.#bytes[this.#length - 1]! |= part << this.#free;
    }
  }

  /** The lowest `count` bits of 64, given as two words. */
  wide(high: number, low: number, count: number): void {
    if (count > 32) this.bits(high, count - 32);
    this.bits(low, Math.min(count, 32));
  }

  /** An unsigned varint; an integer up to 2^53. */
  uvarint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.bits((rest % 128) | 128, 8);
    this.bits(rest, 8);
  }

  #addByte(): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#length++;
    this.#free = 8;
  }
}
