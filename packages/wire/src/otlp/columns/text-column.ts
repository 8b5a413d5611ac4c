import { decodeUtf8 } from "../../protobuf/utf8.ts";

const FIRST_BYTES = 16 * 1024;

/** Longer texts are copied at once and not byte by byte. */
const SHORT_BYTES = 64;

/** A length takes at most this many bytes. */
const MAX_LENGTH_BYTES = 5;

const DIGITS = new Uint8Array(2 * 256);
for (let byte = 0; byte < 256; byte++) {
  const hex = byte.toString(16).padStart(2, "0");
  DIGITS[2 * byte] = hex.charCodeAt(0);
  DIGITS[2 * byte + 1] = hex.charCodeAt(1);
}

/** Texts one behind the other, each behind its length: memory that grows and is used again. */
export class TextColumn {
  bytes = new Uint8Array(FIRST_BYTES);
  /** Bytes that are in use. */
  length = 0;

  /** What was written; valid until the next write. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** Adds `source[start..end)`; false, and nothing is added, when that is not UTF-8. */
  add(source: Uint8Array, start: number, end: number): boolean {
    const { length } = this;
    this.addLength(end - start);
    const at = this.length;
    if (copiedAscii(source, { start, end, target: this.bytes, at })) {
      this.length = at + end - start;
      return true;
    }
    if (decodeUtf8(source, start, end) === undefined) {
      this.length = length;
      return false;
    }
    this.bytes.set(source.subarray(start, end), at);
    this.length = at + end - start;
    return true;
  }

  /** Adds the empty text. */
  addEmpty(): void {
    this.addLength(0);
  }

  /** Adds the hex of an id. */
  addHex(source: Uint8Array, start: number, end: number): void {
    this.addLength(2 * (end - start));
    const { bytes } = this;
    let at = this.length;
    for (let i = start; i < end; i++) {
      const digit = 2 * source[i]!;
      bytes[at++] = DIGITS[digit]!;
      bytes[at++] = DIGITS[digit + 1]!;
    }
    this.length = at;
  }

  /** Adds a text of ASCII only. */
  addAscii(text: string): void {
    this.addLength(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }

  /** Adds the digits of an integer from 0 to 2^53. */
  addInteger(value: number): void {
    if (value > 999) {
      this.addAscii(String(value));
      return;
    }
    const digits = value > 99 ? 3 : value > 9 ? 2 : 1;
    this.addLength(digits);
    this.length += digits;
    for (let i = 1, rest = value; i <= digits; i++) {
      this.bytes[this.length - i] = 0x30 + (rest % 10);
      rest = (rest / 10) | 0;
    }
  }

  /** A length, and room for so many bytes behind it. */
  private addLength(length: number): void {
    const needed = this.length + MAX_LENGTH_BYTES + length;
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
      larger.set(this.view());
      this.bytes = larger;
    }
    let rest = length;
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }
}

interface Copy {
  readonly start: number;
  readonly end: number;
  readonly target: Uint8Array;
  readonly at: number;
}

/** Copies; whether all bytes were ASCII. */
function copiedAscii(source: Uint8Array, { start, end, target, at }: Copy): boolean {
  const shift = at - start;
  let bits = 0;
  if (end - start > SHORT_BYTES) {
    for (let i = start; i < end; i++) bits |= source[i]!;
    if (bits > 127) return false;
    target.set(source.subarray(start, end), at);
    return true;
  }
  for (let i = start; i < end; i++) {
    const byte = source[i]!;
    target[i + shift] = byte;
    bits |= byte;
  }
  return bits < 128;
}
