import { AvxError } from "@avx/model";

/** Magic numbers of RFC 8878, as they stand in the first four bytes. */
const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const SKIPPABLE_MASK = 0xfffffff0;
const SKIPPABLE_HEADER_BYTES = 8;
const CHECKSUM_BYTES = 4;
/** Bytes of the content size, by its flag; with flag 0 only in a single segment. */
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
const RLE_BLOCK = 1;
/** A body of many tiny frames costs a decompression each. */
const MAX_FRAMES = 1000;

/**
 * The frames of a zstd body, one after the other: a sender may concatenate them (RFC 8878, section
 * 3.1), and Node's decompression reads the first only. Skippable frames are left out. Throws
 * `malformed_payload` where a frame is cut off; what is inside of its blocks is not looked at.
 */
export function zstdFrames(body: Uint8Array): Uint8Array[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const frames: Uint8Array[] = [];
  for (let at = 0; at < body.length; ) {
    const magic = at + 4 <= body.length ? view.getUint32(at, true) : 0;
    const isSkippable = (magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE;
    if (magic !== FRAME && !isSkippable) throw malformed(`no frame begins at byte ${at}`);
    const end = isSkippable ? skippableEnd(view, at) : frameEnd(view, at);
    if (end === undefined || end > body.length) throw malformed("the last frame is cut off");
    if (!isSkippable) frames.push(body.subarray(at, end));
    if (frames.length > MAX_FRAMES) throw malformed(`more than ${MAX_FRAMES} frames`);
    at = end;
  }
  return frames;
}

function skippableEnd(view: DataView, at: number): number | undefined {
  if (at + SKIPPABLE_HEADER_BYTES > view.byteLength) return undefined;
  return at + SKIPPABLE_HEADER_BYTES + view.getUint32(at + 4, true);
}

function frameEnd(view: DataView, start: number): number | undefined {
  if (start + 5 > view.byteLength) return undefined;
  const descriptor = view.getUint8(start + 4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 && isSingleSegment ? 1 : (CONTENT_SIZE_BYTES[sizeFlag] ?? 0);
  const window = isSingleSegment ? 0 : 1;
  let at = start + 5 + window + (DICTIONARY_ID_BYTES[descriptor & 3] ?? 0) + sizeBytes;
  for (;;) {
    if (at + 3 > view.byteLength) return undefined;
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    const type = (header >> 1) & 3;
    const size = header >> 3;
    at += 3 + (type === RLE_BLOCK ? 1 : size);
    if ((header & 1) === 1) return at + ((descriptor & 4) !== 0 ? CHECKSUM_BYTES : 0);
  }
}

function malformed(reason: string): AvxError {
  return new AvxError("malformed_payload", { format: "zstd", reason });
}
