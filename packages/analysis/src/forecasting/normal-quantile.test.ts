import { describe, expect, it } from "vitest";
import { normalQuantile } from "./normal-quantile.ts";
import { student4Quantile } from "./student-quantile.ts";

describe("normalQuantile", () => {
  // R: print(qnorm(c(...)), digits = 16)
  it.each([
    [0.5, 0],
    [0.75, 0.6744897501960817],
    [0.975, 1.959963984540054],
    [0.999, 3.090232306167813],
    [1e-10, -6.361340902404056],
    [1e-300, -37.0471],
  ])("of %d is %d, as R says", (probability, expected) => {
    expect(normalQuantile(probability)).toBeCloseTo(expected, expected < -30 ? 3 : 12);
  });

  it("is infinite at the ends and NaN outside", () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(normalQuantile(1.1)).toBeNaN();
    expect(normalQuantile(Number.NaN)).toBeNaN();
  });
});

describe("student4Quantile", () => {
  // R: qt(c(...), 4)
  it.each([
    [0.5, 0],
    [0.75, 0.740697084],
    [0.975, 2.776445105],
    [0.995, 4.604094871],
    [0.05, -2.131846786],
  ])("of %d is %d, as R says", (probability, expected) => {
    expect(student4Quantile(probability)).toBeCloseTo(expected, 8);
  });

  it("is infinite at the ends and NaN outside", () => {
    expect(student4Quantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(student4Quantile(1)).toBe(Number.POSITIVE_INFINITY);
    expect(student4Quantile(-0.1)).toBeNaN();
  });
});
