import { autoForecast } from "@avx/analysis";
import { AvxError, type LabelledSeries, labelsFromRecord, labelValue } from "@avx/model";
import { describe, expect, it } from "vitest";
import { createQueryEngine } from "../evaluator/create-query-engine.ts";
import { parseExpr } from "../parser/parse.ts";
import { createMemorySeriesReader } from "../testing/memory-series-reader.ts";
import { createForecastFits } from "./forecast-cache.ts";
import {
  createForecastFunctions,
  FORECAST_SIGNATURES,
  type ForecastFunctionOptions,
} from "./forecast-functions.ts";

import { mostFits } from "./forecast-limits.ts";

const MINUTE_MS = 60_000;
const HOURS = 48;
const LAST = HOURS * 60;
const LAST_MS = LAST * MINUTE_MS;

/** One sample a minute, the last one at `LAST_MS`. */
function minutes(name: string, value: (minute: number) => number, count = LAST): LabelledSeries {
  const first = LAST - count + 1;
  return {
    labels: labelsFromRecord({ __name__: name }),
    timestampsMs: Float64Array.from({ length: count }, (_, i) => (first + i) * MINUTE_MS),
    values: Float64Array.from({ length: count }, (_, i) => value(first + i)),
  };
}

const hourlyWave = (minute: number): number => 100 + 40 * Math.sin((2 * Math.PI * minute) / 60);
/** A day's wave that no day repeats exactly. */
const dailyWave = (minute: number): number =>
  100 + 40 * Math.sin((2 * Math.PI * minute) / 1440) + 2 * Math.sin(minute ** 2);
/** A walk whose steps no model knows; from a linear congruential generator, so always the same. */
function wander(): (minute: number) => number {
  let state = 1;
  let level = 1000;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    level += state / 2 ** 32 - 0.5;
    return level;
  };
}

const SERIES = [
  minutes("flat", () => 7),
  minutes("ramp", (minute) => 3 * minute),
  minutes("wave", hourlyWave),
  minutes("days", dailyWave),
  minutes("walk", wander(), 600),
  minutes("young", (minute) => minute, 3),
  minutes("wild", (minute) => (minute % 2 ? Number.POSITIVE_INFINITY : 1)),
];

function engineWith(options: ForecastFunctionOptions = {}) {
  const reader = createMemorySeriesReader(SERIES);
  return createQueryEngine({ reader, extraFunctions: createForecastFunctions(options) });
}

async function instant(query: string, options: ForecastFunctionOptions = {}) {
  const { value, ...rest } = await engineWith(options).instant({ query, timeMs: LAST_MS });
  if (value.type !== "vector") throw new Error(`a ${value.type}`);
  return { ...rest, samples: value.samples, first: value.samples[0]?.value };
}

async function range(query: string, options: ForecastFunctionOptions = {}) {
  const { value } = await engineWith(options).range({
    ...{ query, startMs: LAST_MS - 60 * MINUTE_MS, endMs: LAST_MS, stepMs: MINUTE_MS },
  });
  if (value.type !== "matrix") throw new Error(`a ${value.type}`);
  return value.series;
}

