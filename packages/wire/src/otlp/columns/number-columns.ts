const FIRST_ROWS = 1024;

/** A column of integers below 2^32 that grows and is used again. */
export class Uint32Column {
  #words = new Uint32Array(FIRST_ROWS);
  length = 0;

  push(value: number): void {
    if (this.length === this.#words.length) {
      const larger = new Uint32Array(2 * this.length);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words[this.length++] = value;
  }

  /** The value at an index that was pushed. */
  at(index: number): number {
    return this.#words[index]!;
  }

  /** What was pushed; valid until the next push. */
  view(): Uint32Array {
    return this.#words.subarray(0, this.length);
  }
}

/** A column of 64-bit integers, given as two halves, that grows and is used again. */
export class Uint64Column {
  readonly #halves = new Uint32Column();

  set length(values: number) {
    this.#halves.length = 2 * values;
  }

  get length(): number {
    return this.#halves.length / 2;
  }

  push(low: number, high: number): void {
    this.#halves.push(low);
    this.#halves.push(high);
  }

  /** What was pushed, in the order of bytes of this machine, which is little-endian. */
  view(): BigUint64Array {
    const { buffer, byteOffset } = this.#halves.view();
    return new BigUint64Array(buffer, byteOffset, this.length);
  }
}

/** A column of bytes that grows and is used again. */
export class ByteColumn {
  #bytes = new Uint8Array(FIRST_ROWS);
  length = 0;

  push(value: number): void {
    if (this.length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.length++] = value;
  }

  /** What was pushed; valid until the next push. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}
