import { describe, expect, it } from "vitest";
import { errorBudgetRemaining } from "./error-budget.ts";

describe("errorBudgetRemaining", () => {
  it.each([
    [0, 0.999, 1],
    [0.0005, 0.999, 0.5],
    [0.001, 0.999, 0],
    [0.2, 0.999, 0],
    [0.01, 0.95, 0.8],
  ])("of %d failed against %d is %d", (ratio, objective, left) => {
    expect(errorBudgetRemaining(ratio, objective)).toBeCloseTo(left, 9);
  });

  it("is NaN where the ratio is unknown", () => {
    expect(errorBudgetRemaining(Number.NaN, 0.999)).toBeNaN();
  });
});
