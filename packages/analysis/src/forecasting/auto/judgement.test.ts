import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { summarizeBacktest } from "./backtest-summary.ts";
import { conformalInterval } from "./conformal-interval.ts";
import { assessForecastability } from "./forecastability.ts";
import { guardRails, keepWithin } from "./guard-rails.ts";
import { regularSeries } from "./regular-grid.ts";

const values = Float64Array.from([10, 20, 10, 20, 10, 20, 10, 20]);
const past = [{ trained: 6, mean: Float64Array.from([11, 18]) }];
/** What `summarizeBacktest` is told beside the values. */
const LEVEL = 0.95;

describe("summarizeBacktest", () => {
  it("compares with the better of naive and seasonal naive", () => {
    const summary = summarizeBacktest({ values, past, seasonSamples: 2, level: LEVEL });
    expect(summary?.meanAbsoluteError).toBe(1.5);
    expect(summary?.naiveError).toBe(0); // the season repeats exactly
    expect(summarizeBacktest({ values, past, seasonSamples: 1, level: LEVEL })).toMatchObject({
      naiveError: 5,
      skill: 0.7,
    });
  });

  it("takes percentages over values above 0, window by window", () => {
    const summary = summarizeBacktest({ values, past, seasonSamples: 2, level: LEVEL });
    expect(summary?.meanAbsolutePercentageError).toBeCloseTo(0.1, 12);
    expect(summary?.worstPercentageError).toBeCloseTo(0.1, 12);
    expect(summary?.weightedPercentageError).toBeCloseTo(0.1, 12);
    const zeros = summarizeBacktest({
      values: new Float64Array(8),
      past,
      seasonSamples: 2,
      level: LEVEL,
    });
    expect(zeros?.worstPercentageError).toBeNaN();
  });

  it("has nothing to say without origins", () => {
    expect(summarizeBacktest({ values, past: [], seasonSamples: 2, level: LEVEL })).toBeUndefined();
  });
});

describe("the coverage of a backtest", () => {
  const random = createRandom(11);
  const noise = Float64Array.from({ length: 900 }, () => 100 + random.normal());
  const origins = Array.from({ length: 20 }, (_, k) => {
    return { trained: 860 - 20 * k, mean: new Float64Array(40).fill(100) };
  });

  it.each([0.5, 0.8, 0.95])("of right forecasts of noise is near its level, %d", (level) => {
    const record = { values: noise, past: origins, seasonSamples: 24, level };
    expect(Math.abs(summarizeBacktest(record)!.coverage - level)).toBeLessThan(0.06);
    expect(summarizeBacktest(record)?.level).toBe(level);
  });

  it("falls when the newest window is unlike all before: it was not known then", () => {
    const shifted = noise.map((value, i) => (i >= 860 ? value + 50 : value));
    const record = { values: shifted, past: origins.slice(0, 4), seasonSamples: 24, level: LEVEL };
    // The first window is outside all through, the second, which begins 20 earlier, in its latter half.
    expect(summarizeBacktest(record)!.coverage).toBeLessThan(1 - 60 / 160 + 0.01);
  });
});

describe("assessForecastability", () => {
  const level = new Float64Array(1000).fill(100);
  const within = (error: number) => {
    const series = Float64Array.from([...level, 100, 100]);
    const mean = new Float64Array(2).fill(100 * (1 + error));
    const record = { values: series, past: [{ trained: 1000, mean }], seasonSamples: 1 };
    return assessForecastability(series, summarizeBacktest({ ...record, level: LEVEL }));
  };

  it("admits what was within 7.5 % and keeps out what was not", () => {
    expect(within(0.07)).toMatchObject({ isForecastable: true, tolerance: 0.1 });
    expect(within(0.08).isForecastable).toBe(false);
  });

  it("never admits without a backtest, or where many samples are 0", () => {
    expect(assessForecastability(level, undefined).isForecastable).toBe(false);
    const half = level.map((value, i) => (i % 2 === 0 ? 0 : value));
    const perfect = [{ trained: 998, mean: half.slice(998) }];
    const record = { values: half, past: perfect, seasonSamples: 1, level: LEVEL };
    expect(assessForecastability(half, summarizeBacktest(record)).isForecastable).toBe(false);
  });
});

