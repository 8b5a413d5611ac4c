import { AvxError } from "@avx/model";
import { malformed } from "./malformed.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * Deepest nesting of messages. OTLP needs about 8 plus two or three a level of nested attribute
 * values; deeper input is an attack on the stack.
 */
export const MAX_MESSAGE_DEPTH = 64;

/**
 * Most nested messages of one body. An empty message takes 2 bytes on the wire and up to 300 in
 * memory: 32 MiB of them would be gigabytes. The densest honest body of 32 MiB has about a million.
 */
const MAX_MESSAGES = 2_000_000;

/** A varint has at most 10 bytes of 7 bits (64-bit values). */
const MAX_VARINT_SHIFT = 63;
const TWO_32 = 4294967296;

/** Wire type of varints. */
export const WIRE_VARINT = 0;
/** Wire type of 8-byte values. */
export const WIRE_FIXED64 = 1;
/** Wire type of strings, bytes, messages and packed numbers. */
export const WIRE_LENGTH = 2;
/** Wire type of 4-byte values. */
export const WIRE_FIXED32 = 5;

/**
 * Reads protobuf from a byte array without copying. Every read checks the bounds of the message it
 * stands in; a fault throws `malformed_payload` with the byte offset. 64-bit values come as number
 * (nearest double) or bigint (exact), as the caller asks.
 */
export class ProtoReader {
  readonly bytes: Uint8Array;
  /** Offset of the next byte. */
  position = 0;
  /** End of the current message. */
  end: number;
  /** The same bytes, for reads of several at once. */
  readonly view: DataView;
  readonly #format: string;
  readonly #maxItems: number;
  #depth = 0;
  #messages = 0;
  #items = 0;
  #low = 0;
  #high = 0;

  /** `format` names the body in errors; `maxItems` is the limit of `countItem`. */
  constructor(bytes: Uint8Array, format: string, maxItems = Number.POSITIVE_INFINITY) {
    this.bytes = bytes;
    this.end = bytes.length;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#format = format;
    this.#maxItems = maxItems;
  }

