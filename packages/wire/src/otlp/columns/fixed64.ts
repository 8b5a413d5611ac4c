import type { PlainCursor } from "./plain-cursor.ts";

/** A 64-bit integer in two unsigned halves. */
export interface Fixed64 {
  low: number;
  high: number;
}

/** Makes them zero. */
export function clearFixed64s(values: readonly Fixed64[]): void {
  for (const value of values) {
    value.low = 0;
    value.high = 0;
  }
}

/** Takes the 8 bytes that are next; false when they go beyond the end. */
export function readFixed64(cursor: PlainCursor, value: Fixed64, end: number): boolean {
  const at = cursor.eightBytes(end);
  if (at < 0) return false;
  value.low = cursor.low(at);
  value.high = cursor.low(at + 4);
  return true;
}
