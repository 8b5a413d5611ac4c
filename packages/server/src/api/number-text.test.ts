import { describe, expect, it } from "vitest";
import { sampleText, secondsText } from "./number-text.ts";

describe("sampleText", () => {
  // Expected texts are those of Go's strconv.AppendFloat as Prometheus' JSON encoder calls it.
  it.each([
    [0, "0"],
    [-0, "-0"],
    [1.5, "1.5"],
    [1e-6, "0.000001"],
    [1e-7, "1e-07"],
    [1.25e-12, "1.25e-12"],
    [1e20, "100000000000000000000"],
    [1e21, "1e+21"],
    [-2.5e300, "-2.5e+300"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "+Inf"],
    [Number.NEGATIVE_INFINITY, "-Inf"],
  ])("writes %d as %s", (value, text) => expect(sampleText(value)).toBe(text));
});

describe("secondsText", () => {
  it("keeps milliseconds", () => {
    expect(secondsText(1_435_781_451_781)).toBe("1435781451.781");
    expect(secondsText(1000)).toBe("1");
  });
});
