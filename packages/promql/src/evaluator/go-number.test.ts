import { describe, expect, it } from "vitest";
import { formatOpenMetrics, formatPlain, formatShortest, formatSignificant } from "./go-number.ts";

describe("numbers as Go prints them", () => {
  // Source: Go's strconv.FormatFloat(x, 'g', -1, 64).
  it.each([
    [0, "0"],
    [1, "1"],
    [-0.5, "-0.5"],
    [123456, "123456"],
    [1000000, "1e+06"],
    [1234567.5, "1.2345675e+06"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [1e100, "1e+100"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "+Inf"],
    [Number.NEGATIVE_INFINITY, "-Inf"],
  ])("%d is %s with %%g", (value, text) => {
    expect(formatShortest(value)).toBe(text);
  });

  // Source: strconv.FormatFloat(x, 'f', -1, 64).
  it.each([
    [1e21, "1000000000000000000000"],
    [1.5e-7, "0.00000015"],
    [-1234567.25, "-1234567.25"],
    [-0, "-0"],
  ])("%d is %s without exponent", (value, text) => {
    expect(formatPlain(value)).toBe(text);
  });

  // Source: fmt.Sprintf("%.2g", x).
  it.each([
    [2, "2"],
    [0.25, "0.25"],
    [123, "1.2e+02"],
    [0.00001234, "1.2e-05"],
  ])("%d is %s with two digits", (value, text) => {
    expect(formatSignificant(value, 2)).toBe(text);
  });

  it("gives integers a fraction in OpenMetrics", () => {
    expect([1, 0.5, 1e6, Number.NaN].map(formatOpenMetrics)).toEqual([
      "1.0",
      "0.5",
      "1e+06",
      "NaN",
    ]);
  });
});
