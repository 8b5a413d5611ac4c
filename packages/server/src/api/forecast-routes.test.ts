import { labelsFromRecord } from "@avx/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ForecastAnswer, ForecastQueryAnswer } from "../contract.ts";
import { createTestServer, NOW_MS, type TestServer } from "./fixtures/test-server.ts";

const MINUTE_MS = 60_000;
const MINUTES = 720;
const END_MS = Math.floor(NOW_MS / MINUTE_MS) * MINUTE_MS;

/** A wave of an hour that no hour repeats exactly, at minute `minute` before the end. */
const wave = (minute: number): number =>
  100 + 30 * Math.sin((2 * Math.PI * minute) / 60) + 3 * Math.sin(minute ** 2);

function series(name: string, value: (minute: number) => number, minutes = MINUTES) {
  return {
    labels: labelsFromRecord({ __name__: name, service_name: name }),
    timestampsMs: Float64Array.from(
      { length: minutes },
      (_, i) => END_MS - (minutes - 1 - i) * MINUTE_MS,
    ),
    values: Float64Array.from({ length: minutes }, (_, i) => value(i - minutes + 1)),
  };
}

/** A counter of requests whose rate is `rate`. */
function requests(service: string, rate: (minute: number) => number, minutes = MINUTES) {
  let total = 0;
  const counted = series("http_server_request_duration_seconds_count", () => 0, minutes);
  return {
    ...counted,
    labels: labelsFromRecord({
      __name__: "http_server_request_duration_seconds_count",
      service_name: service,
    }),
    values: counted.values.map((_, i) => {
      total += 60 * rate(i - minutes + 1);
      return total;
    }),
  };
}

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
  await server.add({
    series: [
      series("wave", wave),
      series("flat", () => 5),
      series("short", (minute) => minute, 3),
      series("endless", () => Number.POSITIVE_INFINITY),
      // It fell silent ten minutes ago.
      {
        ...series("silent", wave),
        timestampsMs: series("x", wave).timestampsMs.map((t) => t - 600_000),
      },
      requests("busy", wave),
      requests("young", wave, 4),
    ],
  });
});
afterAll(() => server.app.close());

async function ask(body: unknown): Promise<{ status: number; json: ForecastQueryAnswer }> {
  const reply = await server.app.inject({
    method: "POST",
    url: "/api/avx/forecast",
    headers: { "content-type": "application/json" },
    payload: JSON.stringify(body),
  });
  return { status: reply.statusCode, json: reply.json() };
}

