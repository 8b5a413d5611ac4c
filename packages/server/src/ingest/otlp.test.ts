import { gzipSync } from "node:zlib";
import { AvxError, labelValue } from "@avx/model";
import {
  decodeExportResponse,
  decodeRpcStatus,
  encodeOtlpMetricsProtobuf,
  encodeOtlpTracesProtobuf,
  type OtlpMetric,
} from "@avx/wire";
import { describe, expect, it } from "vitest";
import { fakePorts, json, jsonOf, NOW_MS, NOW_NANO, request } from "./fixtures/fake-ports.ts";
import { handleOtlpLogs } from "./otlp-logs.ts";
import { handleOtlpMetrics } from "./otlp-metrics.ts";
import { handleOtlpTraces } from "./otlp-traces.ts";

const scope = { name: "", version: "", attributes: new Map<string, string>() };
const MINUTE = 60_000_000_000n;
const DAY = 1440n * MINUTE;

function counter(
  points: readonly { value: number; at?: bigint; attributes?: Map<string, string> }[],
  { temporality = "cumulative", resource = new Map([["service.name", "svc"]]) } = {},
): OtlpMetric {
  return {
    name: "hits",
    description: "",
    unit: "",
    resource: { attributes: resource },
    scope,
    kind: "sum",
    temporality: temporality === "delta" ? "delta" : "cumulative",
    isMonotonic: true,
    points: points.map(({ value, at = NOW_NANO, attributes = new Map() }) => ({
      attributes,
      startUnixNano: 0n,
      timeUnixNano: at,
      noRecordedValue: false,
      value,
      isInteger: true,
      exemplars: [],
    })),
  };
}
const send = (metric: OtlpMetric) => request(encodeOtlpMetricsProtobuf([metric]));

