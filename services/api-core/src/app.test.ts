import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { initTelemetry } from "@avx/sdk";
import { afterEach, describe, expect, it } from "vitest";
import { buildApiCore } from "./app.ts";

const NOW = Date.UTC(2026, 10, 24, 12);
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Parts {
  readonly serverUrl?: string;
  readonly errorRatio?: number;
}

async function apiCore({ serverUrl = "http://127.0.0.1:1", errorRatio = 0 }: Parts = {}) {
  const none = {
    OTEL_METRICS_EXPORTER: "none",
    OTEL_TRACES_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  };
  const telemetry = initTelemetry({
    serviceName: "avx-api-core",
    environment: none,
    runtimeMetrics: false,
    writeLog: () => {},
  });
  let nowMs = NOW;
  // random() = 0.5 makes every work time its median times e^(-0.83 spread): some milliseconds.
  const options = { telemetry, serverUrl, errorRatio, random: () => 0.5, nowMs: () => nowMs };
  const app = await buildApiCore(options);
  cleanups.push(async () => {
    await app.close();
    await telemetry.shutdown();
  });
  const advance = (ms: number): void => {
    nowMs += ms;
  };
  return { app, advance };
}

/** An AVX server that answers every forecast with `answer`, and remembers what was asked. */
async function forecastServer(answer: unknown, status = 200) {
  const asked: { readonly url: string | undefined; readonly body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await request.toArray()).join(""));
    asked.push({ url: `${request.method} ${request.url}`, body });
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }; // a TCP server has one
}

const THREE_STEPS = {
  ...{ kind: "forecast", model: "60 % theta + 40 % naive", level: 0.95, historySamples: 100 },
  timestampsMs: [NOW + 10_000, NOW + 20_000, NOW + 30_000],
  mean: [20, 21, 22],
  lower: [18, 18, 18],
  upper: [22, 24, 26],
  backtest: { skill: 0.2, meanAbsolutePercentageError: 0.07, coverage: null, origins: 4 },
};

describe("/core/forecast", () => {
  it("hands the server's forecast on, names the model, and gives an interval", async () => {
    const { url, asked } = await forecastServer(THREE_STEPS);
    const { app } = await apiCore({ serverUrl: url });
    const answer = await app.inject("/core/forecast?metric=request_rate&steps=3");
    expect(answer.statusCode).toBe(200);
    const rate =
      'sum(rate(http_server_request_duration_seconds_count{service_name="avx-api-core"}[30s]))';
    expect(answer.json()).toEqual({
      ...{ metric: "request_rate", query: rate, model: THREE_STEPS.model, level: 0.95 },
      ...{ step_seconds: 10, history_samples: 100 },
      backtest: { skill: 0.2, mean_absolute_percentage_error: 0.07, coverage: null },
      forecast: [
        { timestamp: "2026-11-24T12:00:10.000Z", mean: 20, lower: 18, upper: 22 },
        { timestamp: "2026-11-24T12:00:20.000Z", mean: 21, lower: 18, upper: 24 },
        { timestamp: "2026-11-24T12:00:30.000Z", mean: 22, lower: 18, upper: 26 },
      ],
    });
    expect(asked).toEqual([
      {
        url: "POST /api/avx/forecast",
        body: {
          ...{ query: rate, start: NOW / 1000 - 7200, end: NOW / 1000, stepMs: 10_000, steps: 3 },
        },
      },
    ]);
  });

  it.each([
    [
      { reason: "insufficient-history", haveSamples: 2, neededSamples: 16 },
      409,
      { code: "insufficient_history", error: "2 samples are too few, at least 16 are needed" },
    ],
    [
      { reason: "no-better-than-naive", haveSamples: 99, neededSamples: null },
      422,
      { code: "query_failed", error: "no forecast: no better than naive" },
    ],
  ])("explains why there is none (%j)", async (refusal, status, error) => {
    const { url } = await forecastServer({ kind: "refused", ...refusal });
    const { app } = await apiCore({ serverUrl: url });
    const reply = await app.inject("/core/forecast");
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ status: "error", ...error });
  });

  it("passes the server's error on", async () => {
    const refusal = { status: "error", errorType: "bad_data", error: "1:3: unexpected )" };
    const { url } = await forecastServer(refusal, 400);
    const { app } = await apiCore({ serverUrl: url });
    const reply = await app.inject("/core/forecast?metric=up)");
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ code: "bad_query", error: "1:3: unexpected )" });
  });

  it("answers 502 when the server is away", async () => {
    const { app } = await apiCore();
    const reply = await app.inject("/core/forecast");
    expect(reply.statusCode).toBe(502);
    expect(reply.json().code).toBe("upstream_unavailable");
  });

  it.each(["steps=0", "steps=501", "steps=x", "step_seconds=0"])("refuses %s", async (query) => {
    const { app } = await apiCore();
    const reply = await app.inject(`/core/forecast?${query}`);
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ status: "error", code: "bad_request" });
  });
});

describe("the demo routes", () => {
  it("read items, and know which do not exist", async () => {
    const { app } = await apiCore();
    expect((await app.inject("/core/items/7")).json()).toMatchObject({ id: 7, name: "item 7" });
    expect((await app.inject("/core/items/501")).json().code).toBe("not_found");
    expect((await app.inject("/core/items/x")).statusCode).toBe(400);
  });

  it("place orders and list the latest", async () => {
    const { app } = await apiCore();
    const payload = { item: 3, quantity: 2 };
    const placed = await app.inject({ method: "POST", url: "/core/orders", payload });
    expect(placed.statusCode).toBe(201);
    expect((await app.inject("/core/orders")).json().orders).toEqual([{ id: 1, ...payload }]);
    const wrong = await app.inject({ method: "POST", url: "/core/orders", payload: { item: 3 } });
    expect(wrong.statusCode).toBe(400);
  });

  it("fail only when asked to, or by the configured ratio", async () => {
    const steady = await apiCore();
    expect((await steady.app.inject("/core/orders?fail=true")).statusCode).toBe(500);
    expect((await steady.app.inject("/core/orders")).statusCode).toBe(200);
    const failing = await apiCore({ errorRatio: 1 });
    expect((await failing.app.inject("/core/orders")).json().code).toBe("internal");
    expect((await failing.app.inject("/core/ping")).statusCode).toBe(200);
  });

  it("slow down for a spell, and say so", async () => {
    const { app, advance } = await apiCore();
    const begun = await app.inject({ method: "POST", url: "/core/slow?ms=1&for=60" });
    expect(begun.json()).toEqual({
      status: "slow",
      extra_ms: 1,
      until: "2026-11-24T12:01:00.000Z",
    });
    expect((await app.inject("/core/status")).json()).toMatchObject({ status: "slow" });
    advance(60_000);
    expect((await app.inject("/core/status")).json()).toMatchObject({
      status: "ok",
      slow_until: null,
    });
    const excess = await app.inject({ method: "POST", url: "/core/slow?ms=999999" });
    expect(excess.statusCode).toBe(400);
  });

  it("answer unknown paths with a typed 404", async () => {
    const { app } = await apiCore();
    expect((await app.inject("/nowhere?x=1")).json()).toEqual({
      status: "error",
      errorType: "bad_data",
      error: "/nowhere not found",
      code: "not_found",
    });
  });

  it("are documented", async () => {
    const { app } = await apiCore();
    const { paths } = (await app.inject("/docs/json")).json();
    expect(Object.keys(paths)).toEqual([
      "/health",
      "/metrics",
      "/core/ping",
      "/core/status",
      "/core/items/{id}",
      "/core/orders",
      "/core/slow",
      "/core/forecast",
    ]);
  });
});
