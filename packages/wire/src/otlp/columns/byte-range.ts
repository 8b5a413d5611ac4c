import type { PlainCursor } from "./plain-cursor.ts";

/** Bytes of a body. */
export interface ByteRange {
  start: number;
  end: number;
}

/** Makes the ranges empty. */
export function clearRanges(ranges: readonly ByteRange[]): void {
  for (const range of ranges) {
    range.start = 0;
    range.end = 0;
  }
}

/** Takes the length-delimited value that is next; false when it goes beyond the end. */
export function readRange(cursor: PlainCursor, range: ByteRange, end: number): boolean {
  const valueEnd = cursor.endOfValue(end);
  if (valueEnd < 0) return false;
  range.start = cursor.at;
  range.end = valueEnd;
  cursor.at = valueEnd;
  return true;
}

/** Whether it is an id of this length that is set: not all zero. */
export function isId(bytes: Uint8Array, range: ByteRange, length: number): boolean {
  return range.end - range.start === length && !isZero(bytes, range);
}

/**
 * Whether it is an id of this length or none. An id of zeros says that there is none: the range then
 * is empty afterwards.
 */
export function isIdOrNone(bytes: Uint8Array, range: ByteRange, length: number): boolean {
  if (range.end === range.start) return true;
  if (range.end - range.start !== length) return false;
  if (isZero(bytes, range)) range.end = range.start;
  return true;
}

function isZero(bytes: Uint8Array, { start, end }: ByteRange): boolean {
  let bits = 0;
  for (let i = start; i < end; i++) bits |= bytes[i]!;
  return bits === 0;
}
