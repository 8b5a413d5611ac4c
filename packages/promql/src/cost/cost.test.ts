import { AvxError, type Matcher, type TimeRange } from "@avx/model";
import { describe, expect, it } from "vitest";
import { AVX_SIGNATURES } from "../avx-functions/avx-functions.ts";
import { parseExpr } from "../parser/parse.ts";
import { type CostContext, estimateCost } from "./estimate-cost.ts";
import { assertAffordable } from "./query-cost.ts";
import { DEFAULT_QUERY_LIMITS } from "./query-limits.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const at: CostContext = {
  startMs: 100 * DAY,
  endMs: 100 * DAY,
  stepMs: 0,
  lookbackMs: 5 * MINUTE,
  defaultSubqueryStepMs: MINUTE,
};
const lastHour: CostContext = { ...at, startMs: at.endMs - HOUR, stepMs: MINUTE };

/** A storage with `series` of every metric, scraped every 15 s, that notes what it was asked. */
function storage(series: number) {
  const asked: TimeRange[] = [];
  return {
    asked,
    estimate: async (_: readonly Matcher[], range: TimeRange) => {
      asked.push(range);
      return { series, samples: series * Math.floor((range.endMs - range.startMs + 1) / 15_000) };
    },
  };
}

const cost = (query: string, context: CostContext, series: number) =>
  estimateCost(parseExpr(query, { extraFunctions: AVX_SIGNATURES }), context, storage(series));

async function refusal(query: string, context: CostContext, series: number) {
  const needed = await cost(query, context, series);
  try {
    assertAffordable(needed);
  } catch (error) {
    if (error instanceof AvxError) return [error.code, error.facts["what"]];
    throw error;
  }
  return "affordable";
}

describe("estimateCost", () => {
  it("reads the lookback of an instant query", async () => {
    expect(await cost("x", at, 10)).toMatchObject({ pointsPerSeries: 1, series: 10, samples: 200 });
  });

  it("reads the window, the range and the offset", async () => {
    const reader = storage(1);
    await estimateCost(parseExpr("rate(x[5m] offset 1h)"), lastHour, reader);
    const startMs = lastHour.startMs - HOUR - 5 * MINUTE + 1;
    expect(reader.asked).toEqual([{ startMs, endMs: lastHour.endMs - HOUR }]);
  });

  it("counts steps times series times window", async () => {
    // 61 steps x 10 series x 20 samples in 5 minutes.
    const { visits } = await cost("rate(x[5m])", lastHour, 10);
    expect(visits).toBeCloseTo(61 * 10 * 20, -2);
  });

  it("counts a visit of mad_over_time as several, in a subquery's window too", async () => {
    const visits = async (query: string) => {
      const expr = parseExpr(query, { experimentalFunctions: true });
      return (await estimateCost(expr, lastHour, storage(10))).visits;
    };
    const plain = await visits("sum_over_time(x[5m])");
    expect(await visits("mad_over_time((x[5m]))")).toBe(4 * plain);
    expect(await visits("mad_over_time(sum_over_time(x[5m])[1h:1m])")).toBe(
      (await visits("sum_over_time(sum_over_time(x[5m])[1h:1m])")) + 3 * 10 * 61 * 60,
    );
  });

  it("adds up all selectors", async () => {
    expect(await cost("a + b", at, 10)).toMatchObject({ series: 20, samples: 400 });
    expect(await cost("sum(a) / on() (topk(3, b) or c)", at, 10)).toMatchObject({ series: 30 });
  });

  it("counts the points that a subquery makes, over what its window adds", async () => {
    // 60 steps of the hour and one at its start; each reads 5 minutes of lookback.
    const { samples } = await cost("max_over_time(x[1h:1m])", at, 1);
    expect(samples).toBe(61 + 65 * 4);
    const { samples: without } = await cost("max_over_time(vector(1)[1h:])", at, 0);
    expect(without).toBe(61);
  });

  it("counts a subquery at a fixed time once", async () => {
    const { samples } = await cost("max_over_time(vector(1)[1h:1m] @ 1000)", lastHour, 0);
    expect(samples).toBe(61);
  });

  it("holds the operands of an operation at the same time, and what was read throughout", async () => {
    const one = await cost("a", lastHour, 100);
    const two = await cost("a + b", lastHour, 100);
    expect(two.bytes).toBeGreaterThan(2 * one.bytes);
    const total = await cost("sum(a)", lastHour, 100);
    expect(total.bytes - one.bytes).toBe(61 * 16 + 512);
    expect((await cost("-(a)", lastHour, 100)).bytes).toBe(one.bytes);
  });
});

