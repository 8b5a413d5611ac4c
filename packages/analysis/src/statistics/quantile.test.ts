import { describe, expect, it } from "vitest";
import { MAD_TO_SIGMA, median, medianAbsoluteDeviation, quantile } from "./quantile.ts";

const oneTo = (n: number) => Float64Array.from({ length: n }, (_, i) => i + 1);

describe("quantile", () => {
  it.each([
    // R: quantile(1:10, type = 7)
    [0, 1],
    [0.25, 3.25],
    [0.5, 5.5],
    [0.75, 7.75],
    [1, 10],
    [0.99, 9.91],
  ])("is R's type 7: of 1:10 at %d it is %d", (probability, expected) => {
    expect(quantile(oneTo(10), probability)).toBeCloseTo(expected, 12);
  });

  it("does not depend on the order and leaves its input alone", () => {
    const values = Float64Array.of(3, 1, 2);
    expect(quantile(values, 0.5)).toBe(2);
    expect([...values]).toEqual([3, 1, 2]);
  });

  it("has no answer without values or with a NaN", () => {
    expect(quantile(new Float64Array(0), 0.5)).toBeNaN();
    expect(quantile(Float64Array.of(1, Number.NaN, 2), 0.5)).toBeNaN();
  });

  it("keeps infinities", () => {
    const infinite = Float64Array.of(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    expect(quantile(infinite, 0.5)).toBe(Number.POSITIVE_INFINITY);
  });

  it("refuses a probability outside 0 to 1", () => {
    expect(() => quantile(oneTo(3), 1.5)).toThrow("probability: must lie between 0 and 1");
  });
});

describe("medianAbsoluteDeviation", () => {
  // R's help of mad(): mad(c(1:9)) with constant = 1 is 2, and an outlier does not change it.
  it("is 2 for 1:9 and stays 2 when 9 becomes 100", () => {
    expect(medianAbsoluteDeviation(oneTo(9))).toBe(2);
    expect(medianAbsoluteDeviation(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 100))).toBe(2);
    expect(MAD_TO_SIGMA * medianAbsoluteDeviation(oneTo(9))).toBeCloseTo(2.9652, 4);
  });

  it("has no answer without values", () => {
    expect(medianAbsoluteDeviation(new Float64Array(0))).toBeNaN();
  });
});

describe("median", () => {
  it("is the mean of the middle two", () => {
    expect(median(Float64Array.of(4, 1, 3, 2))).toBe(2.5);
  });
});
