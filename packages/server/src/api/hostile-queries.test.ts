import { setTimeout as sleep } from "node:timers/promises";
import { type LabelledSeries, labelsFromRecord } from "@avx/model";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestServer, NOW_MS, type TestServer } from "./fixtures/test-server.ts";

const SERIES = 2000;
const SAMPLES = 200;
const NOW = NOW_MS / 1000;
let server: TestServer;
let url: string;

/** 2,000 series whose label values are what a backtracking regex engine is slowest with. */
function manySeries(): LabelledSeries[] {
  return Array.from({ length: SERIES }, (_, i) => ({
    labels: labelsFromRecord({ __name__: "m", n: `${i}`, text: `${"a".repeat(40)}${i}!` }),
    timestampsMs: Float64Array.from({ length: SAMPLES }, (_, k) => NOW_MS - (SAMPLES - k) * 1000),
    values: Float64Array.from({ length: SAMPLES }, (_, k) => k + i),
  }));
}

beforeAll(async () => {
  server = await createTestServer();
  await server.add({ series: manySeries() });
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  const closed = server.app.close();
  // The client that gave up may have opened a connection that it never used: not idle to the server.
  server.app.server.closeAllConnections();
  await closed;
});

/** What costs the server nothing and must be refused: name, expression, status. */
const HOSTILE: readonly (readonly [string, string, number])[] = [
  ["a subquery of 2.6 billion steps", "max_over_time(m[30d:1ms])", 422],
  ["subqueries in subqueries", "max_over_time(max_over_time(m[1d:1s])[1d:1s])", 422],
  ["a duration beyond all time", "x[99999999999999999999y]", 400],
  ["100,000 parentheses", `${"(".repeat(100_000)}1${")".repeat(100_000)}`, 413],
  ["8,000 parentheses", `${"(".repeat(8_000)}1${")".repeat(8_000)}`, 400],
  ["10,000 minus signs", `${"-".repeat(10_000)}1`, 400],
  ["a query of more than 16 KiB", `m${" ".repeat(17_000)}`, 400],
  ["a cross product", "m + on() group_left m", 422],
  ["a regex of more than 4 KiB", `m{n=~"${"a|b".repeat(2_000)}"}`, 400],
  ["a regex that repeats repeats", `m{n=~"((a{1000}){1000}){1000}"}`, 400],
  ["an unclosed regex group", 'm{n=~"(a"}', 400],
];

const ask = async (query: string, path = "/api/v1/query", more = `&time=${NOW}`) => {
  const reply = await fetch(`${url}${path}`, {
    method: "POST",
    body: new URLSearchParams(`query=${encodeURIComponent(query)}${more}`),
  });
  return { status: reply.status, json: await reply.json() };
};

describe("hostile queries", () => {
  it.each(HOSTILE)("are refused: %s", async (_, query, status) => {
    const answer = await ask(query);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ status: "error", error: expect.any(String) });
    expect(JSON.stringify(answer.json).length).toBeLessThan(1000);
  });

  it("get an answer where it can be had in linear time: (a+)+$", async () => {
    const { status, json } = await ask('count(m{text=~"(a+)+$"})');
    expect([status, json.data.result]).toEqual([200, []]);
    const found = await ask('count(m{text=~"(a+)+[0-9]+!"})');
    expect(found.json.data.result[0].value[1]).toBe(String(SERIES));
  });
});

/** Long enough to be under way when the others ask, and stopped by the test. */
const LONG =
  "sum(sum_over_time(m[3m])) + sum(stddev_over_time(m[3m])) + sum(quantile_over_time(0.5, m[3m]))";
const LONG_RANGE = `&start=${NOW - 200}&end=${NOW}&step=1`;

describe("a query under way", () => {
  it("stops when its client goes away, and holds up neither health nor ingest", async () => {
    const abort = new AbortController();
    const body = new URLSearchParams(`query=${encodeURIComponent(LONG)}${LONG_RANGE}`);
    const order: string[] = [];
    const long = fetch(`${url}/api/v1/query_range`, { method: "POST", body, signal: abort.signal })
      .then(() => order.push("query"))
      .catch(() => order.push("query given up"));
    await sleep(1);
    const healthy = await fetch(`${url}/-/healthy`);
    order.push(`health ${healthy.status}`);
    const written = await fetch(`${url}/v1/metrics`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    order.push(`ingest ${written.status}`);
    abort.abort();
    await long;
    expect(order).toEqual(["health 200", "ingest 200", "query given up"]);
    await vi.waitFor(() => expect(server.engineFailures).toContain("query_canceled"));
  });

  it("runs no longer than its timeout", async () => {
    const answer = await ask(LONG, "/api/v1/query_range", `${LONG_RANGE}&timeout=20ms`);
    expect(answer.status).toBe(503);
    expect(answer.json).toMatchObject({ errorType: "timeout" });
  });
});
