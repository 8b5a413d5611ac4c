import { describe, expect, it } from "vitest";
import { autocorrelation } from "./autocorrelation.ts";
import { accuracySet } from "./numacc-sets.test-data.ts";

// Luteinizing hormone in blood (Diggle 1990), R's data set `lh`.
const LH = Float64Array.of(
  ...[2.4, 2.4, 2.4, 2.2, 2.1, 1.5, 2.3, 2.3, 2.5, 2.0, 1.9, 1.7, 2.2, 1.8, 3.2, 3.2],
  ...[2.7, 2.2, 2.2, 1.9, 1.9, 1.8, 2.7, 3.0, 2.3, 2.0, 2.0, 2.9, 2.9, 2.7, 2.7, 2.3],
  ...[2.6, 2.4, 1.8, 1.7, 1.5, 1.4, 2.1, 3.3, 3.5, 3.5, 3.1, 2.6, 2.1, 3.4, 3.0, 2.9],
);

describe("autocorrelation", () => {
  it.each([
    // Venables and Ripley, Modern Applied Statistics with S, 4th ed., section 14.1: acf(lh)
    [0, 1],
    [1, 0.576],
    [2, 0.182],
    [3, -0.145],
    [4, -0.175],
  ])("equals R's acf(lh) at lag %d: %d", (lag, expected) => {
    expect(autocorrelation(LH, lag)).toBeCloseTo(expected, 3);
  });

  it("equals the certified value of NIST's NumAcc2: -0.999 at lag 1", () => {
    expect(autocorrelation(accuracySet(1.2), 1)).toBeCloseTo(-0.999, 10);
  });

  it("has no answer for constant values or a lag without pairs", () => {
    expect(autocorrelation(Float64Array.of(1, 1, 1), 1)).toBeNaN();
    expect(autocorrelation(LH, 48)).toBeNaN();
  });
});
