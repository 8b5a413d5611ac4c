import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { evenlySpaced } from "../../time-series.ts";
import { rSeries } from "../fixtures/r-answers.ts";
import { autoForecast } from "./auto-forecast.ts";
import { calendarSeasons, detectSeason } from "./season-lengths.ts";

const HOUR_MS = 3_600_000;

/** A day and a week of hourly load with noise. */
function load(hours: number, seed = 1): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: hours }, (_, i) => {
    const day = Math.sin((2 * Math.PI * i) / 24);
    const isWeekend = Math.floor(i / 24) % 7 >= 5;
    return 100 + 30 * day - (isWeekend ? 25 : 0) + 2 * random.normal();
  });
}

describe.each(["auto", "fast"] as const)("autoForecast in %s mode", (mode) => {
  const values = load(24 * 7 * 6);
  const train = values.subarray(0, 24 * 7 * 5);
  const future = values.subarray(24 * 7 * 5);
  const result = autoForecast(evenlySpaced(train, { stepMs: HOUR_MS }), { horizon: 168, mode });

  it("follows the day and the week, which it finds by itself", () => {
    if (result.kind !== "forecast") throw new Error(result.reason);
    expect(result.seasonSamples).toEqual([24, 168]);
    const error = future.reduce((sum, y, i) => sum + Math.abs(y - result.mean[i]!), 0) / 168;
    expect(error).toBeLessThan(4); // the noise alone is 1.6
  });

  it("holds about 95 % within its bounds", () => {
    if (result.kind !== "forecast") throw new Error(result.reason);
    const held = future.filter((y, i) => y >= result.lower[i]! && y <= result.upper[i]!).length;
    expect(held / 168).toBeGreaterThan(0.88);
  });

  it("names what ran, and how it did before", () => {
    if (result.kind !== "forecast") throw new Error(result.reason);
    const total = result.members.reduce((sum, { share }) => sum + share, 0);
    expect(total).toBeCloseTo(1, 9);
    expect(result.model).toContain(result.members[0]?.name);
    expect(result.backtest?.skill).toBeGreaterThan(0);
  });
});

