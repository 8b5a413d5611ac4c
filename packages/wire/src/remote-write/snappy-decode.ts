import { AvxError } from "@avx/model";
import { malformed } from "../protobuf/malformed.ts";

/** Snappy cannot do better than 64 bytes out of a 3-byte copy; a header that claims more lies. */
const MAX_SNAPPY_RATIO = 22;
/** From this length on a bulk copy is faster than a loop over words. */
const BULK_COPY_BYTES = 128;
/** A loop over words writes up to three bytes too many. */
const WORD_BYTES = 4;

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

function decodeElements(source: ViewedBytes, start: number, target: ViewedBytes): void {
  const { bytes: input } = source;
  const room = target.bytes.length;
  let at = start;
  let to = 0;
  while (at < input.length) {
    const tag = input[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      let length = (tag >>> 2) + 1;
      if (length > 60) {
        const extra = length - 60;
        if (at + extra > input.length) throw fault("truncated literal", at);
        length = littleEndian(input, at, extra) + 1;
        at += extra;
      }
      if (length > input.length - at) throw fault("truncated literal", at);
      if (length > room - to) throw fault("more data than the header says", at);
      copy(source, at, { target, to, length });
      at += length;
      to += length;
    } else {
      const offsetBytes = kind === 3 ? 4 : kind;
      if (at + offsetBytes > input.length) throw fault("truncated copy", at);
      const length = kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
      const low = littleEndian(input, at, offsetBytes);
      const offset = kind === 1 ? ((tag >>> 5) << 8) | low : low;
      at += offsetBytes;
      if (offset === 0 || offset > to) throw fault("copy from before the start", at);
      if (length > room - to) throw fault("more data than the header says", at);
      copyBack(target, to, { offset, length });
      to += length;
    }
  }
  if (to !== room) throw fault("less data than the header says", at);
}

interface CopyTarget {
  readonly target: ViewedBytes;
  readonly to: number;
  readonly length: number;
}

/** Copies between two arrays, or within one from at least a word before. */
function copy(source: ViewedBytes, from: number, { target, to, length }: CopyTarget): void {
  const hasSlack =
    from + length + WORD_BYTES <= source.bytes.length &&
    to + length + WORD_BYTES <= target.bytes.length;
  if (length >= BULK_COPY_BYTES) {
    target.bytes.set(source.bytes.subarray(from, from + length), to);
  } else if (hasSlack) {
    for (let i = 0; i < length; i += WORD_BYTES) {
      target.view.setInt32(to + i, source.view.getInt32(from + i, true), true);
    }
  } else for (let i = 0; i < length; i++) target.bytes[to + i] = source.bytes[from + i]!;
}

/** A copy may overlap itself (offset < length): then it repeats the bytes just written. */
function copyBack(
  target: ViewedBytes,
  to: number,
  { offset, length }: { readonly offset: number; readonly length: number },
): void {
  const from = to - offset;
  if (offset >= WORD_BYTES) {
    copy(target, from, { target, to, length });
    return;
  }
  for (let i = 0; i < length; i++) target.bytes[to + i] = target.bytes[from + i]!;
}

function littleEndian(input: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + input[at + i]!;
  return value;
}

function fault(reason: string, offset: number): AvxError {
  return malformed({ format: "snappy", reason, offset });
}
