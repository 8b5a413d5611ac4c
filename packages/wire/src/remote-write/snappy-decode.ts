import { AvxError } from "@avx/model";
import { malformed } from "../protobuf/malformed.ts";

/** Snappy cannot do better than 64 bytes out of a 3-byte copy; a header that claims more lies. */
const MAX_SNAPPY_RATIO = 22;
/** Below this a loop over bytes is faster than copyWithin. */
const SHORT_COPY_BYTES = 16;

/**
 * Decodes a snappy block (not the framed format). The length in the header is checked against
 * `maxBytes` before anything is allocated. Throws `body_too_large` or `malformed_payload`.
 */
export function snappyDecode(input: Uint8Array, maxBytes: number): Uint8Array {
  const { length, start } = readLength(input);
  if (length > maxBytes) {
    throw new AvxError("body_too_large", { limitBytes: maxBytes, stage: "inflated" });
  }
  if (length > input.length * MAX_SNAPPY_RATIO) {
    throw fault("the header claims more than the body can hold", 0);
  }
  const output = new Uint8Array(length);
  decodeElements(input, start, output);
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

function decodeElements(input: Uint8Array, start: number, output: Uint8Array): void {
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
      if (length > output.length - to) throw fault("more data than the header says", at);
      copyLiteral(input, at, { output, to, length });
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
      if (length > output.length - to) throw fault("more data than the header says", at);
      copyBack(output, to, { offset, length });
      to += length;
    }
  }
  if (to !== output.length) throw fault("less data than the header says", at);
}

interface LiteralTarget {
  readonly output: Uint8Array;
  readonly to: number;
  readonly length: number;
}

function copyLiteral(input: Uint8Array, from: number, { output, to, length }: LiteralTarget): void {
  if (length > SHORT_COPY_BYTES) {
    output.set(input.subarray(from, from + length), to);
    return;
  }
  for (let i = 0; i < length; i++) output[to + i] = input[from + i]!;
}

/** A copy may overlap itself (offset < length): then it repeats the bytes just written. */
function copyBack(
  output: Uint8Array,
  to: number,
  { offset, length }: { offset: number; length: number },
): void {
  const from = to - offset;
  if (length > SHORT_COPY_BYTES && offset >= length) {
    output.copyWithin(to, from, from + length);
    return;
  }
  for (let i = 0; i < length; i++) output[to + i] = output[from + i]!;
}

function littleEndian(input: Uint8Array, at: number, bytes: number): number {
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + input[at + i]!;
  return value;
}

function fault(reason: string, offset: number): AvxError {
  return malformed({ format: "snappy", reason, offset });
}