describe("avx_forecast", () => {
  it("keeps what has never moved", async () => {
    for (const name of ["avx_forecast", "avx_forecast_lower", "avx_forecast_upper"])
      expect((await instant(`${name}(flat[6h], 3600)`)).first).toBe(7);
  });

  it("is the value at the step's time plus the horizon: a straight line goes on", async () => {
    const { first } = await instant("avx_forecast(ramp[6h], 300)");
    expect(first).toBeCloseTo(3 * (LAST + 5), -1);
  });

  it("counts the horizon from the step, not from the newest sample", async () => {
    const query = "avx_forecast(wave[1d], 600)";
    const later = await engineWith().instant({ query, timeMs: LAST_MS + 15 * MINUTE_MS });
    const { value } = later;
    const got = value.type === "vector" ? value.samples[0]?.value : undefined;
    expect(got).toBeCloseTo(hourlyWave(LAST + 25), 0);
  });

  it("says what autoForecast of @avx/analysis says of the same samples", async () => {
    const wave = minutes("wave", hourlyWave, 1440);
    const expected = autoForecast(wave, { horizon: 35, mode: "auto" });
    if (expected.kind !== "forecast") throw new Error(expected.reason);
    expect((await instant("avx_forecast(wave[1d], 1200)")).first).toBeCloseTo(
      expected.mean[19]!,
      6,
    );
  });

  it("draws the past forecasts of a range, close to what then came", async () => {
    const [series] = await range("avx_forecast(wave[1d], 600)");
    const errors = Array.from(series?.values ?? [], (value, i) => {
      const minute = series!.timestampsMs[i]! / MINUTE_MS + 10;
      return Math.abs(value - hourlyWave(minute));
    });
    expect(errors).toHaveLength(61);
    expect(Math.max(...errors)).toBeLessThan(8);
  });

  it("has its bounds around it", async () => {
    const query = (part: string) => `avx_forecast${part}(walk[10h], 1800)`;
    const [lower, mean, upper] = await Promise.all(
      ["_lower", "", "_upper"].map(async (part) => (await instant(query(part))).first),
    );
    if (mean === undefined) return expect([lower, upper]).toEqual([undefined, undefined]);
    expect(lower).toBeLessThan(mean);
    expect(upper).toBeGreaterThan(mean);
  });

  it("takes subqueries, and drops the metric name", async () => {
    const { samples } = await instant("avx_forecast(sum(wave)[1d:1m], 600)");
    expect(samples[0]?.value).toBeCloseTo(hourlyWave(LAST + 10), 0);
    expect(
      labelValue((await instant("avx_forecast(flat[1h], 60)")).samples[0]!.labels, "__name__"),
    ).toBe("");
  });

  it("learns from even means when a window has very many samples", async () => {
    const { first } = await instant("avx_forecast(days[48h], 3600)");
    expect(Math.abs(first! - dailyWave(LAST + 60))).toBeLessThan(5);
  });
});

describe("avx_forecast without a forecast", () => {
  it.each([
    ["avx_forecast(young[1h], 600)", "infos", /"young": a window has too few samples/],
    ["avx_forecast(young[1m], 600)", "infos", /a window has a single sample/],
    ["avx_forecast(wild[6h], 600)", "infos", /infinite values/],
    ["avx_forecast(ramp[1h], 1e9)", "infos", /too far for the window/],
    ["avx_forecast(ramp[1h], -5)", "warnings", /the horizon must be above 0 seconds/],
    ["avx_forecast(ramp[1h], 0/0)", "warnings", /the horizon must be above 0 seconds/],
  ] as const)("%s is absent and says why", async (query, list, words) => {
    const result = await instant(query);
    expect(result.samples).toEqual([]);
    expect(result[list].join()).toMatch(words);
  });

  it("is empty where there is no series", async () => {
    expect((await instant("avx_forecast(nothing[1h], 60)")).samples).toEqual([]);
  });
});

