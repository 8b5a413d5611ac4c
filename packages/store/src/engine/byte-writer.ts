const FIRST_CAPACITY = 16 * 1024;

/** A buffer that grows; little-endian, as ClickHouse and our log want it. */
export class ByteWriter {
  private buffer: Buffer;
  private at = 0;

  constructor(capacity = FIRST_CAPACITY) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }

  varint(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest > 127) {
      this.buffer[this.at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.at++] = rest;
  }

  /** The text as UTF-8 behind its length in bytes. */
  string(text: string): void {
    // 3 bytes hold any UTF-16 unit; below 43 units the length surely fits one byte.
    this.reserve(text.length * 3 + 8);
    if (text.length < 43) {
      const length = this.buffer.write(text, this.at + 1, "utf8");
      this.buffer[this.at] = length;
      this.at += 1 + length;
      return;
    }
    this.varint(Buffer.byteLength(text));
    this.at += this.buffer.write(text, this.at, "utf8");
  }

  /** Bytes behind their length. */
  sizedBytes(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.bytes(bytes);
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  u32(value: number): void {
    this.reserve(4);
    this.at = this.buffer.writeUInt32LE(value, this.at);
  }

  /** An integer of up to 53 bits as 64 bits. */
  u64(value: number): void {
    this.u32(value >>> 0);
    this.u32(Math.floor(value / 4294967296));
  }

  /** Integers below 2^32 as 64 bits each. */
  u64s(values: ArrayLike<number>): void {
    this.reserve(8 * values.length);
    const { buffer, byteOffset } = this.buffer;
    const view = new DataView(buffer, byteOffset + this.at);
    for (let i = 0; i < values.length; i++) {
      view.setUint32(8 * i, values[i]!, true);
      view.setUint32(8 * i + 4, 0, true);
    }
    this.at += 8 * values.length;
  }

  /** The lowest 8, 16 or 32 bits of each integer. */
  integers(values: Uint32Array, bytes: 1 | 2 | 4): void {
    this.reserve(bytes * values.length);
    const { buffer } = this;
    let { at } = this;
    for (let i = 0; i < values.length; i++) {
      let rest = values[i]!;
      for (let n = 0; n < bytes; n++, rest >>>= 8) buffer[at++] = rest & 255;
    }
    this.at = at;
  }

  /** The bytes, `times` times. */
  repeated(bytes: Uint8Array, times: number): void {
    if (times === 0 || bytes.length === 0) return;
    const start = this.at;
    const end = start + bytes.length * times;
    this.reserve(end - start);
    this.bytes(bytes);
    // What is there already is copied, twice as much each time.
    while (this.at < end) {
      const copied = Math.min(this.at - start, end - this.at);
      this.buffer.copyWithin(this.at, start, start + copied);
      this.at += copied;
    }
  }

  /** Bytes that this writer holds on to. */
  get capacity(): number {
    return this.buffer.length;
  }

  /** Writes anew from the start, into the same memory. */
  restart(): void {
    this.at = 0;
  }

  /** What was written; valid until the next write. */
  view(): Buffer {
    return this.buffer.subarray(0, this.at);
  }
}
