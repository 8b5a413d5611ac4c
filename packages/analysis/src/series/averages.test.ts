import { describe, expect, it } from "vitest";
import { evenlySpaced } from "../time-series.ts";
import { exponentialAverage, movingAverage } from "./averages.ts";

const series = (values: number[]) => evenlySpaced(values, { stepMs: 1000 });

describe("movingAverage", () => {
  // NIST/SEMATECH e-Handbook 6.4.2.1: supplier's dollar amounts and their moving average of three.
  it("equals the table of the NIST e-Handbook", () => {
    const amounts = [9, 8, 9, 12, 9, 12, 11, 7, 13, 9, 11, 10];
    const expected = [8.667, 9.667, 10, 11, 10.667, 10, 10.333, 9.667, 11, 10];
    const averages = movingAverage(series(amounts), 3).values;
    for (const [i, value] of expected.entries()) expect(averages[i + 2]).toBeCloseTo(value, 3);
    expect(averages.subarray(0, 2).every(Number.isNaN)).toBe(true);
  });

  it("is NaN while a NaN is in the window, and recovers after it", () => {
    const values = [1, 1, Number.NaN, 1, 1, 1];
    expect([...movingAverage(series(values), 2).values]).toEqual([NaN, 1, NaN, NaN, 1, 1]);
  });

  it("does not let rounding errors grow", () => {
    const values = Array.from({ length: 10_000 }, (_, i) => (i < 50 ? 1e15 + 0.1 : 0.1));
    expect(movingAverage(series(values), 7).values.at(-1)).toBeCloseTo(0.1, 12);
  });

  it("has no full window in a short series", () => {
    expect([...movingAverage(series([1]), 2).values]).toEqual([NaN]);
  });
});

describe("exponentialAverage", () => {
  it("is begun with the first number and moves by alpha of the distance", () => {
    expect([...exponentialAverage(series([2, 4, 8]), 0.5).values]).toEqual([2, 3, 5.5]);
  });

  it("keeps its value over NaN", () => {
    const values = [NaN, 2, NaN, 4];
    expect([...exponentialAverage(series(values), 0.5).values]).toEqual([NaN, 2, 2, 3]);
  });

  it.each([0, 1.1, Number.NaN])("refuses alpha %d", (alpha) => {
    expect(() => exponentialAverage(series([1]), alpha)).toThrow("alpha: must be above 0");
  });
});