describe("the cost of avx_forecast", () => {
  it("fits again only when the newest sample moved by a tenth of the horizon", async () => {
    let asked = 0;
    const fits = createForecastFits((series, options) => {
      asked++;
      return autoForecast(series, options);
    });
    await range("avx_forecast(wave[2h], 6000)", { fits });
    expect(asked).toBe(6);
  });

  it("shares the fits of mean and bounds, and remembers them for the next query", async () => {
    let asked = 0;
    const fits = createForecastFits((series, options) => {
      asked++;
      return autoForecast(series, options);
    });
    const query = ["", "_lower", "_upper"].map((part) => `avx_forecast${part}(wave[2h], 600)`);
    await instant(query.join(" + "), { fits });
    await instant(query.join(" + "), { fits });
    expect(asked).toBe(1);
  });

  it("chooses models once for windows that go on, and the same whatever was asked before", async () => {
    let chosen = 0;
    const counted = () =>
      createForecastFits((series, options) => {
        const result = autoForecast(series, options);
        if (result.choice !== options.choice) chosen++;
        return result;
      });
    const fits = counted();
    const query = "avx_forecast(days[6h], 600) + avx_forecast_upper(days[6h], 600)";
    const [first] = await range(query, { fits });
    // 61 windows; a choice looks 12 samples ahead and is good for as many more.
    expect(chosen).toBe(5);
    await instant("avx_forecast(days[6h], 600)", { fits });
    const [again] = await range(query, { fits });
    const [alone] = await range(query, { fits: counted() });
    expect(again?.values).toEqual(first?.values);
    expect(alone?.values).toEqual(first?.values);
  });

  it("is limited for each query, over all its calls", async () => {
    const query = "avx_forecast(flat[2h], 600) + avx_forecast_upper(flat[2h], 600)";
    expect((await instant(query, { maxFitsPerQuery: 2 })).samples).toHaveLength(1);
    await expect(instant(query, { maxFitsPerQuery: 1 })).rejects.toThrow(
      new AvxError("query_limit_exceeded", { what: "forecast fits", needed: 2, limit: 1 }),
    );
  });
});

describe("the estimate of fits", () => {
  const steps = { startMs: 0, stepMs: MINUTE_MS, count: 61 };
  const horizon = (seconds: number) => new Float64Array(61).fill(seconds);

  it("refuses before the first fit what may need too many", async () => {
    let asked = 0;
    const fits = createForecastFits((series, options) => {
      asked++;
      return autoForecast(series, options);
    });
    const work = range("avx_forecast(wave[2h], 60)", { fits, maxFitsPerQuery: 60 });
    await expect(work).rejects.toThrow("needs 61 forecast fits, the limit is 60");
    expect(asked).toBe(0);
  });

  it("refuses by the index alone, before anything is read", async () => {
    let read = 0;
    const reader = {
      ...createMemorySeriesReader(SERIES),
      estimate: async () => ({ series: 10_000, samples: 10_000 * 100 }),
      select: async () => {
        read++;
        return [];
      },
    };
    const engine = createQueryEngine({ reader, extraFunctions: createForecastFunctions() });
    const work = engine.instant({ query: "avx_forecast(wave[30d], 1h)", timeMs: LAST_MS });
    await expect(work).rejects.toThrow(
      new AvxError("query_limit_exceeded", {
        ...{ what: "forecast fits", needed: 10_000, limit: 1000 },
      }),
    );
    expect(read).toBe(0);
  });

  it("is one a step at most, and fewer where fits serve several steps", () => {
    expect(mostFits({ series: 3, steps, horizonSeconds: horizon(60) })).toBe(183);
    expect(mostFits({ series: 1, steps, horizonSeconds: horizon(6000) })).toBe(8);
    expect(mostFits({ series: 1, steps, horizonSeconds: horizon(-1) })).toBe(0);
  });
});

describe("the language", () => {
  it("knows the functions where they are given, and Prometheus' error where not", () => {
    const query = "avx_forecast(x[1h], 60)";
    expect(parseExpr(query, { extraFunctions: FORECAST_SIGNATURES }).type).toBe("call");
    expect(() => parseExpr(query)).toThrow('unknown function with name "avx_forecast"');
  });

  it("checks their arguments", () => {
    const options = { extraFunctions: FORECAST_SIGNATURES };
    expect(() => parseExpr("avx_forecast(x, 60)", options)).toThrow(
      'expected type range vector in call to function "avx_forecast", got instant vector',
    );
    expect(() => parseExpr("avx_forecast_upper(x[1h])", options)).toThrow("expected 2 argument(s)");
  });
});
