import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { evenlySpaced, type TimeSeries } from "../../time-series.ts";
import { rSeries } from "../fixtures/r-answers.ts";
import { type AutoForecastOptions, autoForecast } from "./auto-forecast.ts";
import { type ForecastChoice, mostNewSamples } from "./forecast-choice.ts";

const HOUR_MS = 3_600_000;

function load(hours: number): Float64Array {
  const random = createRandom(5);
  return Float64Array.from({ length: hours }, (_, i) => {
    const isWeekend = Math.floor(i / 24) % 7 >= 5;
    return 100 + 30 * Math.sin((2 * Math.PI * i) / 24) - (isWeekend ? 25 : 0) + random.normal();
  });
}

const LOAD = load(800);
/** Samples `from` to `to` of the load, at their own hours. */
function hours(from: number, to: number): TimeSeries {
  const { timestampsMs, values } = evenlySpaced(LOAD, { stepMs: HOUR_MS });
  return { timestampsMs: timestampsMs.subarray(from, to), values: values.subarray(from, to) };
}

function forecast(series: TimeSeries, options: AutoForecastOptions) {
  const result = autoForecast(series, options);
  if (result.kind !== "forecast" || result.choice === undefined) throw new Error("no choice");
  return { ...result, choice: result.choice };
}

/** A choice that is used comes back as it is; a choice made anew is another object. */
const isReused = (choice: ForecastChoice, series: TimeSeries, options: AutoForecastOptions) =>
  autoForecast(series, { ...options, choice }).choice === choice;

describe("the choice of an automatic forecast", () => {
  const MONTH_MS = 30.44 * 24 * HOUR_MS;
  it.each([
    ["a day and a week", hours(0, 700), { horizon: 24 }],
    ["the same in fast mode", hours(0, 700), { horizon: 24, mode: "fast" }],
    [
      "months, with ARIMA",
      evenlySpaced(rSeries("airPassengers").values.subarray(0, 120), { stepMs: MONTH_MS }),
      { horizon: 12 },
    ],
  ] as const)("gives the same answer again on unchanged data: %s", (_, series, options) => {
    const full = forecast(series, options);
    const choice = structuredClone(full.choice);
    const warm = forecast(series, { ...options, choice });
    expect(warm.choice).toBe(choice);
    expect(warm).toEqual(full);
  });

  it("fits its members to samples that have come since, also when the oldest have gone", () => {
    const { choice, mean } = forecast(hours(0, 700), { horizon: 24 });
    const later = forecast(hours(6, 706), { horizon: 24, choice });
    expect(later.choice).toBe(choice);
    for (let step = 0; step < 12; step++) {
      expect(Math.abs(later.mean[step]! - mean[step + 6]!)).toBeLessThan(3);
    }
  });

  it("is good for a twentieth of the history, and no more than its horizon", () => {
    const { choice } = forecast(hours(0, 600), { horizon: 24 });
    expect(mostNewSamples(choice)).toBe(24);
    expect(mostNewSamples({ ...choice, trainedSamples: 100 })).toBe(5);
    expect(mostNewSamples({ ...choice, trainedSamples: 10 })).toBe(1);
    expect(isReused(choice, hours(0, 624), { horizon: 24 })).toBe(true);
    expect(isReused(choice, hours(0, 625), { horizon: 24 })).toBe(false);
  });

  it.each([
    ["an earlier time", hours(0, 599), {}],
    ["a shorter history", hours(100, 600), {}],
    ["another level", hours(0, 600), { level: 0.8 }],
    ["another mode", hours(0, 600), { mode: "fast" }],
    ["other seasons", hours(0, 600), { seasonSamples: [24] }],
    ["a horizon of more than a tenth further", hours(0, 600), { horizon: 27 }],
  ] as const)("is made anew for %s", (_, series, options) => {
    const { choice } = forecast(hours(0, 600), { horizon: 24 });
    expect(isReused(choice, series, { horizon: 24, ...options })).toBe(false);
  });

  it("is made anew at the first value below 0, which changes the bounds", () => {
    const { choice } = forecast(hours(0, 600), { horizon: 24 });
    const values = hours(0, 601).values.slice();
    values[600] = -1;
    expect(isReused(choice, { ...hours(0, 601), values }, { horizon: 24 })).toBe(false);
  });

  it("keeps a refusal", () => {
    const random = createRandom(2);
    let level = 1000;
    const walk = evenlySpaced(
      Array.from({ length: 400 }, () => (level += random.normal())),
      { stepMs: 1000 },
    );
    const refused = autoForecast(walk, { horizon: 10 });
    if (refused.kind !== "refused" || refused.choice === undefined) throw new Error("accepted");
    const { choice } = refused;
    expect(autoForecast(walk, { horizon: 10, choice })).toMatchObject({
      ...{ kind: "refused", reason: "no-better-than-naive", choice },
    });
  });
});

