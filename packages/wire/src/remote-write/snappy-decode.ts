import { AvxError } from "@avx/model";
import { malformed } from "../protobuf/malformed.ts";

/** Snappy cannot do better than 64 bytes out of a 3-byte copy; a header that claims more lies. */
const MAX_SNAPPY_RATIO = 22;
/** Longer literals say their length in bytes of their own. */
const MAX_SHORT_LITERAL = 60;
const WORD_BYTES = 4;
/** A tag and the longest short element, whose last word may go three bytes too far. */
const ROOM_BYTES = 1 + 64 + 3;

/** Gives memory of this many bytes, whatever is in it. */
export type Allocate = (bytes: number) => Uint8Array;

/**
 * Decodes a snappy block (not the framed format). The length in the header is checked against
 * `maxBytes` before anything is allocated. Throws `body_too_large` or `malformed_payload`.
 * `allocate` can give memory that was used before.
 */
export function snappyDecode(
  input: Uint8Array,
  maxBytes: number,
  allocate: Allocate = (bytes) => new Uint8Array(bytes),
): Uint8Array {
  const { length, start } = readLength(input);
  if (length > maxBytes) {
    throw new AvxError("body_too_large", { limitBytes: maxBytes, stage: "inflated" });
  }
  if (length > input.length * MAX_SNAPPY_RATIO) {
    throw fault("the header claims more than the body can hold", 0);
  }
  const output = allocate(length);
  decodeElements(viewed(input), start, viewed(output));
  return output;
}

function readLength(input: Uint8Array): { length: number; start: number } {
  let length = 0;
  for (let i = 0; i < 5 && i < input.length; i++) {
    const byte = input[i]!;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { length, start: i + 1 };
  }
  throw fault("no length in the header", 0);
}

/** Bytes, and the same bytes for reads and writes of several at once. */
interface ViewedBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

function viewed(bytes: Uint8Array): ViewedBytes {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}

/** How far a block is decoded. */
interface Progress {
  /** Offset of the next element. */
  at: number;
  /** Bytes that are decoded. */
  to: number;
}

function decodeElements(source: ViewedBytes, start: number, target: ViewedBytes): void {
  const progress: Progress = { at: start, to: 0 };
  const { length } = source.bytes;
  while (progress.at < length) {
    decodeUsualElements(source, target, progress);
    if (progress.at < length) decodeElement(source.bytes, target.bytes, progress);
  }
  if (progress.to !== target.bytes.length) {
    throw fault("less data than the header says", progress.at);
  }
}

/**
 * Short literals and copies from at least a word before, as nearly all elements are, far enough from
 * the ends to be copied in whole words: up to the first element that is not such.
 */
function decodeUsualElements(source: ViewedBytes, target: ViewedBytes, progress: Progress): void {
  const { bytes: input, view: from } = source;
  const output = target.view;
  const lastAt = input.length - ROOM_BYTES;
  const lastTo = target.bytes.length - ROOM_BYTES;
  let { at, to } = progress;
  while (at <= lastAt && to <= lastTo) {
    const tag = input[at]!;
    const kind = tag & 3;
    if (kind === 0) {
      const length = (tag >>> 2) + 1;
      if (length > MAX_SHORT_LITERAL) break;
      at++;
      for (let i = 0; i < length; i += WORD_BYTES) {
        output.setInt32(to + i, from.getInt32(at + i, true), true);
      }
      at += length;
      to += length;
    } else {
      const isNear = kind === 1;
      const length = isNear ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
      const offset = isNear ? ((tag >>> 5) << 8) | input[at + 1]! : from.getUint16(at + 1, true);
      if (kind === 3 || offset < WORD_BYTES || offset > to) break;
      const begin = to - offset;
      for (let i = 0; i < length; i += WORD_BYTES) {
        output.setInt32(to + i, output.getInt32(begin + i, true), true);
      }
      at += isNear ? 2 : 3;
      to += length;
    }
  }
  progress.at = at;
  progress.to = to;
}

/** Any element, with every check. */
function decodeElement(input: Uint8Array, output: Uint8Array, progress: Progress): void {
  const tag = input[progress.at++]!;
  const kind = tag & 3;
  if (kind === 0) {
    copyLiteral(input, output, { progress, length: literalLength(input, tag, progress) });
    return;
  }
  const { at, to } = progress;
  const offsetBytes = kind === 3 ? 4 : kind;
  if (at + offsetBytes > input.length) throw fault("truncated copy", at);
  const length = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
  const low = littleEndian(input, at, offsetBytes);
  const offset = kind === 1 ? ((tag >>> 5) << 8) | low : low;
  progress.at = at + offsetBytes;
  if (offset === 0 || offset > to) throw fault("copy from before the start", progress.at);
  if (length > output.length - to) throw fault("more data than the header says", progress.at);
  // A copy may overlap itself: then it repeats the bytes just written.
  for (let i = 0; i < length; i++) output[to + i] = output[to - offset + i]!;
  progress.to = to + length;
}

function literalLength(input: Uint8Array, tag: number, progress: Progress): number {
  const { at } = progress;
  const length = (tag >>> 2) + 1;
  if (length <= MAX_SHORT_LITERAL) return length;
  const extra = length - MAX_SHORT_LITERAL;
  if (at + extra > input.length) throw fault("truncated literal", at);
  progress.at = at + extra;
  return littleEndian(input, at, extra) + 1;
}

function copyLiteral(
  input: Uint8Array,
  output: Uint8Array,
  { progress, length }: { readonly progress: Progress; readonly length: number },
): void {
  const { at, to } = progress;
  if (length > input.length - at) throw fault("truncated literal", at);
  if (length > output.length - to) throw fault("more data than the header says", at);
  if (length > MAX_SHORT_LITERAL) output.set(input.subarray(at, at + length), to);
  else for (let i = 0; i < length; i++) output[to + i] = input[at + i]!;
  progress.at = at + length;
  progress.to = to + length;
}

function littleEndian(input: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + input[at + i]!;
  return value;
}

function fault(reason: string, offset: number): AvxError {
  return malformed({ format: "snappy", reason, offset });
}