describe("autoForecast on bad or poor input", () => {
  const good = evenlySpaced(load(400), { stepMs: HOUR_MS });

  it.each([-1, 0, 2.5, Number.NaN, -5000])(
    "throws invalid_parameter for a horizon of %d",
    (horizon) => {
      expect(() => autoForecast(good, { horizon })).toThrow(/horizon/);
    },
  );

  it("throws for a season that is no whole number", () => {
    expect(() => autoForecast(good, { horizon: 3, seasonSamples: [0.5] })).toThrow(/season/);
  });

  it("throws invalid_series for columns of different lengths", () => {
    const series = { timestampsMs: new Float64Array(3), values: new Float64Array(4) };
    expect(() => autoForecast(series, { horizon: 1 })).toThrow(/3 timestamps for 4 values/);
  });

  it.each([
    [[0, 2, 1, 3, 4], 2],
    [[0, 1, 2, Number.NaN, 4], 3],
  ])("throws invalid_series for timestamps %j", (times, index) => {
    const timestampsMs = Float64Array.from(times);
    const values = Float64Array.from([1, 2, 3, 4, 5]);
    expect(() => autoForecast({ timestampsMs, values }, { horizon: 1 })).toThrow(
      new RegExp(`index ${index}`),
    );
  });

  it("throws for a horizon that nothing is said of", () => {
    expect(() => autoForecast(good, { horizon: 1e9 })).toThrow(/horizon: must be at most 100000/);
  });

  it("gives a lower bound of 0 and no upper one for certainty, and no width for none", () => {
    const certain = autoForecast(good, { horizon: 1, level: 1 });
    const none = autoForecast(good, { horizon: 1, level: 0 });
    if (certain.kind !== "forecast" || none.kind !== "forecast") throw new Error("refused");
    expect([certain.lower[0], certain.upper[0]]).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(none.upper[0]).toBe(none.lower[0]);
  });

  it("forecasts with less than two seasons, but without the season", () => {
    const result = autoForecast(evenlySpaced(load(40), { stepMs: HOUR_MS }), { horizon: 5 });
    if (result.kind === "forecast") expect(result.seasonSamples).toEqual([]);
    else expect(result.reason).toBe("no-better-than-naive");
  });

  it("refuses an infinite value", () => {
    const series = evenlySpaced([1, 2, Infinity, 4, 5, 6], { stepMs: 1000 });
    expect(autoForecast(series, { horizon: 2 })).toEqual({
      kind: "refused",
      reason: "infinite-values",
    });
  });

  it.each([[[]], [[5]], [[1, 2, 3]], [[Number.NaN, Number.NaN]]])("refuses %j", (values) => {
    const result = autoForecast(evenlySpaced(values, { stepMs: 1000 }), { horizon: 2 });
    expect(result).toMatchObject({ kind: "refused", reason: "insufficient-history" });
  });

  it("refuses a series that is mostly gap", () => {
    const values = load(300).map((value, i) => (i % 3 === 0 ? value : Number.NaN));
    const result = autoForecast(evenlySpaced(values, { stepMs: HOUR_MS }), { horizon: 4 });
    expect(result).toMatchObject({ kind: "refused", reason: "too-many-gaps" });
  });

  it("fills a few gaps and says how many", () => {
    const values = load(24 * 30).map((value, i) => (i % 10 === 3 ? Number.NaN : value));
    const result = autoForecast(evenlySpaced(values, { stepMs: HOUR_MS }), { horizon: 24 });
    expect(result.kind).toBe("forecast");
    if (result.kind === "forecast") expect(result.filledRatio).toBeCloseTo(0.1, 2);
  });

  it("answers a constant by itself, without width", () => {
    const result = autoForecast(evenlySpaced(new Array(50).fill(3), { stepMs: 1000 }), {
      horizon: 3,
    });
    expect(result).toMatchObject({ kind: "forecast", model: "constant" });
    if (result.kind === "forecast") expect([...result.upper]).toEqual([3, 3, 3]);
  });

  it("ignores a season longer than half the series", () => {
    const result = autoForecast(good, { horizon: 5, seasonSamples: [24, 399] });
    if (result.kind === "forecast") expect(result.seasonSamples).toEqual([24]);
    else throw new Error(result.reason);
  });

  it("refuses a random walk, with a fallback, when it cannot beat the last value", () => {
    const reasons = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const random = createRandom(seed);
      let level = 500;
      const walk = Array.from({ length: 300 }, () => (level += random.normal()));
      const result = autoForecast(evenlySpaced(walk, { stepMs: 7000 }), { horizon: 12 });
      if (result.kind === "refused") {
        reasons.add(result.reason);
        expect(result.fallback?.mean.length).toBe(12);
      }
    }
    expect([...reasons]).toEqual(["no-better-than-naive"]);
  });

  it("never forecasts below 0 what never was", () => {
    const falling = Array.from({ length: 60 }, (_, i) => Math.max(0, 100 - 2 * i));
    const result = autoForecast(evenlySpaced(falling, { stepMs: 1000 }), { horizon: 30 });
    const forecast = result.kind === "forecast" ? result : result.fallback;
    expect(Math.min(...(forecast?.lower ?? [-1]))).toBeGreaterThanOrEqual(0);
  });

  it("widens its bounds with the level", () => {
    const width = (level: number): number => {
      const result = autoForecast(good, { horizon: 1, level });
      const forecast = result.kind === "forecast" ? result : result.fallback;
      return forecast === undefined ? Number.NaN : forecast.upper[0]! - forecast.lower[0]!;
    };
    expect(width(0.5)).toBeLessThan(width(0.8));
    expect(width(0.8)).toBeLessThan(width(0.99));
  });
});

describe("seasons", () => {
  it.each([
    [HOUR_MS, [24, 168]],
    [300_000, [288, 2016]],
    [24 * HOUR_MS, [7]],
    [7 * 24 * HOUR_MS, [52]],
    [30 * 24 * HOUR_MS, [12]],
    [91 * 24 * HOUR_MS, [4]],
    [365 * 24 * HOUR_MS, []],
    [7000, undefined],
  ])("of a step of %d ms are %j", (stepMs, expected) => {
    expect(calendarSeasons(stepMs)).toEqual(expected);
  });

  it("are detected when the calendar has none", () => {
    const random = createRandom(2);
    const values = Float64Array.from({ length: 400 }, (_, i) => {
      return 10 * Math.sin((2 * Math.PI * i) / 37) + random.normal() + 0.05 * i;
    });
    expect(detectSeason(values)).toBe(37);
    expect(detectSeason(rSeries("accidents").values)).toBe(12);
    expect(detectSeason(Float64Array.from({ length: 400 }, () => random.normal()))).toBe(undefined);
  });
});
