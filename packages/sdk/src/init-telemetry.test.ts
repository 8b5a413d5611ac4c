import { once } from "node:events";
import { type ClientRequest, createServer, get } from "node:http";
import {
  decodeOtlpLogsProtobuf,
  decodeOtlpMetricsProtobuf,
  decodeOtlpTracesProtobuf,
} from "@avx/wire";
import { afterEach, describe, expect, it } from "vitest";
import { initTelemetry } from "./init-telemetry.ts";
import type { Telemetry } from "./telemetry.ts";
import { listening, OtlpSink } from "./testing/otlp-sink.ts";

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function withSink(environment: Record<string, string> = {}) {
  const sink = new OtlpSink();
  const origin = await sink.listen();
  const lines: string[] = [];
  const telemetry = initTelemetry({
    serviceName: "shop",
    instanceId: "one",
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: origin,
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20abc,x-tenant=t1",
      AVX_STACK: "Avx",
      ...environment,
    },
    runtimeMetrics: false,
    writeLog: (line) => lines.push(line),
  });
  cleanups.push(() => sink.close());
  return { sink, telemetry, lines };
}

describe("export over OTLP/HTTP", () => {
  it("sends the three signals with resource and headers, and flushes on shutdown", async () => {
    const { sink, telemetry } = await withSink({ OTEL_RESOURCE_ATTRIBUTES: "team=a%2Cb" });
    telemetry.metrics.createCounter("jobs", { unit: "{job}" }).add(3, { kind: "x" });
    telemetry.tracer.startActiveSpan("work", (span) => {
      telemetry.log.info("hello", { n: 1 });
      span.end();
    });
    await telemetry.shutdown();

    const [traces] = await sink.received("/v1/traces");
    expect(traces?.headers).toMatchObject({
      "content-type": "application/x-protobuf",
      authorization: "Bearer abc",
      "x-tenant": "t1",
    });
    const [span] = decodeOtlpTracesProtobuf(traces?.body ?? Buffer.alloc(0));
    expect(span?.name).toBe("work");
    expect(Object.fromEntries(span?.resource.attributes ?? [])).toMatchObject({
      "service.name": "shop",
      "service.instance.id": "one",
      "avx.stack": "Avx",
      team: "a,b",
    });

    const [logs] = await sink.received("/v1/logs");
    const [record] = decodeOtlpLogsProtobuf(logs?.body ?? Buffer.alloc(0));
    expect(record).toMatchObject({ body: "hello", severityText: "INFO", traceId: span?.traceId });

    const [request] = await sink.received("/v1/metrics");
    const metrics = decodeOtlpMetricsProtobuf(request?.body ?? Buffer.alloc(0));
    const jobs = metrics.find((metric) => metric.name === "jobs");
    expect(jobs).toMatchObject({ kind: "sum", isMonotonic: true, temporality: "cumulative" });
    expect(jobs?.points[0]).toMatchObject({ value: 3, attributes: new Map([["kind", "x"]]) });
  });

  it("retries a batch that a server was too busy for", async () => {
    const { sink, telemetry } = await withSink({
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_BSP_SCHEDULE_DELAY: "1",
    });
    sink.statuses.push(503);
    telemetry.tracer.startSpan("work").end();
    const [first, second] = await sink.received("/v1/traces", 2);
    expect(second?.body).toEqual(first?.body);
    await telemetry.shutdown();
  });

  it("keeps the newest spans of a burst and counts what it dropped", async () => {
    const { sink, telemetry } = await withSink({
      OTEL_BSP_MAX_QUEUE_SIZE: "10",
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "10",
    });
    for (let i = 0; i < 25; i++) telemetry.tracer.startSpan(`span ${i}`).end();
    await telemetry.flush();
    const [request] = await sink.received("/v1/traces");
    const names = decodeOtlpTracesProtobuf(request?.body ?? Buffer.alloc(0)).map((s) => s.name);
    expect(names).toEqual(Array.from({ length: 10 }, (_, i) => `span ${i + 15}`));
    const { text } = await telemetry.renderMetrics();
    expect(text).toContain('avx_sdk_export_items_total{outcome="dropped",signal="traces"} 15');
    expect(text).toContain('avx_sdk_export_items_total{outcome="sent",signal="traces"} 10');
    await telemetry.shutdown();
  });

  it("says once that the server is away, and works on", async () => {
    const { sink, telemetry, lines } = await withSink({ OTEL_LOGS_EXPORTER: "none" });
    sink.statuses.push(400, 400, 400, 400);
    for (let i = 0; i < 2; i++) {
      telemetry.tracer.startSpan("work").end();
      await telemetry.flush();
    }
    const warnings = lines.filter((line) => line.includes("cannot export traces: HTTP 400"));
    expect(warnings).toHaveLength(1);
    await telemetry.flush();
    telemetry.tracer.startSpan("work").end();
    await telemetry.flush();
    expect(lines.filter((line) => line.includes("export of traces works again"))).toHaveLength(1);
    await telemetry.shutdown();
  });

  it("makes no telemetry of its own export", async () => {
    const { sink, telemetry } = await withSink();
    await telemetry.flush();
    await telemetry.flush();
    expect(sink.requests.some((request) => request.path === "/v1/traces")).toBe(false);
    expect(sink.requests.every((request) => request.headers["traceparent"] === undefined)).toBe(
      true,
    );
    await telemetry.shutdown();
  });

  it("does nothing at all when OTEL_SDK_DISABLED is true", async () => {
    const { sink, telemetry } = await withSink({ OTEL_SDK_DISABLED: "true" });
    telemetry.tracer.startSpan("work").end();
    telemetry.log.info("still written");
    await telemetry.shutdown();
    expect(sink.requests).toEqual([]);
  });
});

