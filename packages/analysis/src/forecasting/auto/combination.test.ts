import { describe, expect, it } from "vitest";
import { hourly } from "../fixtures/r-answers.ts";
import { naive } from "../naive/naive.ts";
import { seasonalNaive } from "../naive/seasonal-naive.ts";
import { combine, memberWeights, weightedMedian } from "./combination.ts";
import { backtestErrors, backtestOrigins, forecastAtOrigins } from "./rolling-origin.ts";

describe("weightedMedian", () => {
  it.each([
    [[3, 1, 2], [1, 1, 1], 2],
    [[4, 1, 2, 3], [1, 1, 1, 1], 2.5],
    [[1, 2, 3], [0, 0, 5], 3],
    [[1, 9], [3, 1], 1 + 8 * (0.5 / 2)],
  ])("of %j with weights %j is %d", (values, weights, expected) => {
    expect(weightedMedian(Float64Array.from(values), weights)).toBeCloseTo(expected, 12);
  });

  it("is NaN when empty", () => {
    expect(weightedMedian(new Float64Array(0), [])).toBeNaN();
  });
});

describe("memberWeights", () => {
  it("prunes and weighs by inverse powers", () => {
    const weights = memberWeights([1, 1.2, 9, undefined], { exponent: 2, pruneRatio: 1.5 });
    expect(weights).toEqual([
      { member: 0, weight: 1 },
      { member: 1, weight: 1.2 ** -2 },
    ]);
  });

  it("weighs all the same when nothing is known", () => {
    const weights = memberWeights([undefined, undefined], { exponent: 2, pruneRatio: 1.5 });
    expect(weights.map(({ weight }) => weight)).toEqual([1, 1]);
  });
});

describe("combine", () => {
  it("leaves out members without a forecast", () => {
    const means = [undefined, new Float64Array([1, 2])];
    const weights = [
      { member: 0, weight: 1 },
      { member: 1, weight: 1 },
    ];
    expect([...(combine(means, weights) ?? [])]).toEqual([1, 2]);
    expect(combine([undefined], [{ member: 0, weight: 1 }])).toBeUndefined();
  });
});

describe("rolling origins", () => {
  it("leave the horizon to test on and step back by a quarter of it", () => {
    const options = { horizon: 8, minTrainingSamples: 10, maxOrigins: 4 };
    expect(backtestOrigins(24, options)).toEqual([16, 14, 12, 10]);
    expect(backtestOrigins(20, options)).toEqual([12, 10]);
    expect(backtestOrigins(12, options)).toEqual([]);
  });

  it("never show a forecaster what comes after", () => {
    const series = hourly([1, 2, 1, 2, 1, 2, 1, 2, 5, 5]);
    const pool = [naive(), seasonalNaive({ seasonSamples: 2 })];
    const options = { horizon: 2, minTrainingSamples: 4, maxOrigins: 1 };
    const origins = forecastAtOrigins(series, pool, options);
    expect(origins[0]?.means.map((mean) => [...(mean ?? [])])).toEqual([
      [2, 2],
      [1, 2],
    ]);
    expect(backtestErrors(series.values, origins)).toEqual([3, 3.5]);
  });
});
