import { describe, expect, it } from "vitest";
import { isRelevant } from "./relevance.ts";

describe("relevance of a change", () => {
  it.each([
    ["latency", 0.2, 0.05, 0.1, true],
    ["latency", 0.01, 0.05, 0.1, false], // faster harms nobody
    ["latency", 0.006, 0.001, 0.002, false], // 5 ms are not felt
    ["traffic", 10, 18, 22, true],
    ["traffic", 16, 18, 22, false], // a fifth less comes by chance
    ["traffic", 0.1, 0.4, 0.6, false],
    ["errors", 0.05, 0, 0.01, true],
    ["errors", 0.012, 0, 0.01, false],
    ["errors", 0, 0.02, 0.03, false],
    ["saturation", 0.9, 0.1, 0.3, true],
    ["saturation", 0.4, 0.1, 0.3, false],
    ["metric", 5, 1, 2, true],
    ["metric", 1.5, 1, 2, false],
  ] as const)("%s %d where %d to %d was expected: %s", (...[signal, value, ...rest]) => {
    const [lower, upper, expected] = rest;
    expect(isRelevant(signal, { timestampMs: 0, value }, { lower, upper })).toBe(expected);
  });

  it("takes four failures of 150 requests for chance, and forty of 1500 not", () => {
    const band = { lower: 0, upper: 0.01 }; // 0.5 %: expects 0.75 and 7.5 failures
    const sample = (requests: number) => ({ timestampMs: 0, value: 0.0267, requests });
    expect(isRelevant("errors", sample(150), band)).toBe(false);
    expect(isRelevant("errors", sample(1500), band)).toBe(true);
  });

  it("cannot tell without a band", () => {
    expect(
      isRelevant("latency", { timestampMs: 0, value: 9 }, { lower: Number.NaN, upper: Number.NaN }),
    ).toBe(false);
  });
});