describe("conformalInterval", () => {
  it("leans towards the side on which the errors are", () => {
    const random = createRandom(4);
    const skewed = Float64Array.from({ length: 600 }, () => 50 + 5 * Math.exp(random.normal()));
    const mean = new Float64Array(100).fill(55);
    const origins = [500, 450, 400].map((trained) => ({ trained, mean }));
    const request = { values: skewed, mean, past: origins, seasonSamples: 1, level: 0.9 };
    const { lower, upper } = conformalInterval(request);
    expect(upper[0]! - 55).toBeGreaterThan(1.3 * (55 - lower[0]!));
  });

  it.each([
    ["noise around a level", 0, 1.2],
    ["a random walk", 1, 6],
  ])("of %s widens as its errors did", (_, carried, expected) => {
    const random = createRandom(8);
    let level = 0;
    const series = Float64Array.from({ length: 2000 }, () => {
      const shock = random.normal();
      level += carried * shock;
      return 500 + level + (1 - carried) * shock;
    });
    const origins = Array.from({ length: 12 }, (_, k) => {
      const trained = 1900 - 100 * k;
      const last = carried === 1 ? series[trained - 1]! : 500;
      return { trained, mean: new Float64Array(100).fill(last) };
    });
    const mean = new Float64Array(100).fill(500);
    const request = { values: series, mean, past: origins, seasonSamples: 1, level: 0.95 };
    const { upper, lower } = conformalInterval(request);
    const widening = (upper[99]! - lower[99]!) / (upper[0]! - lower[0]!);
    expect(widening).toBeGreaterThan(expected / 1.7);
    expect(widening).toBeLessThan(expected * 1.7);
  });

  it("falls back to naive changes without a backtest", () => {
    const walk = Float64Array.from([1, 2, 3, 2, 1, 2]);
    const request = { values: walk, mean: new Float64Array([2, 2]), past: [], seasonSamples: 1 };
    const { upper } = conformalInterval({ ...request, level: 0.95 });
    expect(upper[0]!).toBeGreaterThan(2 + 1.95); // one step has deviation 1
    expect(upper[1]!).toBeGreaterThan(upper[0]!);
  });
});

describe("guardRails", () => {
  it("let a path leave the range by two widths, but not below 0", () => {
    const rails = guardRails(Float64Array.from([10, 20]));
    expect(rails).toEqual({ low: 0, high: 40 });
    expect([...keepWithin(Float64Array.from([-5, 15, 99]), rails)]).toEqual([0, 15, 40]);
    expect(guardRails(Float64Array.from([-10, 10])).low).toBe(-50);
  });
});

describe("regularSeries", () => {
  it("puts late samples on the grid and fills holes by straight lines", () => {
    const timestampsMs = Float64Array.from([0, 10, 21, 30, 60]);
    const regular = regularSeries({ timestampsMs, values: Float64Array.from([1, 2, 3, 4, 7]) });
    expect(regular?.stepMs).toBe(10.5);
    const even = Float64Array.from([0, 10, 20, 30, 60]);
    const filled = regularSeries({
      timestampsMs: even,
      values: Float64Array.from([1, 2, 3, 4, 7]),
    });
    expect([...(filled?.series.values ?? [])]).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(filled?.filledRatio).toBeCloseTo(2 / 7, 12);
  });

  it("gives up on what is mostly gap, or nothing", () => {
    const far = { timestampsMs: Float64Array.from([0, 1, 2, 1e6]), values: new Float64Array(4) };
    expect(regularSeries(far)).toBeUndefined();
    const nothing = { timestampsMs: new Float64Array(1), values: new Float64Array([Number.NaN]) };
    expect(regularSeries(nothing)).toBeUndefined();
  });
});
