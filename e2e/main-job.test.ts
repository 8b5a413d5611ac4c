import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { durationMetrics, gaugeMetrics, postJson, traceSpans } from "./otlp-payloads.ts";
import { startServer, type TestServer } from "./running-server.ts";

const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const BOUNDS = [0.01, 0.1, 1];

async function get(server: TestServer, path: string) {
  const answer = await fetch(server.url + path);
  return { status: answer.status, body: await answer.json() };
}

async function query(server: TestServer, expression: string, time?: number) {
  const at = time === undefined ? "" : `&time=${time}`;
  const { body } = await get(server, `/api/v1/query?query=${encodeURIComponent(expression)}${at}`);
  return body.data.result;
}

describe.each(["memory", "embedded"])("the main job on the %s store", (store) => {
  let server: TestServer;
  const nowMs = Date.now();

  beforeAll(async () => {
    server = await startServer(["--store", store]);
    for (const [ageMs, requests] of [
      [30_000, 0],
      [15_000, 150],
      [0, 300],
    ] as const) {
      const counts = [requests / 2, requests / 2, 0, 0];
      const point = { service: "cart", timeMs: nowMs - ageMs, startMs: nowMs - 60_000 };
      const metrics = durationMetrics({ ...point, bounds: BOUNDS, counts, sum: requests * 0.02 });
      expect(await postJson(`${server.otlpUrl}/v1/metrics`, metrics)).toMatchObject({
        status: 200,
      });
    }
    const spans = traceSpans("cart", TRACE_ID, nowMs - 1000);
    expect(await postJson(`${server.url}/v1/traces`, spans)).toMatchObject({ status: 200 });
  });

  afterAll(() => server.stop());

  /** Services of which there are series; at each full minute the server keeps some of its own. */
  const senders = async (): Promise<readonly string[]> => {
    const { body } = await get(server, "/api/v1/label/service_name/values");
    return body.data.filter((name: string) => name !== "avx-server");
  };

  it("answers PromQL about a request that came in over OTLP", async () => {
    const name = "http_server_request_duration_seconds";
    const rate = await query(
      server,
      `sum by (service_name) (rate(${name}_count[30s]))`,
      nowMs / 1000,
    );
    // 150 requests in the 15 s between the two samples inside the left-open 30 s window, extrapolated.
    expect(rate).toHaveLength(1);
    expect(rate[0].metric).toEqual({ service_name: "cart" });
    expect(Number(rate[0].value[1])).toBeCloseTo(10, 0);
    const median = await query(
      server,
      `histogram_quantile(0.25, rate(${name}_bucket[1m]))`,
      nowMs / 1000,
    );
    expect(Number(median[0].value[1])).toBeCloseTo(0.005, 6);
    expect(median[0].metric).toMatchObject({
      avx_stack: "Avx",
      http_route: "/items/:id",
      job: "cart",
    });
  });

  it("lists the service with its golden signals", async () => {
    const { body } = await get(server, "/api/avx/services");
    expect(body.services).toMatchObject([{ service: "cart", errorRatio: 0 }]);
    expect(body.services[0].requestsPerSecond).toBeGreaterThan(5);
    expect(body.services[0].rateSparkline).toHaveLength(60);
  });

  it("browses labels, values, series and metadata", async () => {
    expect((await get(server, "/api/v1/labels")).body.data).toContain("service_name");
    expect(await senders()).toEqual(["cart"]);
    const series = await get(
      server,
      "/api/v1/series?match[]=http_server_request_duration_seconds_count",
    );
    expect(series.body.data).toHaveLength(1);
    const metadata = await get(
      server,
      "/api/v1/metadata?metric=http_server_request_duration_seconds",
    );
    expect(metadata.body.data.http_server_request_duration_seconds[0]).toMatchObject({
      type: "histogram",
      help: "Duration of HTTP server requests.",
    });
  });

  it("finds the trace and all its spans", async () => {
    const { body } = await get(server, "/api/avx/traces?service=cart");
    expect(body.traces).toMatchObject([{ traceId: TRACE_ID, rootService: "cart", spanCount: 2 }]);
    const trace = await get(server, `/api/avx/traces/${TRACE_ID}`);
    expect(trace.body.spans.map((span: { name: string }) => span.name)).toEqual([
      "GET /items/:id",
      "GET upstream",
    ]);
    expect(trace.body.spans[0].durationMs).toBeCloseTo(40, 3);
  });

  it("answers what it does not know with a typed 4xx", async () => {
    expect(await get(server, "/api/avx/traces/00000000000000000000000000000001")).toMatchObject({
      status: 404,
      body: { code: "not_found" },
    });
    expect(await get(server, "/api/v1/query?query=sum(")).toMatchObject({
      status: 400,
      body: { status: "error", errorType: "bad_data" },
    });
    expect(await get(server, "/api/v1/query_range?query=up&start=0&end=1e9&step=1")).toMatchObject({
      status: 400,
      body: { errorType: "bad_data", error: expect.stringContaining("11,000 points") },
    });
    expect((await query(server, "no_such_metric")).length).toBe(0);
  });

  it("refuses hostile bodies and keeps what was written before", async () => {
    const otlp = `${server.url}/v1/metrics`;
    const send = (body: BodyInit, headers: Record<string, string>) =>
      fetch(otlp, { method: "POST", body, headers }).then(async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      });
    const protobuf = { "content-type": "application/x-protobuf" };
    expect(await send(new Uint8Array([0xff, 0xff, 0xff]), protobuf)).toBe(400);
    expect(await send("{not json", { "content-type": "application/json" })).toBe(400);
    expect(await send("x", { "content-type": "text/csv" })).toBe(415);
    expect(await send("x", { ...protobuf, "content-encoding": "lzma" })).toBe(415);
    const bomb = new Uint8Array(await new Response(gzipOf(64 * 1024 * 1024)).arrayBuffer());
    expect(await send(bomb, { ...protobuf, "content-encoding": "gzip" })).toBe(413);
    const tooLarge = await send(new Uint8Array(40 * 1024 * 1024), protobuf).catch(() => 413);
    expect(tooLarge).toBe(413);
    expect(await senders()).toEqual(["cart"]);
  });

  it("serves health, its own metrics, its OpenAPI document and strict headers", async () => {
    expect((await fetch(`${server.url}/-/healthy`)).status).toBe(200);
    expect((await fetch(`${server.url}/-/ready`)).status).toBe(200);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^avx_head_series \d+/m);
    const docs = await get(server, "/docs/json");
    expect(docs.body.paths).toHaveProperty("/api/v1/query");
    const page = await fetch(`${server.url}/services/cart`, { headers: { accept: "text/html" } });
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
  });
});

function gzipOf(bytes: number): ReadableStream {
  return new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream("gzip"));
}

describe("a restart on the embedded store", () => {
  it("keeps metrics, traces and documents", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "avx-restart-"));
    const nowMs = Date.now();
    const gauge = gaugeMetrics({ service: "cart", name: "queue.length", timeMs: nowMs, value: 42 });
    const first = await startServer(["--store", "embedded"], { dataDir });
    await postJson(`${first.url}/v1/metrics`, gauge);
    await postJson(`${first.url}/v1/traces`, traceSpans("cart", TRACE_ID, nowMs - 1000));
    await first.stop();

    const second = await startServer(["--store", "embedded"], { dataDir });
    const found = await query(second, "queue_length", nowMs / 1000);
    const trace = await get(second, `/api/avx/traces/${TRACE_ID}`);
    await second.stop();
    await rm(dataDir, { recursive: true, force: true });
    expect(found).toMatchObject([
      { metric: { service_name: "cart" }, value: [expect.anything(), "42"] },
    ]);
    expect(trace.body.spans).toHaveLength(2);
  });
});