/** Public series; see its README for the sources. */
const DATA = join(import.meta.dirname, "../../../../../../shared/data/forecast");
const isThere = existsSync(DATA);
if (!isThere) console.warn("skipped: warm refits of public series want ../shared/data/forecast");

interface Kind {
  readonly h: number;
  readonly m: number;
  readonly series: readonly {
    readonly train: readonly number[];
    readonly test: readonly number[];
  }[];
}

/** Every `nth` series: mean of the absolute errors over the naive ones, chosen anew and reused. */
function errors(name: string, nth: number) {
  const file = gunzipSync(readFileSync(join(DATA, `${name}.json.gz`))).toString("utf8");
  // The shape is the one that the README of the data promises.
  const { h: horizon, m, series } = JSON.parse(file) as Kind;
  const sums = { full: 0, warm: 0, reused: 0, all: 0 };
  for (const [i, { train, test }] of series.entries()) {
    if (i % nth !== 0) continue;
    const options = { horizon, seasonSamples: m > 1 ? [m] : [], mode: "auto" } as const;
    const at = (count: number) => evenlySpaced(train.slice(0, count), { stepMs: 1000 });
    const before = Math.max(1, Math.min(horizon, Math.floor(0.04 * train.length)));
    const { choice } = choiceOf(at(train.length - before), options);
    const full = choiceOf(at(train.length), options);
    const warm = choiceOf(at(train.length), choice ? { ...options, choice } : options);
    const error = (mean: Float64Array): number =>
      test.reduce((sum, value, step) => sum + Math.abs(value - mean[step]!), 0);
    const naive = error(new Float64Array(horizon).fill(train.at(-1)!));
    if (!full.mean || !warm.mean || naive === 0) continue;
    sums.full += error(full.mean) / naive;
    sums.warm += error(warm.mean) / naive;
    sums.all++;
    if (choice !== undefined && warm.choice === choice) sums.reused++;
  }
  return sums;
}

function choiceOf(series: TimeSeries, options: AutoForecastOptions) {
  const result = autoForecast(series, options);
  const found = result.kind === "forecast" ? result : result.fallback;
  return { choice: result.choice, mean: found?.mean };
}

describe.skipIf(!isThere)("reused choices on public series", () => {
  // 1.8 % more over all series of eight kinds at the oldest allowed age, 5.3 % for the worst kind
  // (docs/reference/forecasting.md); this sample is smaller.
  it("err little more than new choices do", { timeout: 120_000 }, () => {
    const kinds = [
      errors("m4_hourly", 12),
      errors("m4_weekly", 10),
      errors("obs_5min", 6),
      errors("obs_hourly", 5),
      errors("m3_monthly", 12),
    ];
    const ratios = kinds.map(({ full, warm }) => warm / full);
    const mean = ratios.reduce((sum, ratio) => sum + ratio) / ratios.length;
    expect(mean).toBeLessThan(1.03);
    expect(Math.max(...ratios)).toBeLessThan(1.06);
    expect(Math.min(...kinds.map(({ reused, all }) => reused / all))).toBeGreaterThan(0.9);
  });
});
