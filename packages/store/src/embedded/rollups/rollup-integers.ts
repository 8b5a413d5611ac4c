import type { Rollup } from "./rollup.ts";

/** A roll-up of integers as the differences that the table keeps. */
interface RollupIntegers {
  /** The first value of the first bucket. */
  readonly firstInt: number;
  /** From the last value of the bucket before to the first one; 0 for the first bucket. */
  readonly gaps: readonly number[];
  /** From the first value to the last one. */
  readonly rises: readonly number[];
  /** What the sum has more than that of a straight line from the first value to the last one. */
  readonly sumRest: readonly number[];
}

/** The differences when first, last and sum of every bucket are exact integers; else `undefined`. */
export function rollupIntegers({ count, sum, first, last }: Rollup): RollupIntegers | undefined {
  const gaps: number[] = [];
  const rises: number[] = [];
  const sumRest: number[] = [];
  let before = first[0] ?? 0;
  for (let i = 0; i < count.length; i++) {
    const [total, from, to] = [sum[i]!, first[i]!, last[i]!];
    if (!isPlainInteger(total) || !isPlainInteger(from) || !isPlainInteger(to)) return undefined;
    const [gap, rise, flat] = [from - before, to - from, count[i]! * from];
    const above = total - flat;
    const slope = count[i]! * rise;
    const rest = above - Math.trunc(slope / 2);
    if (![gap, rise, flat, above, slope, rest].every(Number.isSafeInteger)) return undefined;
    gaps.push(gap);
    rises.push(rise);
    sumRest.push(rest);
    before = to;
  }
  return { firstInt: first[0] ?? 0, gaps, rises, sumRest };
}

/** No integer is -0: its sign would be lost. */
function isPlainInteger(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

const TWO_32 = 2 ** 32;

/** Safe integers as 64-bit ones, by halves: that needs no BigInt for each. */
export function int64Array(values: readonly number[]): BigInt64Array {
  const halves = new Uint32Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    halves[2 * i] = value;
    halves[2 * i + 1] = Math.floor(value / TWO_32);
  }
  return new BigInt64Array(halves.buffer);
}
