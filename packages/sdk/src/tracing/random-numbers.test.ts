import { describe, expect, it } from "vitest";
import { newSpanId, newTraceId } from "./identifiers.ts";
import { fillRandomly } from "./random-numbers.ts";

/** Of the reference implementation in C for the seed 1, 2, 3, 4. */
const REFERENCE = [
  11_520, 0, 5_927_040, 70_819_200, 2_031_721_883, 1_637_235_492, 1_287_239_034, 3_734_860_849,
  3_729_100_597, 4_258_142_804,
];

describe("random numbers", () => {
  it("are those of xoshiro128**", () => {
    const numbers = new Uint32Array(REFERENCE.length);
    fillRandomly(numbers, Uint32Array.of(1, 2, 3, 4));
    expect([...numbers]).toEqual(REFERENCE);
  });

  it("go on where the last ones ended", () => {
    const seed = Uint32Array.of(1, 2, 3, 4);
    const halves = [new Uint32Array(4), new Uint32Array(6)];
    for (const half of halves) fillRandomly(half, seed);
    expect(halves.flatMap((half) => [...half])).toEqual(REFERENCE);
  });

  it("make ids that differ and are never empty", () => {
    const ids = Array.from({ length: 5000 }, () => [newTraceId(), newSpanId()]).flat();
    expect(new Set(ids).size).toBe(10_000);
    for (const id of ids) expect(id).toMatch(/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/);
  });
});
