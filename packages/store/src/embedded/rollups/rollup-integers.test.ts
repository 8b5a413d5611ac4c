import { describe, expect, it } from "vitest";
import type { Rollup } from "./rollup.ts";
import { int64Array, rollupIntegers } from "./rollup-integers.ts";

/** A roll-up of buckets of which each is given by [count, sum, first, last]. */
function rollupOf(...buckets: readonly (readonly [number, number, number, number])[]): Rollup {
  const [count, sum, first, last] = [0, 1, 2, 3].map((at) => buckets.map((one) => one[at]!));
  const none: number[] = [];
  return {
    ...{ bucket: buckets.map((_, i) => i), count: count!, sum: sum!, first: first!, last: last! },
    ...{ min: none, max: none, firstOffset: none, lastOffset: none, increase: none },
  };
}

describe("a roll-up of integers", () => {
  it("is kept as differences, the sum as its distance from a straight line", () => {
    // 4, 5, 7 and 10, 8, 9: sums 16 and 27; the lines from end to end have 12 + 4 and 30 - 1.
    expect(rollupIntegers(rollupOf([3, 16, 4, 7], [3, 27, 10, 9]))).toEqual({
      ...{ firstInt: 4, gaps: [0, 3], rises: [3, -1], sumRest: [0, -2] },
    });
  });

  it.each([
    ["a fraction", [2, 3.5, 1, 2.5]],
    ["a sum that is no integer between integers", [3, 3.5, 1, 1]],
    ["a NaN", [1, Number.NaN, 1, 1]],
    ["a negative zero", [1, -0, -0, -0]],
    ["a sum beyond 2^53", [20, 20 * 2 ** 50, 2 ** 50, 2 ** 50]],
    ["a difference beyond 2^53", [2, 0, -(2 ** 53 - 1), 2 ** 53 - 1]],
  ] as const)("is not made of %s", (_, bucket) => {
    expect(rollupIntegers(rollupOf(bucket))).toBeUndefined();
  });
});

it("makes 64-bit integers of all safe ones", () => {
  const values = [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32) - 1, 2 ** 53 - 1, 1 - 2 ** 53];
  expect([...int64Array(values)]).toEqual(values.map(BigInt));
});
