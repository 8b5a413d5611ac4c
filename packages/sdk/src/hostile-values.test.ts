import { decodeOtlpTracesProtobuf } from "@avx/wire";
import { afterEach, describe, expect, it } from "vitest";
import { BatchExporter } from "./export/batch-exporter.ts";
import { initTelemetry } from "./init-telemetry.ts";
import { OwnMemory } from "./overhead/own-memory.ts";
import type { Telemetry } from "./telemetry.ts";
import { OtlpSink } from "./testing/otlp-sink.ts";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function started(): Promise<{ telemetry: Telemetry; sink: OtlpSink }> {
  const sink = new OtlpSink();
  const telemetry = initTelemetry({
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: await sink.listen() },
    runtimeMetrics: false,
    writeLog: () => {},
  });
  cleanups.push(
    () => sink.close(),
    () => telemetry.shutdown(),
  );
  return { telemetry, sink };
}

const circular: Record<string, unknown> = {};
circular["itself"] = circular;

/** What a program without types may hand over in any place. */
const ANYTHING: readonly unknown[] = [
  null,
  undefined,
  Number.NaN,
  "text",
  10n,
  Symbol("s"),
  () => 1,
  {},
  [null],
  new Map(),
  circular,
  new Proxy({}, {}),
];

/** `target` without its types: as JavaScript sees it. */
// biome-ignore lint/suspicious/noExplicitAny: the very point of these tests
const untyped = (target: unknown): any => target;

describe("whatever a program hands over", () => {
  it("no call of an instrument throws, and no value becomes a text", async () => {
    const { telemetry } = await started();
    const meter = telemetry.metrics;
    const instruments = [
      untyped(meter.createCounter("c")),
      untyped(meter.createUpDownCounter("u")),
      untyped(meter.createHistogram("h")),
      untyped(meter.createExponentialHistogram("e")),
      untyped(meter.createGauge("g")),
    ];
    for (const instrument of instruments) {
      const measure = (value: unknown, attributes: unknown): void =>
        "add" in instrument
          ? instrument.add(value, attributes)
          : instrument.record(value, attributes);
      for (const value of ANYTHING) {
        measure(value, { kept: "yes" });
        measure(1, value);
        measure(1, { odd: value });
      }
    }
    for (const value of ANYTHING) {
      const name = `observed.${ANYTHING.indexOf(value)}`;
      meter.createObservableGauge(name).addCallback((result) => untyped(result).observe(value, {}));
    }
    const { text } = await telemetry.renderMetrics();
    expect(text).toMatch(/^c_total\{kept="yes"\} 1$/m);
    for (const line of text.split("\n").filter((one) => one !== "" && !one.startsWith("#"))) {
      expect(line).toMatch(/ [-+0-9.e]+$|Inf$|NaN$/);
    }
  });

  it("no call of a span throws, and its batch arrives with its neighbours", async () => {
    const { telemetry, sink } = await started();
    const tracer = untyped(telemetry.tracer);
    for (const value of ANYTHING) {
      tracer.startSpan(value, { attributes: value, links: value === "text" ? [] : undefined });
      const span = tracer.startSpan("odd", { startTime: value, kind: value, links: null });
      span.setAttribute(value, "v").setAttribute("k", value).setAttributes(value);
      span.addEvent(value, value, value).addLink(value).setStatus(value).updateName(value);
      span.recordException(value);
      span.end(value);
    }
    telemetry.tracer.startSpan("good").end();
    await telemetry.flush();
    const [received] = await sink.received("/v1/traces");
    const spans = decodeOtlpTracesProtobuf(received?.body ?? Buffer.alloc(0));
    expect(spans.map(({ name }) => name)).toContain("good");
    expect(spans).toHaveLength(ANYTHING.length + 1);
    for (const { startUnixNano, endUnixNano } of spans) {
      expect(endUnixNano).toBeGreaterThanOrEqual(startUnixNano);
    }
  });

  it("what cannot be written at all is left out, counted, and takes nothing with it", async () => {
    const { telemetry, sink } = await started();
    const bad = telemetry.tracer.startSpan("bad");
    untyped(bad).name = Symbol("no text");
    bad.end();
    telemetry.tracer.startSpan("good").end();
    await telemetry.flush();
    const [received] = await sink.received("/v1/traces");
    const spans = decodeOtlpTracesProtobuf(received?.body ?? Buffer.alloc(0));
    expect(spans.map(({ name }) => name)).toEqual(["good"]);
    const { text } = await telemetry.renderMetrics();
    expect(text).toMatch(/^avx_sdk_export_items_total\{outcome="failed",signal="traces"\} 1$/m);
  });

  it("names that every object has are names like others", async () => {
    const { telemetry } = await started();
    const names = '{"__proto__":"a","constructor":"b","toString":"c","hasOwnProperty":"d"}';
    const attributes = JSON.parse(names);
    telemetry.metrics.createCounter("constructor").add(1, attributes);
    telemetry.tracer.startSpan("__proto__", { attributes }).addEvent("toString", attributes).end();
    const { text } = await telemetry.renderMetrics();
    expect(text).toContain(
      'constructor_total{__proto__="a",constructor="b",hasOwnProperty="d",toString="c"} 1',
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("spans of long texts that nobody takes are dropped down to the memory budget", () => {
    const memory = new OwnMemory(1e6);
    const exporter = new BatchExporter<number>({
      limits: { maxQueueItems: 100, maxBatchItems: 100, delayMs: 1e6, exportTimeoutMs: 1 },
      encode: () => new Uint8Array(0),
      ...untyped({}),
    });
    const bytesOf = (item: number) => item;
    memory.add("series", { bytes: () => 400_000 });
    memory.add("spans", {
      bytes: () => exporter.waitingBytes(bytesOf),
      trim: (maxBytes) => exporter.trim(maxBytes, bytesOf),
    });
    for (let i = 0; i < 10; i++) exporter.push(100_000 + i);
    expect(memory.isOver).toBe(true);
    memory.trim();
    expect(memory.isOver).toBe(false);
    // The newest stay: five of 100 kB are what 600 kB hold, for each is some bytes more.
    expect(exporter.queueLength).toBe(5);
    expect(exporter.waitingBytes(bytesOf)).toBe(500_000 + 5 + 6 + 7 + 8 + 9);
  });

  it("100,000 attribute sets are 1999 series and one that merges the rest", async () => {
    const { telemetry } = await started();
    const counter = telemetry.metrics.createCounter("visits");
    for (let i = 0; i < 100_000; i++) counter.add(1, { user: i });
    const { text } = await telemetry.renderMetrics();
    const lines = text.split("\n").filter((line) => line.startsWith("visits_total{"));
    // https://opentelemetry.io/docs/specs/otel/metrics/sdk/#cardinality-limits
    expect(lines).toHaveLength(2000);
    expect(lines).toContain('visits_total{otel_metric_overflow="true"} 98001');
  });
});
