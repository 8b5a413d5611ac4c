/** Copies reach back at most one block; 64 KiB is what two offset bytes can say. */
const BLOCK_BYTES = 65536;
const HASH_BITS = 14;
const HASH_SHIFT = 32 - HASH_BITS;
const MIN_MATCH = 4;
/** The last bytes of a block are always literals, so that 4-byte reads stay inside. */
const MARGIN_BYTES = 15;
const MAX_COPY_BYTES = 64;

/** Encodes a snappy block (not the framed format). */
export function snappyEncode(input: Uint8Array): Uint8Array {
  // Worst case of the format: incompressible data grows by a sixth and the header.
  const output = new Uint8Array(32 + input.length + Math.ceil(input.length / 6));
  const encoder = new BlockEncoder(input, output);
  encoder.writeLength(input.length);
  for (let start = 0; start < input.length; start += BLOCK_BYTES) {
    encoder.encodeBlock(start, Math.min(start + BLOCK_BYTES, input.length));
  }
  return output.slice(0, encoder.written);
}

class BlockEncoder {
  written = 0;
  readonly #input: Uint8Array;
  readonly #output: Uint8Array;
  readonly #table = new Uint16Array(1 << HASH_BITS);

  constructor(input: Uint8Array, output: Uint8Array) {
    this.#input = input;
    this.#output = output;
  }

  writeLength(length: number): void {
    let rest = length;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.#put((rest % 128) | 0x80);
    this.#put(rest);
  }

  /** Greedy matching over a table of the last place of each 4-byte hash. */
  encodeBlock(start: number, end: number): void {
    const table = this.#table.fill(0);
    let literalStart = start;
    let at = start + 1;
    const last = end - MARGIN_BYTES;
    while (at < last) {
      const word = this.#word(at);
      const slot = Math.imul(word, 0x1e35a7bd) >>> HASH_SHIFT;
      const candidate = start + table[slot]!;
      table[slot] = at - start;
      if (candidate >= at || this.#word(candidate) !== word) {
        // Data that does not compress is passed over faster and faster.
        at += 1 + ((at - literalStart) >>> 5);
        continue;
      }
      let length = MIN_MATCH;
      while (at + length < end && this.#input[candidate + length] === this.#input[at + length]) {
        length++;
      }
      this.#literal(literalStart, at);
      this.#copy(at - candidate, length);
      at += length;
      literalStart = at;
    }
    this.#literal(literalStart, end);
  }

  #literal(start: number, end: number): void {
    const length = end - start;
    if (length === 0) return;
    if (length <= 60) this.#put((length - 1) << 2);
    else if (length <= 256) this.#put(60 << 2, length - 1);
    else this.#put(61 << 2, (length - 1) & 0xff, (length - 1) >>> 8);
    this.#output.set(this.#input.subarray(start, end), this.written);
    this.written += length;
  }

  #copy(offset: number, length: number): void {
    let rest = length;
    while (rest > 0) {
      // Never leave fewer than 4 bytes, which the short form could not say.
      const piece = rest <= MAX_COPY_BYTES ? rest : Math.min(MAX_COPY_BYTES, rest - MIN_MATCH);
      if (piece >= 4 && piece <= 11 && offset < 2048) {
        this.#put(((offset >>> 8) << 5) | ((piece - 4) << 2) | 1, offset & 0xff);
      } else this.#put(((piece - 1) << 2) | 2, offset & 0xff, offset >>> 8);
      rest -= piece;
    }
  }

  #word(at: number): number {
    const input = this.#input;
    return input[at]! | (input[at + 1]! << 8) | (input[at + 2]! << 16) | (input[at + 3]! << 24);
  }

  #put(...bytes: number[]): void {
    for (const byte of bytes) this.#output[this.written++] = byte;
  }
}
