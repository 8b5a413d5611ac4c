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

/** A server that answers every range query with `values`, and remembers the queries. */
async function historyServer(answer: unknown, status = 200) {
  const queries: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    queries.push(new URL(request.url ?? "/", "http://x").searchParams);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, queries }; // a TCP server has one
}

const matrix = (...series: [number, string][][]) => ({
  status: "success",
  data: { resultType: "matrix", result: series.map((values) => ({ metric: {}, values })) },
});

/** `count` samples, 10 s apart, up to now: a rate that wanders around 20. */
const history = (count: number): [number, string][] =>
  Array.from({ length: count }, (_, i) => [
    NOW / 1000 - (count - 1 - i) * 10,
    String(20 + Math.sin(i * 1.3) + (i % 4)),
  ]);

describe("/core/forecast", () => {
  it("forecasts stored history, names the model, and gives an interval", async () => {
    const { url, queries } = await historyServer(matrix(history(100)));
    const { app } = await apiCore({ serverUrl: url });
    const answer = await app.inject("/core/forecast?metric=request_rate&steps=3");
    expect(answer.statusCode).toBe(200);
    const body = answer.json();
    expect(body).toMatchObject({ metric: "request_rate", level: 0.95, history_samples: 100 });
    expect(body.model).toMatch(/ARIMA/);
    expect(body.forecast.map((step: { timestamp: string }) => step.timestamp)).toEqual([
      "2026-11-24T12:00:10.000Z",
      "2026-11-24T12:00:20.000Z",
      "2026-11-24T12:00:30.000Z",
    ]);
    for (const { mean, lower, upper } of body.forecast) {
      expect(lower).toBeLessThan(mean);
      expect(mean).toBeLessThan(upper);
    }
    expect(queries[0]?.get("query")).toBe(
      'sum(rate(http_server_request_duration_seconds_count{service_name="avx-api-core"}[30s]))',
    );
    expect(queries[0]?.get("step")).toBe("10");
  });

  it.each([[matrix()], [matrix(history(2))]])(
    "explains a 409 when history is too short",
    async (answer) => {
      const { url } = await historyServer(answer);
      const { app } = await apiCore({ serverUrl: url });
      const reply = await app.inject("/core/forecast");
      expect(reply.statusCode).toBe(409);
      expect(reply.json()).toMatchObject({ status: "error", code: "insufficient_history" });
      expect(reply.json().error).toMatch(/^\d+ samples are too few, at least \d+ are needed$/);
    },
  );

  it("passes the server's refusal on, and refuses several series", async () => {
    const refusal = { status: "error", errorType: "bad_data", error: "1:3: unexpected )" };
    const broken = await historyServer(refusal, 400);
    const first = await apiCore({ serverUrl: broken.url });
    const reply = await first.app.inject("/core/forecast?metric=up)");
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ code: "bad_query", error: "1:3: unexpected )" });
    const several = await historyServer(matrix(history(50), history(50)));
    const second = await apiCore({ serverUrl: several.url });
    expect((await second.app.inject("/core/forecast?metric=up")).json().error).toContain(
      "2 series",
    );
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
