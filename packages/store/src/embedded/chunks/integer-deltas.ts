import type { BlockSamples } from "../../head/sample-block.ts";

const MAX_INT32 = 2 ** 31 - 1;
const MIN_INT32 = -(2 ** 31);

/**
 * The difference of each value from the one before it (the first is 0), when all values are exact
 * integers and all differences fit 32 bits; `undefined` otherwise, and for -0, which no integer is.
 * They are written to `deltas`, which is as long as the block.
 */
export function integerDeltas(
  { values, length }: BlockSamples,
  deltas = new Int32Array(length),
): Int32Array | undefined {
  let before = values[0] ?? 0;
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    const delta = value - before;
    const fits = Number.isSafeInteger(value) && delta >= MIN_INT32 && delta <= MAX_INT32;
    if (!fits || Object.is(value, -0)) return undefined;
    deltas[i] = delta;
    before = value;
  }
  return deltas;
}

/**
 * Takes the least rise out of the deltas of a run that rises at every sample, as a busy counter does:
 * what is left has fewer bits. Returns that rise; 0, and nothing is changed, for any other run.
 */
export function takeLeastRise(deltas: Int32Array): number {
  if (deltas.length < 2) return 0;
  let least = MAX_INT32;
  for (let i = 1; i < deltas.length; i++) least = Math.min(least, deltas[i]!);
  if (least <= 0) return 0;
  for (let i = 1; i < deltas.length; i++) deltas[i]! -= least;
  return least;
}

/** What of which array to sum up: the values `from..to` of a run that begins with `first`. */
export interface DeltaRun {
  readonly first: number;
  /** What `takeLeastRise` took out; 0 without. */
  readonly leastRise: number;
  readonly deltas: Int32Array;
  readonly from: number;
  readonly to: number;
}

/** The inverse of `integerDeltas` and `takeLeastRise`: writes the values `from..to` to `target` from `at` on. */
export function sumDeltas(
  { first, leastRise, deltas, from, to }: DeltaRun,
  target: Float64Array,
  at: number,
): void {
  let value = first;
  for (let i = 0; i < from; i++) value += deltas[i]!;
  for (let i = from, k = at; i < to; i++, k++) {
    value += deltas[i]!;
    target[k] = value + i * leastRise;
  }
}
