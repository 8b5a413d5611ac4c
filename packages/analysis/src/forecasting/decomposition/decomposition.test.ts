import { describe, expect, it } from "vitest";
import { rAnswer, rSeries } from "../fixtures/r-answers.ts";
import { classicalSeason, removeSeason } from "./classical.ts";
import { mstl } from "./mstl.ts";
import { stl } from "./stl.ts";

interface RParts {
  readonly seasonal: number[];
  readonly trend: number[];
  readonly remainder: number[];
}

function expectClose(actual: Float64Array, expected: readonly number[], digits: number): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, digits);
}

describe("stl", () => {
  it("equals R's stl(s.window = 11)", () => {
    const expected = rAnswer<RParts>("stl.logAirPassengers");
    const parts = stl(rSeries("airPassengers").values.map(Math.log), { seasonSamples: 12 });
    expectClose(parts.seasonal, expected.seasonal, 8);
    expectClose(parts.trend, expected.trend, 8);
    expectClose(parts.remainder, expected.remainder, 8);
  });

  it("comes near R's periodic season", () => {
    const expected = rAnswer<RParts>("stl.periodic.nottem");
    const { values } = rSeries("nottem");
    const { seasonal } = stl(values, { seasonSamples: 12, seasonalWindow: Infinity });
    expectClose(
      seasonal.map((term) => term / 10),
      expected.seasonal.map((term) => term / 10),
      1,
    );
  });

  it("adds up to the series", () => {
    const { values } = rSeries("nottem");
    const { seasonal, trend, remainder } = stl(values, { seasonSamples: 12, isRobust: true });
    expectClose(
      seasonal.map((s, i) => s + trend[i]! + remainder[i]!),
      [...values],
      9,
    );
  });

  it("leaves an outlier in the remainder when robust", () => {
    const values = Float64Array.from({ length: 96 }, (_, i) => 10 + Math.sin((i * Math.PI) / 6));
    values[50]! += 40;
    const { remainder } = stl(values, { seasonSamples: 12, isRobust: true });
    expect(remainder[50]).toBeGreaterThan(39);
    expect(Math.abs(remainder[62]!)).toBeLessThan(0.2);
  });

  it("needs two seasons", () => {
    expect(() => stl(new Float64Array(20), { seasonSamples: 12 })).toThrow(/at least 24/);
  });
});

describe("mstl", () => {
  it("equals R's mstl with seasons of 4 and 12", () => {
    const expected = rAnswer<{ trend: number[]; season4: number[]; season12: number[] }>(
      "mstl.nottem",
    );
    const parts = mstl(rSeries("nottem").values, { seasonSamples: [12, 4] });
    expect(parts.seasonSamples).toEqual([4, 12]);
    expectClose(parts.trend, expected.trend, 6);
    expectClose(parts.seasonals[0]!, expected.season4, 6);
    expectClose(parts.seasonals[1]!, expected.season12, 6);
  });

  it("leaves out a season that does not fit twice", () => {
    const { seasonSamples } = mstl(rSeries("lh").values, { seasonSamples: [6, 40] });
    expect(seasonSamples).toEqual([6]);
  });
});

describe("classicalSeason", () => {
  it("equals the figure of R's decompose", () => {
    const { terms } = classicalSeason(rSeries("airPassengers").values, 12, "multiplicative");
    expectClose(terms, rAnswer<number[]>("decompose.airPassengers"), 8);
  });

  it("can be taken out again", () => {
    const values = Float64Array.from({ length: 40 }, (_, i) => 100 + [5, -5, 3, -3][i % 4]!);
    const season = classicalSeason(values, 4, "additive");
    expectClose(removeSeason(values, season), new Array(40).fill(100), 9);
  });
});
