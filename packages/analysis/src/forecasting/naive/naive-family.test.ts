import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { fitted, hourly, rAnswer, rSeries } from "../fixtures/r-answers.ts";
import type { Forecaster } from "../forecaster.ts";
import { drift } from "./drift.ts";
import { naive } from "./naive.ts";
import { seasonalMedian } from "./seasonal-median.ts";
import { seasonalNaive } from "./seasonal-naive.ts";
import { selectMedian } from "./select-median.ts";

interface RForecast {
  readonly mean: number[];
  readonly lower: number[];
  readonly upper: number[];
}

describe("the naive family agrees with R's forecast package", () => {
  const cases: { forecaster: Forecaster; data: string; answer: string }[] = [
    { forecaster: naive(), data: "nile", answer: "naive.nile" },
    {
      forecaster: seasonalNaive({ seasonSamples: 12 }),
      data: "accidents",
      answer: "snaive.accidents",
    },
    { forecaster: drift(), data: "nile", answer: "drift.nile" },
  ];
  it.each(cases)("$answer", ({ forecaster, data, answer }) => {
    const expected = rAnswer<RForecast>(answer);
    const forecast = fitted(forecaster, rSeries(data)).forecast(expected.mean.length, 0.95);
    for (const [step, mean] of expected.mean.entries()) {
      expect(forecast.mean[step]).toBeCloseTo(mean, 6);
      expect(Math.abs(forecast.lower[step]! / expected.lower[step]! - 1)).toBeLessThan(2e-3);
      expect(Math.abs(forecast.upper[step]! / expected.upper[step]! - 1)).toBeLessThan(2e-3);
    }
  });
});

describe("seasonalMedian", () => {
  const days = hourly([10, 20, 30, 11, 21, 31, 12, 900, 32]);

  it("is not moved by one spike", () => {
    const model = fitted(seasonalMedian({ seasonSamples: 3, windowSeasons: 3 }), days);
    expect([...model.forecast(4, 0.9).mean]).toEqual([11, 21, 31, 11]);
  });

  it("uses the newest seasons only", () => {
    const model = fitted(seasonalMedian({ seasonSamples: 3, windowSeasons: 1 }), days);
    expect([...model.forecast(3, 0.9).mean]).toEqual([12, 900, 32]);
  });

  it("can count neighbours of the phase too", () => {
    const options = { seasonSamples: 3, windowSeasons: 3, neighbours: 1 };
    const { mean } = fitted(seasonalMedian(options), days).forecast(1, 0.9);
    expect(mean[0]).toBe(20.5); // of 10 20, 30 11 21, 31 12 900
  });
});

describe("selectMedian", () => {
  it("equals the median by sorting", () => {
    const random = createRandom(9);
    for (let count = 1; count < 60; count++) {
      const values = Float64Array.from({ length: count }, () => random.integer(20));
      const ascending = values.toSorted();
      const expected = (ascending[(count - 1) >> 1]! + ascending[count >> 1]!) / 2;
      expect(selectMedian(values, count)).toBe(expected);
    }
  });

  it("is NaN for nothing", () => {
    expect(selectMedian(new Float64Array(3), 0)).toBeNaN();
  });
});

describe("every naive forecaster", () => {
  it.each([naive(), seasonalNaive({ seasonSamples: 4 }), drift()])("%o answers too little", (f) => {
    expect(f.fit(hourly([])).kind).toBe("insufficient-history");
  });

  it("refuses a value that is not finite, and says where", () => {
    expect(() => naive().fit(hourly([1, Number.NaN]))).toThrow(/index 1/);
  });

  it.each([0, -1, 1.5, Number.NaN, 1e9])("refuses a horizon of %d", (horizon) => {
    const model = fitted(naive(), hourly([1, 2]));
    expect(() => model.forecast(horizon, 0.95)).toThrow(/horizon/);
  });

  it("refuses a level outside 0 to 1", () => {
    expect(() => fitted(naive(), hourly([1, 2])).forecast(1, 1.5)).toThrow(/level/);
  });
});