describe("requests that a service makes", () => {
  async function called(telemetry: Telemetry, status = 200) {
    const seen: Record<string, string | string[] | undefined>[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers);
      response.writeHead(status).end("ok");
    });
    const origin = await listening(server);
    cleanups.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await telemetry.shutdown();
    });
    return { origin, seen };
  }

  it("become CLIENT spans of the active one and carry its trace", async () => {
    const { sink, telemetry } = await withSink();
    const { origin, seen } = await called(telemetry);
    await telemetry.tracer.startActiveSpan("parent", async (span) => {
      await (await fetch(`${origin}/a?token=secret&page=2`)).text();
      span.end();
    });
    await telemetry.flush();
    const [request] = await sink.received("/v1/traces");
    const spans = decodeOtlpTracesProtobuf(request?.body ?? Buffer.alloc(0));
    const client = spans.find((span) => span.kind === "client");
    const parent = spans.find((span) => span.name === "parent");
    expect(client).toMatchObject({ name: "GET", parentSpanId: parent?.spanId, status: "unset" });
    expect(client?.attributes.get("url.full")).toBe(`${origin}/a?token=REDACTED&page=2`);
    expect(seen[0]?.["traceparent"]).toBe(`00-${client?.traceId}-${client?.spanId}-01`);
    expect(seen[0]?.["x-avx-stack"]).toBeUndefined();
  });

  it("of node:http become CLIENT spans too, and of the export none", async () => {
    const { sink, telemetry } = await withSink();
    const { origin, seen } = await called(telemetry);
    await telemetry.tracer.startActiveSpan("parent", async (span) => {
      await new Promise<void>((resolve) => {
        get(`${origin}/a`, (response) => response.resume().on("close", resolve));
      });
      span.end();
    });
    await telemetry.flush();
    const [request] = await sink.received("/v1/traces");
    const spans = decodeOtlpTracesProtobuf(request?.body ?? Buffer.alloc(0));
    expect(spans.map((span) => [span.kind, span.name]).sort()).toEqual([
      ["client", "GET"],
      ["internal", "parent"],
    ]);
    const client = spans.find((span) => span.kind === "client");
    expect(client?.attributes.get("http.response.status_code")).toBe(200);
    expect(seen[0]?.["traceparent"]).toBe(`00-${client?.traceId}-${client?.spanId}-01`);
  });

  it("of node:http are errors when nobody answers or the caller gives up", async () => {
    const { telemetry } = await withSink();
    const hanging = createServer(() => {});
    const origin = await listening(hanging);
    cleanups.push(() => new Promise((resolve) => hanging.close(resolve)));
    // Not once(): it would reject with the very error that is wanted here.
    const closed = (request: ClientRequest) =>
      new Promise((resolve) => request.on("error", () => {}).on("close", resolve));
    const aborted = get(origin);
    await once(hanging, "request");
    aborted.destroy();
    await closed(aborted);
    hanging.closeAllConnections();
    const gone = createServer();
    const nobody = await listening(gone);
    await new Promise((resolve) => gone.close(resolve));
    await closed(get(nobody));
    const { text } = await telemetry.renderMetrics();
    expect(text).toMatch(/client_request_duration_seconds_count\{error_type="ECONNREFUSED",/);
    expect(text).toMatch(
      /client_request_duration_seconds_count\{error_type="(aborted|ECONNRESET)",/,
    );
    await telemetry.shutdown();
  });

  it("are errors when they fail or are refused", async () => {
    const { telemetry } = await withSink();
    const { origin } = await called(telemetry, 404);
    await (await fetch(origin)).text();
    const gone = createServer();
    const nobody = await listening(gone);
    await new Promise((resolve) => gone.close(resolve));
    await expect(fetch(nobody)).rejects.toThrow();
    const { text } = await telemetry.renderMetrics();
    expect(text).toMatch(/client_request_duration_seconds_count\{error_type="404",/);
    expect(text).toMatch(/client_request_duration_seconds_count\{error_type="ECONNREFUSED",/);
  });
});