describe("POST /api/avx/forecast", () => {
  it("forecasts any expression with bounds, model, members and past errors", async () => {
    const { status, json } = await ask({ query: "sum(wave)", steps: 20 });
    if (json.kind !== "forecast") throw new Error(json.reason);
    expect(status).toBe(200);
    expect(json.timestampsMs[0]).toBe(END_MS + MINUTE_MS);
    expect([json.mean.length, json.lower.length, json.upper.length]).toEqual([20, 20, 20]);
    const worst = Math.max(...json.mean.map((value, i) => Math.abs(value - wave(i + 1))));
    expect(worst).toBeLessThan(10);
    expect(json.mean.every((v, i) => v >= json.lower[i]! && v <= json.upper[i]!)).toBe(true);
    expect(json.members.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(json.model).toContain(json.members[0]!.name);
    expect(json.backtest?.skill).toBeGreaterThan(0);
    expect(json.backtest?.meanAbsolutePercentageError).toBeLessThan(0.1);
    expect(json.historySamples).toBe(MINUTES);
  });

  it("takes horizonMs instead of steps, and a level", async () => {
    const wide = await ask({ query: "wave", horizonMs: 150_000, level: 0.99 });
    const narrow = await ask({ query: "wave", horizonMs: 150_000, level: 0.5 });
    if (wide.json.kind !== "forecast" || narrow.json.kind !== "forecast") throw new Error("none");
    expect(wide.json.mean).toHaveLength(3);
    expect(wide.json.upper[0]! - wide.json.lower[0]!).toBeGreaterThan(
      narrow.json.upper[0]! - narrow.json.lower[0]!,
    );
  });

  it("runs one model by its name, and says so", async () => {
    const { json } = await ask({
      query: "wave",
      steps: 60,
      model: "seasonal-naive",
      seasonSamples: [60],
    });
    if (json.kind !== "forecast") throw new Error(json.reason);
    expect(json.members).toEqual([{ name: "seasonal-naive", share: 1 }]);
    expect(json.mean[0]).toBeCloseTo(wave(1 - 60), 9);
    expect(json.backtest).toBeNull();
  });

  it("begins after the end of the history even when the newest samples are missing", async () => {
    const { json } = await ask({ query: "last_over_time(silent[30s])", steps: 5 });
    if (json.kind !== "forecast") throw new Error(json.reason);
    expect(json.timestampsMs[0]).toBe(END_MS + MINUTE_MS);
    expect(json.mean).toHaveLength(5);
  });

  it.each([
    ["short", { reason: "insufficient-history", haveSamples: 3, neededSamples: 30 }],
    ["nothing", { reason: "insufficient-history", haveSamples: 0, neededSamples: 30 }],
    ["endless", { reason: "infinite-values", neededSamples: null }],
  ])("refuses %s with a reason", async (query, refusal) => {
    const { status, json } = await ask({ query: `last_over_time(${query}[1s])` });
    expect(status).toBe(200);
    expect(json).toMatchObject({ kind: "refused", ...refusal });
  });

  it("looks no further ahead than the history goes back, and needs 16 samples at least", async () => {
    const history = { query: "wave", start: END_MS / 1000 - 39 * 60 };
    expect((await ask({ ...history, steps: 41 })).json).toMatchObject({ neededSamples: 41 });
    expect((await ask({ ...history, steps: 40 })).json.kind).not.toBe("insufficient-history");
    const short = { query: "wave", start: END_MS / 1000 - 600, steps: 1 };
    expect((await ask(short)).json).toMatchObject({ haveSamples: 11, neededSamples: 16 });
  });

  it.each([
    ["no object", [1], "body"],
    ["no query", { steps: 1 }, "query"],
    ["an unknown field", { query: "wave", horizon: 5 }, "horizon"],
    ["a horizon below 1", { query: "wave", steps: -1 }, "steps"],
    ["both horizons", { query: "wave", steps: 1, horizonMs: 1 }, "horizonMs"],
    ["a level of 1", { query: "wave", level: 1 }, "level"],
    ["an unknown model", { query: "wave", model: "oracle" }, "model"],
    ["an end before the start", { query: "wave", start: 20, end: 10 }, "start"],
    ["too long a history", { query: "wave", start: 0 }, "start"],
    ["a season of text", { query: "wave", seasonSamples: ["day"] }, "seasonSamples"],
    ["a time that is none", { query: "wave", end: "soon" }, "end"],
    ["an expression that is none", { query: "sum(" }, "parse error"],
    ["many series", { query: '{service_name=~"wave|flat"}' }, "the expression has 2 series"],
  ])("answers %s with a typed error that names it", async (_, body, name) => {
    const { status, json } = await ask(body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ status: "error", code: "bad_query" });
    expect(JSON.stringify(json)).toContain(name);
  });

  it("answers what is no JSON with 400", async () => {
    const reply = await server.app.inject({
      method: "POST",
      url: "/api/avx/forecast",
      headers: { "content-type": "application/json" },
      payload: "{",
    });
    expect(reply.statusCode).toBe(400);
    expect(reply.json().code).toBe("bad_request");
  });
});

describe("GET /api/avx/forecast", () => {
  async function get(parameters: string): Promise<ForecastAnswer> {
    const { json } = await server.get(`/api/avx/forecast?${parameters}`);
    return json as ForecastAnswer; // Checked field by field below.
  }

  it("forecasts the request rate of a service and says how well it did before", async () => {
    const answer = await get("service=busy&steps=10&stepMs=120000");
    if (answer.kind !== "forecast") throw new Error(answer.kind);
    expect(answer.timestampsMs).toHaveLength(10);
    expect(answer.model).not.toBe("");
    expect(answer.backtest?.skill).toBeGreaterThan(0);
    expect(Math.min(...answer.lower)).toBeGreaterThanOrEqual(0);
  });

  it("says how much history it needs", async () => {
    const answer = await get("service=young&stepMs=120000");
    expect(answer).toMatchObject({ kind: "insufficient-history", neededSamples: 30 });
    expect(await get("service=unknown")).toMatchObject({ haveSamples: 0 });
  });
});

describe("the functions in the server's PromQL", () => {
  it("are there by default", async () => {
    const { status, json } = await server.get(
      `/api/v1/query?time=${END_MS / 1000}&query=avx_forecast(flat[2h], 600)`,
    );
    expect(status).toBe(200);
    expect(json).toMatchObject({ data: { result: [{ value: [END_MS / 1000, "5"] }] } });
  });

  it("are parsed, and unknown functions still have Prometheus' error", async () => {
    expect((await server.get("/api/v1/parse_query?query=avx_forecast(x[1h],60)")).status).toBe(200);
    expect((await server.get("/api/v1/query?query=foo(x)")).json).toMatchObject({
      error: expect.stringContaining('unknown function with name "foo"'),
    });
  });
});
