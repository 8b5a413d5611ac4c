/**
 * Prometheus marks the end of a series with a NaN of this very bit pattern
 * (model/value.StaleNaN). It must be kept bit-exact: copy columns with `set`/`slice`,
 * test with `isStaleAt`, never by comparing values.
 */
const STALE_HIGH_WORD = 0x7ff00000;
const STALE_LOW_WORD = 0x00000002;

const words = new Uint32Array(2);
const float = new Float64Array(words.buffer);

/** Writes the stale marker into `values[index]`. */
export function setStaleAt(values: Float64Array, index: number): void {
  const view = new Uint32Array(values.buffer, values.byteOffset + index * 8, 2);
  view[0] = STALE_LOW_WORD;
  view[1] = STALE_HIGH_WORD;
}

/** Whether `values[index]` is the stale marker (and not an ordinary NaN). */
export function isStaleAt(values: Float64Array, index: number): boolean {
  const value = values[index]!;
  if (!Number.isNaN(value)) return false;
  float[0] = value;
  return words[0] === STALE_LOW_WORD && words[1] === STALE_HIGH_WORD;
}
