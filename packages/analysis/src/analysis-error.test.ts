import { describe, expect, it } from "vitest";
import {
  AnalysisError,
  requireInteger,
  requirePositive,
  requireUnitInterval,
} from "./analysis-error.ts";

describe("AnalysisError", () => {
  it("derives its message from the code and the facts", () => {
    const error = new AnalysisError("insufficient_data", { have: 3, needed: 10 });
    expect(error.message).toBe("3 samples are too few, at least 10 are needed");
    expect(error.code).toBe("insufficient_data");
  });

  it("keeps the cause and shows a missing fact as its place", () => {
    const cause = new Error("first");
    const error = new AnalysisError("invalid_parameter", { parameter: "alpha" }, { cause });
    expect(error.cause).toBe(cause);
    expect(error.message).toBe("alpha: {reason}");
  });
});

describe("checks of parameters", () => {
  it.each([
    () => requireInteger("lag", 1.5, 0),
    () => requireInteger("lag", -1, 0),
    () => requireInteger("lag", Number.NaN, 0),
    () => requirePositive("step", 0),
    () => requirePositive("step", Number.POSITIVE_INFINITY),
    () => requireUnitInterval("level", 1.1),
    () => requireUnitInterval("level", Number.NaN),
  ])("refuse what lies outside (%#)", (check) => {
    expect(check).toThrow(expect.objectContaining({ code: "invalid_parameter" }));
  });

  it("accept the ends of their range", () => {
    requireInteger("lag", 0, 0);
    requirePositive("step", Number.MIN_VALUE);
    requireUnitInterval("level", 0);
    requireUnitInterval("level", 1);
  });
});