describe("handleOtlpMetrics", () => {
  it("stores the series and answers full success with an unset partial_success", async () => {
    const ports = fakePorts();
    const reply = await handleOtlpMetrics(send(counter([{ value: 7 }])), ports);
    expect(reply).toMatchObject({ status: 200, contentType: "application/x-protobuf" });
    expect(reply.body).toHaveLength(0);
    const series = ports.batches[0]?.series[0];
    expect(labelValue(series!.labels, "__name__")).toBe("hits_total");
    expect([series?.timestampsMs[0], series?.values[0]]).toEqual([NOW_MS, 7]);
    expect(ports.counted).toEqual(["accepted metrics 1"]);
  });

  it("takes gzip and the other name of protobuf", async () => {
    const body = gzipSync(encodeOtlpMetricsProtobuf([counter([{ value: 1 }])]));
    const ports = fakePorts();
    const contentType = "application/protobuf; charset=x";
    const reply = await handleOtlpMetrics(
      request(body, { contentType, contentEncoding: "gzip" }),
      ports,
    );
    expect(reply.status).toBe(200);
    expect(ports.batches).toHaveLength(1);
  });

  it("takes an empty request as success", async () => {
    const ports = fakePorts();
    expect((await handleOtlpMetrics(json({}), ports)).status).toBe(200);
    expect(ports.batches).toEqual([]);
  });

  it("refuses far-future and expired points as partial success, keeping the others", async () => {
    const ports = fakePorts();
    const metric = counter([
      { value: 1, at: NOW_NANO + 11n * MINUTE },
      { value: 2, at: NOW_NANO + 9n * MINUTE },
      { value: 3, at: NOW_NANO - 31n * DAY },
      { value: 4, at: 0n },
      { value: 5, at: 18446744073709551615n },
    ]);
    const reply = await handleOtlpMetrics(send(metric), ports);
    expect(reply.status).toBe(200);
    expect(decodeExportResponse("metrics", "protobuf", reply.body)).toEqual({
      rejected: 4,
      message:
        "2 refused: timestamp more than 10 min in the future; 2 refused: timestamp older than the retention",
    });
    expect(ports.batches[0]?.series.map(({ values }) => values[0])).toContain(2);
    expect(ports.counted).toEqual([
      "rejected metrics timestamp_future 2",
      "rejected metrics timestamp_past 2",
      "accepted metrics 1",
    ]);
  });

  it("takes any time when told to", async () => {
    const ports = fakePorts({ acceptTimestamps: "any" });
    const metric = counter([
      { value: 1, at: 1n },
      { value: 2, at: NOW_NANO + 900n * DAY },
    ]);
    const reply = await handleOtlpMetrics(send(metric), ports);
    expect(reply.body).toHaveLength(0);
  });

  it.each<[string, Map<string, string>]>([
    ["too_many_attributes", new Map(Array.from({ length: 65 }, (_, i) => [`a${i}`, "x"]))],
    ["attribute_name_too_long", new Map([["n".repeat(257), "x"]])],
    ["attribute_value_too_long", new Map([["a", "é".repeat(2049)]])],
  ])("counts points with %s", async (reason, attributes) => {
    const ports = fakePorts();
    const reply = await handleOtlpMetrics(
      send(counter([{ value: 1, attributes }, { value: 2 }])),
      ports,
    );
    expect(decodeExportResponse("metrics", "protobuf", reply.body).rejected).toBe(1);
    expect(ports.counted).toContain(`rejected metrics ${reason} 1`);
  });

  it("leaves a long describing resource attribute out of target_info, with a warning", async () => {
    const ports = fakePorts();
    const resource = new Map([
      ["service.name", "svc"],
      ["process.command_line", "x".repeat(5000)],
      ["host.name", "h"],
    ]);
    const reply = await handleOtlpMetrics(send(counter([{ value: 1 }], { resource })), ports);
    const { rejected, message } = decodeExportResponse("metrics", "protobuf", reply.body);
    expect(rejected).toBe(0);
    expect(message).toContain("target_info");
    const info = ports.batches[0]?.series[1];
    expect(labelValue(info!.labels, "host_name")).toBe("h");
    expect(labelValue(info!.labels, "process_command_line")).toBe("");
  });

  it("refuses a unit that would make an endless metric name", async () => {
    const ports = fakePorts();
    await handleOtlpMetrics(send({ ...counter([{ value: 1 }]), unit: "x".repeat(64) }), ports);
    expect(ports.counted).toContain("rejected metrics unit_too_long 1");
  });

  it("leaves out an endless description, with a warning", async () => {
    const ports = fakePorts();
    const metric = { ...counter([{ value: 1 }]), description: "x".repeat(5000) };
    const reply = await handleOtlpMetrics(send(metric), ports);
    expect(decodeExportResponse("metrics", "protobuf", reply.body)).toEqual({
      rejected: 0,
      message: "metric description longer than 4 KiB, left out",
    });
    expect(ports.batches[0]?.metadata[0]?.help).toBe("");
  });

  it("refuses a histogram of 1025 buckets and a point of 1025 exemplars", async () => {
    const ports = fakePorts();
    const timeUnixNano = String(NOW_NANO);
    const bucketCounts = Array(1025).fill("0");
    const explicitBounds = Array.from({ length: 1024 }, (_, i) => i);
    const points = { dataPoints: [{ timeUnixNano, bucketCounts, explicitBounds }] };
    const exemplars = Array(1025).fill({ asDouble: 1 });
    const metrics = [
      { name: "h", histogram: points },
      {
        name: "e",
        exponentialHistogram: { dataPoints: [{ timeUnixNano, positive: { bucketCounts } }] },
      },
      { name: "g", gauge: { dataPoints: [{ timeUnixNano, asDouble: 1, exemplars }] } },
    ];
    await handleOtlpMetrics(json({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }), ports);
    expect(ports.counted).toEqual([
      "rejected metrics too_many_buckets 2",
      "rejected metrics too_many_parts 1",
      "accepted metrics 0",
    ]);
  });

  it("refuses a service name that is too long for a label", async () => {
    const ports = fakePorts();
    const resource = new Map([["service.name", "x".repeat(5000)]]);
    await handleOtlpMetrics(send(counter([{ value: 1 }], { resource })), ports);
    expect(ports.counted).toContain("rejected metrics attribute_value_too_long 1");
  });

  it("counts a delta once when its request is repeated after the store failed", async () => {
    const ports = fakePorts();
    const delta = (value: number, at: bigint) =>
      send(counter([{ value, at }], { temporality: "delta" }));
    await handleOtlpMetrics(delta(1, NOW_NANO - 2n), ports);
    ports.behaviour.error = new AvxError("store_unavailable", { reason: "restarting" });
    const failed = await handleOtlpMetrics(delta(2, NOW_NANO - 1n), ports);
    expect(failed.status).toBe(503);
    expect(Number(failed.headers["retry-after"])).toBeGreaterThan(0);
    expect(decodeRpcStatus(failed.body, "protobuf").code).toBe(14);
    delete ports.behaviour.error;
    await handleOtlpMetrics(delta(2, NOW_NANO - 1n), ports);
    expect(ports.batches.at(-1)?.series[0]?.values[0]).toBe(3);
  });

  // OTLP 1.9, "Retryable Response Codes": 429, 502, 503 and 504, and no other.
  it("answers a full disk with a status that exporters retry", async () => {
    const ports = fakePorts();
    ports.behaviour.error = new AvxError("storage_full", { reason: "no space" });
    const reply = await handleOtlpMetrics(json(gaugeJson(1)), ports);
    expect([reply.status, reply.headers["retry-after"]]).toEqual([503, "5"]);
    expect(jsonOf(reply)).toMatchObject({ code: 14, message: "the disk is full: no space" });
    expect(ports.counted).toEqual(["refused metrics storage_full"]);
  });

  it("passes on what the store itself refused", async () => {
    const ports = fakePorts();
    ports.behaviour.result = { accepted: 0, rejected: 1, reason: "series limit reached" };
    const reply = await handleOtlpMetrics(json(gaugeJson(1)), ports);
    expect(jsonOf(reply)).toEqual({
      partialSuccess: {
        rejectedDataPoints: "1",
        errorMessage: "1 refused: series limit reached",
      },
    });
    expect(ports.counted).toEqual(["rejected metrics store_limit 1", "accepted metrics 0"]);
  });

  it("refuses more than 100,000 points with 413", async () => {
    const points = Array.from({ length: 100_001 }, () => ({ value: 1 }));
    const reply = await handleOtlpMetrics(send(counter(points)), fakePorts());
    expect(reply.status).toBe(413);
    expect(decodeRpcStatus(reply.body, "protobuf").message).toContain("100000");
  });

  it("answers bad bytes with 400 and a Status in the encoding of the request", async () => {
    const ports = fakePorts();
    const bad = await handleOtlpMetrics(request(Uint8Array.of(0x0a, 5)), ports);
    expect(bad.status).toBe(400);
    expect(decodeRpcStatus(bad.body, "protobuf")).toMatchObject({ code: 3 });
    const badJson = await handleOtlpMetrics(json([]), ports);
    expect(badJson).toMatchObject({ status: 400, contentType: "application/json" });
    expect(jsonOf(badJson)).toMatchObject({ code: 3 });
    expect(ports.counted).toEqual([
      "refused metrics malformed_payload",
      "refused metrics malformed_payload",
    ]);
  });

  it.each(["text/plain", ""])("answers content type %j with 415", async (contentType) => {
    const reply = await handleOtlpMetrics(request(new Uint8Array(0), { contentType }), fakePorts());
    expect(reply).toMatchObject({ status: 415, contentType: "application/json" });
  });

  it("answers a fault of our own with 500 without its text, and reports it", async () => {
    const ports = fakePorts();
    ports.behaviour.error = new Error("secret detail");
    const reply = await handleOtlpMetrics(json(gaugeJson(1)), ports);
    expect(reply.status).toBe(500);
    expect(JSON.stringify(jsonOf(reply))).not.toContain("secret");
    expect(ports.failures).toHaveLength(1);
  });
});

