import { describe, expect, it } from "vitest";
import { logGamma } from "./log-gamma.ts";

describe("logGamma", () => {
  it("is ln (n - 1)! at whole numbers, and ln sqrt(pi) at one half", () => {
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
    expect(logGamma(1)).toBeCloseTo(0, 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
  });
});