  /** The next tag (`field << 3 | wire type`), or 0 at the end of the current message. */
  nextTag(): number {
    if (this.position >= this.end) return 0;
    const at = this.position;
    const tag = this.uint32();
    if (this.#high !== 0 || tag >>> 3 === 0) throw this.fault("invalid field number", at);
    return tag;
  }

  /** Steps into a length-delimited message; give the answer to `leave`. */
  enter(): number {
    const at = this.position;
    const length = this.#length();
    if (++this.#depth > MAX_MESSAGE_DEPTH) {
      throw this.fault(`messages nest deeper than ${MAX_MESSAGE_DEPTH}`, at);
    }
    if (++this.#messages > MAX_MESSAGES) {
      throw this.fault(`more than ${MAX_MESSAGES} messages`, at);
    }
    const outer = this.end;
    this.end = this.position + length;
    return outer;
  }

  /** Steps back out of a message that was read to its end. */
  leave(outerEnd: number): void {
    this.position = this.end;
    this.end = outerEnd;
    this.#depth--;
  }

  /** Counts a data point, span or record; throws `too_many_points` beyond `maxItems`. */
  countItem(): void {
    const limit = this.#maxItems;
    if (++this.#items > limit) {
      throw new AvxError("too_many_points", { count: `more than ${limit}`, limit });
    }
  }

  /** The low 32 bits of a varint, unsigned. */
  uint32(): number {
    this.#varint();
    return this.#low >>> 0;
  }

  /** The low 32 bits of a varint, signed (int32, enum). */
  int32(): number {
    this.#varint();
    return this.#low | 0;
  }

  sint32(): number {
    const zigzag = this.uint32();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  bool(): boolean {
    this.#varint();
    return (this.#low | this.#high) !== 0;
  }

  /** uint64 as the nearest double. */
  uint64AsNumber(): number {
    this.#varint();
    return (this.#high >>> 0) * TWO_32 + (this.#low >>> 0);
  }

  /** int64 as the nearest double. */
  int64AsNumber(): number {
    this.#varint();
    return this.#high * TWO_32 + (this.#low >>> 0);
  }

  /** sint64 (zigzag) as the nearest double. */
  sint64AsNumber(): number {
    this.#varint();
    const half = (this.#high >>> 0) * (TWO_32 / 2) + (this.#low >>> 1);
    return (this.#low & 1) === 0 ? half : -half - 1;
  }

  /** int64, exact. */
  int64(): bigint {
    this.#varint();
    return (BigInt(this.#high) << 32n) | BigInt(this.#low >>> 0);
  }

  /** fixed64, exact. */
  fixed64(): bigint {
    return this.view.getBigUint64(this.#advance(8), true);
  }

  /** fixed64 as the nearest double. */
  fixed64AsNumber(): number {
    const at = this.#advance(8);
    return this.view.getUint32(at + 4, true) * TWO_32 + this.view.getUint32(at, true);
  }

  /** sfixed64 as the nearest double. */
  sfixed64AsNumber(): number {
    const at = this.#advance(8);
    return this.view.getInt32(at + 4, true) * TWO_32 + this.view.getUint32(at, true);
  }

  /** A double as a value; its NaN bits may change on the way. Use `doubleInto` for samples. */
  double(): number {
    return this.view.getFloat64(this.#advance(8), true);
  }

  /**
   * Copies the bits of a double as two 32-bit words, low word first, so that a stale marker (a
   * signalling NaN) survives; `words` is the view of a Float64Array, `index` the sample's.
   */
  doubleInto(words: Uint32Array, index: number): void {
    const at = this.#advance(8);
    words[2 * index] = this.view.getUint32(at, true);
    words[2 * index + 1] = this.view.getUint32(at + 4, true);
  }

  /** Length-delimited bytes, a view into the body. */
  lengthDelimited(): Uint8Array {
    const length = this.#length();
    const at = this.#advance(length);
    return this.bytes.subarray(at, at + length);
  }

  /** A string; invalid UTF-8 is refused. */
  string(): string {
    const length = this.#length();
    const at = this.#advance(length);
    const text = decodeUtf8(this.bytes, at, at + length);
    if (text === undefined) throw this.fault("invalid UTF-8", at);
    return text;
  }

  /** Passes over the value of an unknown field. Groups (wire types 3, 4) are refused. */
  skip(tag: number): void {
    const wireType = tag & 7;
    if (wireType === WIRE_VARINT) this.#varint();
    else if (wireType === WIRE_FIXED64) this.#advance(8);
    else if (wireType === WIRE_LENGTH) this.#advance(this.#length());
    else if (wireType === WIRE_FIXED32) this.#advance(4);
    else throw this.fault(`wire type ${wireType} is not supported`, this.position);
  }

  /** The error of this body; for decoders that find a fault of their own. */
  fault(reason: string, offset: number = this.position): Error {
    return malformed({ format: this.#format, reason, offset });
  }

  #length(): number {
    const at = this.position;
    const length = this.uint32();
    if (this.#high !== 0 || length > this.end - this.position) {
      throw this.fault("length beyond the end of its message", at);
    }
    return length;
  }

  #advance(bytes: number): number {
    const at = this.position;
    if (bytes > this.end - at) throw this.fault("truncated value", at);
    this.position = at + bytes;
    return at;
  }

  #varint(): void {
    const { bytes, end } = this;
    let at = this.position;
    const first = at < end ? bytes[at++]! : this.#truncatedVarint();
    this.#high = 0;
    if (first < 0x80) {
      this.#low = first;
      this.position = at;
      return;
    }
    let low = first & 0x7f;
    let high = 0;
    for (let shift = 7; ; shift += 7) {
      if (at >= end) this.#truncatedVarint();
      if (shift > MAX_VARINT_SHIFT) throw this.fault("varint longer than 10 bytes");
      const byte = bytes[at++]!;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) break;
    }
    this.#low = low;
    this.#high = high;
    this.position = at;
  }

  #truncatedVarint(): never {
    throw this.fault("truncated varint");
  }
}
