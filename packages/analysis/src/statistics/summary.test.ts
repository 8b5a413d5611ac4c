import { describe, expect, it } from "vitest";
import { summarize } from "./summary.ts";

describe("summarize", () => {
  it("describes 1 to 100 as R's mean, sd and quantile do", () => {
    const summary = summarize(Float64Array.from({ length: 100 }, (_, i) => 100 - i));
    expect(summary).toMatchObject({ count: 100, mean: 50.5, min: 1, max: 100, p50: 50.5 });
    expect(summary.standardDeviation).toBeCloseTo(29.01149, 5);
    expect(summary.p90).toBeCloseTo(90.1, 10);
    expect(summary.p95).toBeCloseTo(95.05, 10);
    expect(summary.p99).toBeCloseTo(99.01, 10);
  });

  it("leaves NaN out and says so in the count", () => {
    expect(summarize(Float64Array.of(Number.NaN, 2, 4))).toMatchObject({ count: 2, mean: 3 });
  });

  it("counts nothing in nothing", () => {
    expect(summarize(new Float64Array(0))).toMatchObject({ count: 0, mean: NaN, max: NaN });
  });
});
