/**
 * A place in protobuf that is read the fast way: where something is not as usual, the reading method
 * answers a negative number, nothing is thrown, and the caller has `ProtoReader` read it instead.
 */
export class PlainCursor {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The next tag; -1 when it is not one of one or two bytes, or at the end. */
  tag(end: number): number {
    if (this.at >= end) return -1;
    const first = this.bytes[this.at++]!;
    if (first < 0x80) return first < 8 ? -1 : first;
    if (this.at >= end) return -1;
    const second = this.bytes[this.at++]!;
    return second < 0x80 && second > 0 ? (first & 0x7f) | (second << 7) : -1;
  }

  /** A varint below 2^49; -1 when it is larger or goes beyond the end. */
  varint(end: number): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 7 && this.at < end; i++) {
      const byte = this.bytes[this.at++]!;
      if (byte < 0x80) return value + byte * factor;
      value += (byte & 0x7f) * factor;
      factor *= 128;
    }
    return -1;
  }

  /** The end of a length-delimited value whose length is next; -1 when it lies beyond `end`. */
  endOfValue(end: number): number {
    const length = this.varint(end);
    return length < 0 || length > end - this.at ? -1 : this.at + length;
  }

  /** Passes over 8 bytes and answers where they start, or -1. */
  eightBytes(end: number): number {
    if (end - this.at < 8) return -1;
    this.at += 8;
    return this.at - 8;
  }

  /** Passes over a value that nobody wants; false when its wire type is none of the usual. */
  skip(tag: number, end: number): boolean {
    const wireType = tag & 7;
    if (wireType === 0) return this.varint(end) >= 0;
    if (wireType === 1) return this.eightBytes(end) >= 0;
    if (wireType === 5) {
      this.at += 4;
      return this.at <= end;
    }
    if (wireType !== 2) return false;
    const valueEnd = this.endOfValue(end);
    if (valueEnd >= 0) this.at = valueEnd;
    return valueEnd >= 0;
  }

  /** The lower half of the 8 bytes at an offset, unsigned. */
  low(at: number): number {
    const { bytes } = this;
    const top = bytes[at + 3]! * 0x1000000;
    return top + ((bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!);
  }
}