const gaugeJson = (asDouble: number) => ({
  resourceMetrics: [
    {
      scopeMetrics: [
        {
          metrics: [
            { name: "g", gauge: { dataPoints: [{ asDouble, timeUnixNano: `${NOW_NANO}` }] } },
          ],
        },
      ],
    },
  ],
});

const spanJson = (override: object = {}) => ({
  traceId: "5b8efff798038103d269b633813fc60c",
  spanId: "eee19b7ec3c1b174",
  name: "x",
  startTimeUnixNano: String(NOW_NANO - MINUTE),
  endTimeUnixNano: String(NOW_NANO),
  ...override,
});
const tracesJson = (...spans: object[]) => json({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

describe("handleOtlpTraces", () => {
  it("stores spans", async () => {
    const ports = fakePorts();
    const reply = await handleOtlpTraces(tracesJson(spanJson()), ports);
    expect(jsonOf(reply)).toEqual({});
    expect(ports.spans).toHaveLength(1);
    expect(ports.counted).toEqual(["accepted traces 1"]);
  });

  it.each<[string, object]>([
    ["invalid_id", { traceId: "" }],
    ["invalid_id", { traceId: "00".repeat(16) }],
    ["invalid_id", { spanId: "eee1" }],
    ["invalid_id", { parentSpanId: "eee1" }],
    ["invalid_id", { traceId: "ab".repeat(40) }],
    ["timestamp_future", { endTimeUnixNano: String(NOW_NANO + 11n * MINUTE) }],
    ["timestamp_future", { startTimeUnixNano: String(NOW_NANO + 11n * MINUTE) }],
    ["timestamp_past", { endTimeUnixNano: String(NOW_NANO - 31n * DAY) }],
    [
      "too_many_attributes",
      { attributes: Array.from({ length: 129 }, (_, i) => ({ key: `a${i}`, value: {} })) },
    ],
    ["too_many_parts", { events: Array(1025).fill({}) }],
    ["text_too_long", { status: { message: "x".repeat(70_000) } }],
    [
      "attribute_value_too_long",
      { events: [{ attributes: [{ key: "a", value: { stringValue: "x".repeat(65537) } }] }] },
    ],
  ])("refuses one span for %s and keeps the other", async (reason, override) => {
    const ports = fakePorts();
    const reply = await handleOtlpTraces(tracesJson(spanJson(override), spanJson()), ports);
    expect(jsonOf(reply)).toMatchObject({ partialSuccess: { rejectedSpans: "1" } });
    expect(ports.spans).toHaveLength(1);
    expect(ports.counted[0]).toBe(`rejected traces ${reason} 1`);
  });

  it("keeps a long span that began before the retention", async () => {
    const ports = fakePorts();
    const long = spanJson({ startTimeUnixNano: String(NOW_NANO - 40n * DAY) });
    await handleOtlpTraces(tracesJson(long), ports);
    expect(ports.spans).toHaveLength(1);
  });

  it("never answers 5xx to damaged bytes", async () => {
    const ports = fakePorts();
    await handleOtlpTraces(tracesJson(spanJson()), ports);
    const valid = encodeOtlpTracesProtobuf(ports.spans);
    for (let cut = 0; cut < valid.length; cut++) {
      const { status } = await handleOtlpTraces(request(valid.subarray(0, cut)), ports);
      expect([200, 400]).toContain(status);
    }
    expect(ports.failures).toEqual([]);
  });
});

describe("handleOtlpLogs", () => {
  const logsJson = (...logRecords: object[]) =>
    json({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });

  it("stores records; without a time the observed time or the arrival counts", async () => {
    const ports = fakePorts();
    const observed = String(NOW_NANO - 5n);
    await handleOtlpLogs(
      logsJson({ body: { stringValue: "a" }, observedTimeUnixNano: observed }, {}),
      ports,
    );
    expect(ports.records.map(({ timeUnixNano }) => timeUnixNano)).toEqual([
      NOW_NANO - 5n,
      NOW_NANO,
    ]);
  });

  it.each<[string, object]>([
    ["invalid_id", { traceId: "abcd" }],
    ["timestamp_past", { timeUnixNano: "1" }],
    ["body_too_long", { body: { stringValue: "x".repeat(70_000) } }],
    ["body_too_long", { body: { arrayValue: { values: [{ stringValue: "x".repeat(70_000) }] } } }],
    ["attribute_name_too_long", { attributes: [{ key: "k".repeat(300), value: {} }] }],
  ])("refuses a record for %s", async (reason, record) => {
    const ports = fakePorts();
    const reply = await handleOtlpLogs(logsJson(record, {}), ports);
    expect(jsonOf(reply)).toMatchObject({ partialSuccess: { rejectedLogRecords: "1" } });
    expect(ports.counted[0]).toBe(`rejected logs ${reason} 1`);
    expect(ports.records).toHaveLength(1);
  });

  it("answers 100,000 levels of JSON with 400", async () => {
    const body = new TextEncoder().encode('{"resourceLogs":'.concat("[".repeat(100_000)));
    const reply = await handleOtlpLogs(
      request(body, { contentType: "application/json" }),
      fakePorts(),
    );
    expect(reply.status).toBe(400);
  });
});
