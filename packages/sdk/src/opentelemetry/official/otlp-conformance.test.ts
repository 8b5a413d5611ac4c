import {
  decodeOtlpLogsProtobuf,
  decodeOtlpMetricsProtobuf,
  decodeOtlpTracesProtobuf,
  encodeOtlpLogsJson,
  encodeOtlpMetricsJson,
  encodeOtlpTracesJson,
} from "@avx/wire";
import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { describe, expect, it } from "vitest";
import { type Api, compared, ours, theirs } from "./both-sdks.ts";

function measure({ meter }: Api): void {
  const counter = meter.createCounter("jobs", { unit: "{job}", description: "Jobs done." });
  counter.add(3, { queue: "a", urgent: true, size: 2.5, tags: ["x", "y"] });
  counter.add(0.5, { queue: "b" });
  meter.createUpDownCounter("level").add(-4);
  meter.createGauge("temperature", { unit: "Cel" }).record(-3.25, { room: "attic" });
  const histogram = meter.createHistogram("latency", {
    unit: "s",
    advice: { explicitBucketBoundaries: [0.1, 1, 10] },
  });
  for (const value of [0, 0.1, 0.5, 5, 50]) histogram.record(value, { route: "/a" });
  meter.createHistogram("plain").record(7);
  const sizes = meter.createHistogram("sizes", { unit: "By" });
  for (const value of [0, 0.001, 1, 1.5, 2, 1000, 1e6]) sizes.record(value);
  meter.createObservableCounter("ticks").addCallback((result) => result.observe(10, { core: "0" }));
  meter.createObservableUpDownCounter("depth").addCallback((result) => result.observe(-1));
  meter.createObservableGauge("speed").addCallback((result) => result.observe(1e-9));
}

function traceWork({ tracer }: Api): void {
  const parent = tracer.startSpan("request", {
    kind: SpanKind.SERVER,
    attributes: { text: "ü", whole: 7, part: 0.5, yes: false, list: [1, 2], empty: [] },
  });
  const inside: Context = trace.setSpan(ROOT_CONTEXT, parent);
  const child = tracer.startSpan("query", { kind: SpanKind.CLIENT }, inside);
  child.addEvent("row", { n: 1 });
  child.setStatus({ code: SpanStatusCode.ERROR, message: "lost" });
  child.end();
  const producer = tracer.startSpan("send", {
    kind: SpanKind.PRODUCER,
    links: [{ context: child.spanContext(), attributes: { why: "retry" } }],
  });
  producer.end();
  parent.setStatus({ code: SpanStatusCode.OK });
  parent.end();
  const remote = trace.setSpanContext(ROOT_CONTEXT, {
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: "00f067aa0ba902b7",
    traceFlags: 1,
    isRemote: true,
  });
  tracer.startSpan("continued", { kind: SpanKind.CONSUMER }, remote).end();
}

function logWork({ logger, tracer }: Api): void {
  const span = tracer.startSpan("request");
  logger.emit({
    severityNumber: SeverityNumber.WARN2,
    severityText: "warn",
    body: { text: "hello", list: [1, 2.5, true], nothing: null },
    attributes: { n: 1, nested: { a: "b" } },
    eventName: "disk.full",
    timestamp: new Date("2026-11-24T12:00:00Z"),
    observedTimestamp: new Date("2026-11-24T12:00:01Z"),
    context: trace.setSpan(ROOT_CONTEXT, span),
  });
  logger.emit({ severityNumber: SeverityNumber.INFO, severityText: "INFO", body: "plain" });
  span.end();
}

const textOf = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

interface ExponentialPoint {
  scale: number;
  positive: { offset: number; bucketCounts: number[] };
}

/** Merges buckets until the scale is ours: the other SDK begins at 20 and lowers it as needed. */
function coarser(point: ExponentialPoint, scale: number): void {
  const { offset, bucketCounts } = point.positive;
  const shift = point.scale - scale;
  const first = offset >> shift;
  const merged: number[] = [];
  for (const [i, count] of bucketCounts.entries()) {
    const slot = ((offset + i) >> shift) - first;
    merged[slot] = (merged[slot] ?? 0) + count;
  }
  point.scale = scale;
  point.positive = { offset: first, bucketCounts: Array.from(merged, (count) => count ?? 0) };
}

