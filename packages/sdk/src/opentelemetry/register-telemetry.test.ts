import { decodeOtlpLogsProtobuf, decodeOtlpTracesProtobuf } from "@avx/wire";
import {
  logs as apiLogs,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  metrics,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  trace,
} from "@opentelemetry/api";
import { logs, SeverityNumber } from "@opentelemetry/api-logs";
import { afterEach, describe, expect, it } from "vitest";
import { initTelemetry } from "../init-telemetry.ts";
import { OtlpSink } from "../testing/otlp-sink.ts";
import { activeSpanContext } from "../tracing/trace-scope.ts";
import { registerTelemetry } from "./register-telemetry.ts";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function registered() {
  const sink = new OtlpSink();
  const telemetry = initTelemetry({
    serviceName: "shop",
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: await sink.listen() },
    runtimeMetrics: false,
    writeLog: () => {},
  });
  cleanups.push(
    () => sink.close(),
    () => telemetry.shutdown(),
  );
  cleanups.push(registerTelemetry(telemetry));
  return { sink, telemetry };
}

describe("registerTelemetry", () => {
  it("takes spans of libraries that know only the API, under the service's own spans", async () => {
    const { sink, telemetry } = await registered();
    await telemetry.tracer.startActiveSpan("request", async (request) => {
      await Promise.resolve();
      const library = trace.getTracer("pg-like", "1.0");
      library.startActiveSpan("query", { kind: SpanKind.CLIENT }, (query) => {
        expect(trace.getActiveSpan()).toBe(query);
        expect(activeSpanContext()).toBe(query.spanContext());
        query.end();
      });
      request.end();
    });
    await telemetry.flush();
    const [received] = await sink.received("/v1/traces");
    const spans = decodeOtlpTracesProtobuf(received?.body ?? Buffer.alloc(0));
    const query = spans.find((span) => span.name === "query");
    const request = spans.find((span) => span.name === "request");
    expect(query?.parentSpanId).toBe(request?.spanId);
    expect(query?.scope.name).toBe("pg-like");
  });

  it("shows metrics of libraries, marked with their scope", async () => {
    const { telemetry } = await registered();
    const meter = metrics.getMeter("pool-like");
    meter.createUpDownCounter("pool.connections").add(3, { state: "idle" });
    meter.createObservableGauge("pool.limit").addCallback((result) => result.observe(10));
    const { text } = await telemetry.renderMetrics();
    expect(text).toContain('pool_connections{state="idle",otel_scope_name="pool-like"} 3');
    expect(text).toContain('pool_limit{otel_scope_name="pool-like"} 10');
  });

  it("keeps contexts across awaits, in bound functions, and apart in parallel", async () => {
    await registered();
    const tracer = trace.getTracer("t");
    const seen = await Promise.all(
      [1, 2, 3].map((i) =>
        tracer.startActiveSpan(`span ${i}`, async (span) => {
          await new Promise((resolve) => setImmediate(resolve));
          return trace.getActiveSpan() === span;
        }),
      ),
    );
    expect(seen).toEqual([true, true, true]);
    const span = tracer.startSpan("bound");
    const bound = context.bind(trace.setSpan(ROOT_CONTEXT, span), () => trace.getActiveSpan());
    expect(bound()).toBe(span);
    expect(trace.getActiveSpan()).toBeUndefined();
  });

  it("propagates W3C trace context through the API", async () => {
    await registered();
    const headers = {
      traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      tracestate: "a=1",
    };
    const extracted = propagation.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const carrier: Record<string, string> = {};
    propagation.inject(extracted, carrier, defaultTextMapSetter);
    expect(carrier).toEqual(headers);
  });

  it.each([
    ["@opentelemetry/api", apiLogs],
    ["@opentelemetry/api-logs", logs],
  ])("exports log records of %s with the span they were written in", async (_name, logsApi) => {
    const { sink, telemetry } = await registered();
    const span = telemetry.tracer.startActiveSpan("request", (active) => {
      logsApi.getLogger("winston-like").emit({
        severityNumber: SeverityNumber.FATAL,
        severityText: "fatal",
        body: { a: [1, "b"] },
        attributes: { n: 1 },
        eventName: "crash",
        timestamp: new Date("2026-11-24T12:00:00Z"),
      });
      return active;
    });
    await telemetry.flush();
    const [received] = await sink.received("/v1/logs");
    const [record] = decodeOtlpLogsProtobuf(received?.body ?? Buffer.alloc(0));
    expect(record).toMatchObject({
      severityNumber: 21,
      severityText: "fatal",
      eventName: "crash",
      traceId: span.spanContext().traceId,
      scope: { name: "winston-like" },
    });
    expect(record?.body).toEqual(new Map([["a", [1, "b"]]]));
    expect(Number(record?.timeUnixNano) / 1e6).toBeCloseTo(Date.UTC(2026, 10, 24, 12), 2);
  });

  it("leaves the API as it was when it is taken away", async () => {
    const { telemetry } = await registered();
    cleanups.pop()?.();
    expect(trace.getTracer("late").startSpan("none").isRecording()).toBe(false);
    expect(telemetry.tracer.startSpan("own").isRecording()).toBe(true);
    expect(Reflect.has(globalThis, Symbol.for("io.opentelemetry.js.api.logs"))).toBe(false);
  });
});
