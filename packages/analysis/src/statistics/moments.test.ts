import { describe, expect, it } from "vitest";
import {
  maximum,
  mean,
  minimum,
  populationStandardDeviation,
  standardDeviation,
  variance,
} from "./moments.ts";
import { accuracySet } from "./numacc-sets.test-data.ts";

// NIST Statistical Reference Datasets, univariate summary statistics: certified values.
describe("against the certified values of NIST's NumAcc sets", () => {
  it("NumAcc1: mean 10000002, standard deviation 1", () => {
    const values = Float64Array.of(10_000_001, 10_000_003, 10_000_002);
    expect(mean(values)).toBe(10_000_002);
    expect(standardDeviation(values)).toBe(1);
  });

  it.each([
    { set: "NumAcc2", center: 1.2, digits: 14 },
    { set: "NumAcc3", center: 1_000_000.2, digits: 9 },
    { set: "NumAcc4", center: 10_000_000.2, digits: 8 },
  ])("$set: mean $center, standard deviation 0.1", ({ center, digits }) => {
    const values = accuracySet(center);
    expect(mean(values)).toBeCloseTo(center, digits);
    expect(standardDeviation(values)).toBeCloseTo(0.1, digits);
  });
});

describe("moments at the edges", () => {
  const none = new Float64Array(0);

  it("have no answer without values", () => {
    for (const statistic of [mean, minimum, maximum, variance, populationStandardDeviation]) {
      expect(statistic(none)).toBeNaN();
    }
  });

  it("differ for one value: the population does not vary, a sample cannot say", () => {
    expect(populationStandardDeviation(Float64Array.of(5))).toBe(0);
    expect(standardDeviation(Float64Array.of(5))).toBeNaN();
  });

  it("differ by the divisor: 2, 4, 4, 4, 5, 5, 7, 9 has population deviation 2", () => {
    const values = Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9);
    expect(populationStandardDeviation(values)).toBe(2);
    expect(standardDeviation(values)).toBeCloseTo(Math.sqrt(32 / 7), 14);
  });

  it("carry NaN and infinity on", () => {
    const values = Float64Array.of(1, Number.NaN);
    for (const statistic of [mean, minimum, maximum, variance]) expect(statistic(values)).toBeNaN();
    expect(mean(Float64Array.of(1, Number.POSITIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY);
  });
});