interface PlainMetrics {
  resourceMetrics: {
    resource: { attributes: { key: string }[] };
    scopeMetrics: {
      scope: { name: string };
      metrics: { name: string; exponentialHistogram?: { dataPoints: ExponentialPoint[] } }[];
    }[];
  }[];
}

const METRICS = { resources: "resourceMetrics", scopes: "scopeMetrics" };
const SPANS = { resources: "resourceSpans", scopes: "scopeSpans" };
const LOGS = { resources: "resourceLogs", scopes: "scopeLogs" };

function exponentialOf(request: PlainMetrics): ExponentialPoint {
  const metrics = request.resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? [];
  const point = metrics.find(({ name }) => name === "sizes")?.exponentialHistogram?.dataPoints[0];
  if (point === undefined) throw new Error("no exponential histogram");
  return point;
}

describe("OTLP that the SDK sends, beside the official SDK's", () => {
  it("has the same metrics of every kind in JSON", async () => {
    const own = JSON.parse((await ours(measure, "http/json")).metrics.toString());
    const official = JsonMetricsSerializer.serializeRequest((await theirs(measure)).metrics);
    const expected = compared<PlainMetrics>(JSON.parse(textOf(official)), METRICS);
    const seen = compared<PlainMetrics>(own, METRICS);
    coarser(exponentialOf(expected), exponentialOf(seen).scale);
    expect(seen).toEqual(expected);
  });

  it("has the same metrics of every kind in protobuf", async () => {
    const json = (bytes: Uint8Array) =>
      JSON.parse(textOf(encodeOtlpMetricsJson(decodeOtlpMetricsProtobuf(bytes))));
    const own = (await ours(measure, "http/protobuf")).metrics;
    const official = ProtobufMetricsSerializer.serializeRequest((await theirs(measure)).metrics);
    const expected = compared<PlainMetrics>(json(official ?? new Uint8Array()), METRICS);
    const seen = compared<PlainMetrics>(json(own), METRICS);
    coarser(exponentialOf(expected), exponentialOf(seen).scale);
    expect(seen).toEqual(expected);
  });

  it("has the same spans in JSON and in protobuf", async () => {
    const { spans } = await theirs(traceWork);
    const official = JSON.parse(textOf(JsonTraceSerializer.serializeRequest(spans)));
    const own = JSON.parse((await ours(traceWork, "http/json")).traces.toString());
    expect(compared(own, SPANS)).toEqual(compared(official, SPANS));

    const json = (bytes: Uint8Array) =>
      JSON.parse(textOf(encodeOtlpTracesJson(decodeOtlpTracesProtobuf(bytes))));
    const bytes = ProtobufTraceSerializer.serializeRequest(spans) ?? new Uint8Array();
    const sent = (await ours(traceWork, "http/protobuf")).traces;
    expect(compared(json(sent), SPANS)).toEqual(compared(json(bytes), SPANS));
  });

  it("has the same log records in JSON and in protobuf", async () => {
    const { records } = await theirs(logWork);
    const official = JSON.parse(textOf(JsonLogsSerializer.serializeRequest(records)));
    const own = JSON.parse((await ours(logWork, "http/json")).logs.toString());
    expect(compared(own, LOGS)).toEqual(compared(official, LOGS));

    const json = (bytes: Uint8Array) =>
      JSON.parse(textOf(encodeOtlpLogsJson(decodeOtlpLogsProtobuf(bytes))));
    const bytes = ProtobufLogsSerializer.serializeRequest(records) ?? new Uint8Array();
    const sent = (await ours(logWork, "http/protobuf")).logs;
    expect(compared(json(sent), LOGS)).toEqual(compared(json(bytes), LOGS));
  });
});
