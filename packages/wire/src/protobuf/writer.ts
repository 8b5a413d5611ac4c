import { WIRE_FIXED32, WIRE_FIXED64, WIRE_LENGTH, WIRE_VARINT } from "./reader.ts";
import { encodeUtf8Into } from "./utf8.ts";

const INITIAL_BYTES = 1024;
/**
 * Room kept for the length of a nested message: 1 byte suffices below 128; longer ones are moved.
 */
const LENGTH_ROOM = 1;
const TWO_32 = 4294967296;
/** UTF-16 code units take at most 3 bytes of UTF-8 each. */
const MAX_UTF8_PER_UNIT = 3;
const SHORT_TEXT_UNITS = 40;

/**
 * Writes protobuf into one growing buffer. Scalar writers leave out the default (0, "", false), as
 * proto3 does; the `always` forms are for `oneof` and `optional` fields, where 0 is a value.
 */
export class ProtoWriter {
  #bytes = new Uint8Array(INITIAL_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #position = 0;

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#position);
  }

  /** Opens a nested message; give the answer to `end`. */
  begin(field: number): number {
    this.#tag(field, WIRE_LENGTH);
    this.#reserve(LENGTH_ROOM);
    this.#position += LENGTH_ROOM;
    return this.#position;
  }

  /** Closes the message that `begin` opened at `start`. */
  end(start: number): void {
    const length = this.#position - start;
    const room = varintBytes(length);
    if (room > LENGTH_ROOM) {
      this.#reserve(room);
      this.#bytes.copyWithin(start + room - LENGTH_ROOM, start, this.#position);
      this.#position += room - LENGTH_ROOM;
    }
    const end = this.#position;
    this.#position = start - LENGTH_ROOM;
    this.#varint(length);
    this.#position = end;
  }

  string(field: number, text: string): void {
    if (text !== "") this.stringAlways(field, text);
  }

  stringAlways(field: number, text: string): void {
    this.#reserve(text.length * MAX_UTF8_PER_UNIT + 16);
    this.#tag(field, WIRE_LENGTH);
    const at = this.#position;
    if (text.length <= SHORT_TEXT_UNITS && this.#ascii(text, at + 1)) {
      this.#bytes[at] = text.length;
      this.#position = at + 1 + text.length;
      return;
    }
    const room = varintBytes(text.length * MAX_UTF8_PER_UNIT);
    const written = encodeUtf8Into(text, this.#bytes, at + room);
    const lengthBytes = varintBytes(written);
    if (lengthBytes < room) {
      this.#bytes.copyWithin(at + lengthBytes, at + room, at + room + written);
    }
    this.#varint(written);
    this.#position += written;
  }

  bytesField(field: number, value: Uint8Array): void {
    if (value.length > 0) this.bytesAlways(field, value);
  }

  bytesAlways(field: number, value: Uint8Array): void {
    this.#tag(field, WIRE_LENGTH);
    this.#reserve(value.length + 5);
    this.#varint(value.length);
    this.#bytes.set(value, this.#position);
    this.#position += value.length;
  }

  /** A whole message behind its length, outside of any field: an item of a delimited stream. */
  delimited(message: Uint8Array): void {
    this.#reserve(message.length + 5);
    this.#varint(message.length);
    this.#bytes.set(message, this.#position);
    this.#position += message.length;
  }

  /** uint32, uint64 up to 2^53, and enums. */
  uint(field: number, value: number): void {
    if (value !== 0) this.uintAlways(field, value);
  }

  uintAlways(field: number, value: number): void {
    this.#tag(field, WIRE_VARINT);
    this.#varint(value);
  }

  bool(field: number, value: boolean): void {
    if (value) this.boolAlways(field, value);
  }

  boolAlways(field: number, value: boolean): void {
    this.uintAlways(field, value ? 1 : 0);
  }

  /** int64 in two's complement; a number must be an integer. */
  int64Always(field: number, value: bigint | number): void {
    if (typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      this.uintAlways(field, value);
      return;
    }
    this.#tag(field, WIRE_VARINT);
    this.#reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) {
      this.#bytes[this.#position++] = Number(rest & 0x7fn) | 0x80;
    }
    this.#bytes[this.#position++] = Number(rest);
  }

  int64(field: number, value: bigint | number): void {
    if (Number(value) !== 0) this.int64Always(field, value);
  }

  sint32(field: number, value: number): void {
    if (value !== 0) this.uintAlways(field, ((value << 1) ^ (value >> 31)) >>> 0);
  }

  fixed64(field: number, value: bigint): void {
    if (value === 0n) return;
    this.#tag(field, WIRE_FIXED64);
    this.#reserve(8);
    this.#view.setBigUint64(this.#position, BigInt.asUintN(64, value), true);
    this.#position += 8;
  }

  fixed32(field: number, value: number): void {
    if (value === 0) return;
    this.#tag(field, WIRE_FIXED32);
    this.#reserve(4);
    this.#view.setUint32(this.#position, value, true);
    this.#position += 4;
  }

  /** fixed64 or sfixed64 from an integer number, written even when it is 0. */
  fixed64NumberAlways(field: number, value: number): void {
    this.#tag(field, WIRE_FIXED64);
    this.fixed64Raw(value);
  }

  fixed64Number(field: number, value: number): void {
    if (value !== 0) this.fixed64NumberAlways(field, value);
  }

  double(field: number, value: number): void {
    if (!Object.is(value, 0)) this.doubleAlways(field, value);
  }

  doubleAlways(field: number, value: number): void {
    this.#tag(field, WIRE_FIXED64);
    this.doubleRaw(value);
  }

  /** Copies the bits of `values[index]`, so that a stale marker (a signalling NaN) survives. */
  doubleBits(field: number, values: Float64Array, index: number): void {
    this.#tag(field, WIRE_FIXED64);
    this.#reserve(8);
    const bits = new Uint8Array(values.buffer, values.byteOffset + index * 8, 8);
    this.#bytes.set(bits, this.#position);
    this.#position += 8;
  }

  /** For packed fields: one double without a tag. */
  doubleRaw(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#position, value, true);
    this.#position += 8;
  }

  /** For packed fields: one fixed64 from an integer number, without a tag. */
  fixed64Raw(value: number): void {
    this.#reserve(8);
    const high = Math.floor(value / TWO_32);
    this.#view.setUint32(this.#position, value - high * TWO_32, true);
    this.#view.setInt32(this.#position + 4, high | 0, true);
    this.#position += 8;
  }

  /** For packed fields: one varint of a whole number up to 2^53, without a tag. */
  varintRaw(value: number): void {
    this.#varint(value);
  }

  #ascii(text: string, at: number): boolean {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return false;
      this.#bytes[at + i] = code;
    }
    return true;
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) {
      this.#bytes[this.#position++] = (rest % 128) | 0x80;
    }
    for (; rest > 0x7f; rest >>>= 7) this.#bytes[this.#position++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#position++] = rest;
  }

  #reserve(more: number): void {
    const needed = this.#position + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}
