import { crc32c } from "./crc32c.ts";

/** Length and CRC-32C of the payload, 4 bytes each, little-endian. */
const HEADER_BYTES = 8;

/** A length beyond this is a torn header, not a record. */
const MAX_RECORD_BYTES = 256 * 1024 * 1024;

/** A whole record of a segment. */
export interface WalRecord {
  readonly payload: Buffer;
  /** Offset in the segment just behind the record. */
  readonly endOffset: number;
}

/** What stands before a payload in the log. */
export function recordHeader(payload: Uint8Array): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt32LE(crc32c(payload), 4);
  return header;
}

/** Bytes that a payload takes in the log. */
export function recordBytes(payload: Uint8Array): number {
  return HEADER_BYTES + payload.length;
}

/** The whole records from the start of a segment; ends silently where the first torn one begins. */
export function* readRecords(segment: Uint8Array): Generator<WalRecord> {
  const bytes = Buffer.from(segment.buffer, segment.byteOffset, segment.byteLength);
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const length = bytes.readUInt32LE(at);
    const endOffset = at + HEADER_BYTES + length;
    if (length === 0 || length > MAX_RECORD_BYTES || endOffset > bytes.length) return;
    const payload = bytes.subarray(at + HEADER_BYTES, endOffset);
    if (crc32c(payload) !== bytes.readUInt32LE(at + 4)) return;
    yield { payload, endOffset };
    at = endOffset;
  }
}