describe("the cost of forecasts", () => {
  it("counts a fit for each series, and again when a tenth of the horizon has passed", async () => {
    const fits = async (query: string, context: CostContext, series: number) =>
      (await cost(query, context, series)).forecastFits;
    expect(await fits("avx_forecast(x[1h], 600)", at, 7)).toBe(7);
    expect(await fits("avx_forecast(x[1h], 60)", lastHour, 7)).toBe(7 * 61);
    expect(await fits("avx_forecast(x[1h], 2 * (3000))", lastHour, 7)).toBe(7 * 8);
    expect(await fits("avx_forecast(x[1h], 60) - avx_forecast_lower(x[1h], 60)", at, 7)).toBe(14);
    expect(await fits("avx_forecast(rate(x[5m])[1h:1m], 60)", at, 7)).toBe(7);
    expect(await fits("max_over_time(avx_forecast(x[1h], 60)[1h:1m])", at, 1)).toBe(61);
    expect(await fits("rate(x[1h])", lastHour, 7)).toBe(0);
  });

  it("counts the least where only the evaluation can tell", async () => {
    const sum = await cost("avx_forecast(sum by (job) (x)[1h:1m], 60)", at, 700);
    expect(sum.forecastFits).toBe(1);
    const horizon = await cost("avx_forecast(x[1h], scalar(y))", lastHour, 7);
    expect(horizon.forecastFits).toBe(7);
  });

  it("counts the time of a fit by the samples that it learns from", async () => {
    const short = await cost("avx_forecast(x[10m], 60)", at, 1);
    expect(short.visits).toBeCloseTo(40 + 40 * 300, -3);
    const long = await cost("avx_forecast(x[30d], 60)", at, 1);
    const plain = await cost("max_over_time(x[30d])", at, 1);
    expect(long.visits - plain.visits).toBe(2016 * 300);
  });

  const weeks: CostContext = { ...at, startMs: at.endMs - 10_999 * MINUTE, stepMs: MINUTE };

  it.each([
    { context: at, series: 10_000, what: "samples" },
    { context: at, series: 1100, what: "forecast fits" },
    { context: at, series: 110, what: "affordable" },
    { context: weeks, series: 1, what: "forecast fits" },
    { context: lastHour, series: 1, what: "affordable" },
  ])("avx_forecast(x[1d], 1h) over $series series: $what", async ({ context, series, what }) => {
    const answer = await refusal("avx_forecast(x[1d], 1h)", context, series);
    expect(answer).toEqual(what === "affordable" ? what : ["query_limit_exceeded", what]);
  });
});

describe("assertAffordable", () => {
  it("lets dashboards pass", async () => {
    const day = { ...at, startMs: at.endMs - DAY, stepMs: MINUTE };
    expect(await refusal("sum by (job) (rate(x[5m]))", day, 400)).toBe("affordable");
    expect(await refusal("histogram_quantile(0.99, sum by (le) (rate(x[5m])))", day, 1000)).toBe(
      "affordable",
    );
    expect(await refusal("avg_over_time(x[30d])", at, 10)).toBe("affordable");
    expect(await refusal("max_over_time(rate(x[5m])[1d:1m])", lastHour, 100)).toBe("affordable");
  });

  const week: CostContext = { ...at, startMs: at.endMs - 7 * DAY, stepMs: MINUTE };

  it.each([
    { query: "max_over_time(x[30d:1ms])", context: at, series: 0, what: "samples" },
    { query: "max_over_time(vector(1)[30d:1ms])", context: at, series: 0, what: "samples" },
    {
      query: "max_over_time(max_over_time(x[1h:1s])[1y:1s])",
      context: at,
      series: 1,
      what: "samples",
    },
    { query: "x", context: { ...lastHour, stepMs: 100 }, series: 1, what: "points per series" },
    { query: "x", context: at, series: 200_000, what: "series" },
    { query: "rate(x[30d])", context: at, series: 2000, what: "samples" },
    { query: "a + b + c + d", context: week, series: 105, what: "bytes of memory" },
    { query: "avg_over_time(x[7d])", context: week, series: 100, what: "visits of samples" },
  ])(
    "refuses $query over $series series for its $what",
    async ({ query, context, series, what }) => {
      expect(await refusal(query, context, series)).toEqual(["query_limit_exceeded", what]);
    },
  );

  it("says how much is needed and allowed", () => {
    const cost = { ...DEFAULT_QUERY_LIMITS, series: 100_001 };
    expect(() => assertAffordable(DEFAULT_QUERY_LIMITS)).not.toThrow();
    expect(() => assertAffordable(cost)).toThrowError(
      "the query needs 100001 series, the limit is 100000",
    );
    expect(() => assertAffordable(cost, { ...cost, series: 200_000 })).not.toThrow();
  });
});
