import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeMutations } from "../fixtures/mutation.ts";
import { LOGS, METRICS, SPANS } from "./fixtures/requests.ts";
import { decodeOtlpLogsJson, encodeOtlpLogsJson } from "./json-logs.ts";
import { decodeOtlpMetricsJson, encodeOtlpMetricsJson } from "./json-metrics.ts";
import { decodeOtlpTracesJson, encodeOtlpTracesJson } from "./json-traces.ts";

const json = (value: unknown) =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const spanRequest = (span: string) =>
  json(`{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}`);
const pointRequest = (point: string) =>
  json(
    `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"gauge":{"dataPoints":[${point}]}}]}]}]}`,
  );

describe("OTLP JSON", () => {
  it("reads what it writes", () => {
    expect(decodeOtlpMetricsJson(encodeOtlpMetricsJson(METRICS))).toEqual(METRICS);
    expect(decodeOtlpTracesJson(encodeOtlpTracesJson(SPANS))).toEqual(SPANS);
    expect(decodeOtlpLogsJson(encodeOtlpLogsJson(LOGS))).toEqual(LOGS);
  });

  it("takes ids in hex of either case and 64-bit integers as string or number, exactly", () => {
    const [span] = decodeOtlpTracesJson(
      spanRequest(`{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174",
        "startTimeUnixNano":1544712660300000123,"endTimeUnixNano":"1544712660300000124",
        "attributes":[{"key":"n","value":{"intValue":9223372036854775807}}],"unknown":{"x":[1]}}`),
    );
    expect(span).toMatchObject({
      traceId: "5b8efff798038103d269b633813fc60c",
      spanId: "eee19b7ec3c1b174",
      startUnixNano: 1544712660300000123n,
      endUnixNano: 1544712660300000124n,
    });
    expect(span?.attributes.get("n")).toBe(9223372036854775807n);
  });

  it("reads the three doubles that JSON has no number for", () => {
    const values = ['"NaN"', '"Infinity"', '"-Infinity"', "1e3", '"2.5"'].map((value) => {
      const [metric] = decodeOtlpMetricsJson(pointRequest(`{"asDouble":${value}}`));
      return metric?.kind === "gauge" ? metric.points[0]?.value : undefined;
    });
    expect(values).toEqual([Number.NaN, Infinity, -Infinity, 1000, 2.5]);
  });

  it("treats null as absent", () => {
    expect(decodeOtlpLogsJson(json({ resourceLogs: null }))).toEqual([]);
    expect(decodeOtlpTracesJson(spanRequest('{"name":null,"attributes":null}'))).toHaveLength(1);
  });

  it.each([
    ["a NaN literal", pointRequest('{"asDouble":NaN}')],
    ["a number beyond double", pointRequest('{"asDouble":1e999}')],
    ["an enum name", spanRequest('{"kind":"SPAN_KIND_SERVER"}')],
    ["an id that is not hex", spanRequest('{"traceId":"W47/95gDgQPSabYzgT/GDA=="}')],
    ["a fraction where an integer belongs", spanRequest('{"startTimeUnixNano":1.5}')],
    ["a negative time", spanRequest('{"startTimeUnixNano":"-1"}')],
    ["a time of 21 digits", spanRequest('{"startTimeUnixNano":"999999999999999999999"}')],
    [
      "an int64 out of range",
      spanRequest('{"attributes":[{"key":"k","value":{"intValue":"9223372036854775808"}}]}'),
    ],
    ["an object where a list belongs", json({ resourceSpans: { 0: {} } })],
    ["a list where an object belongs", json([])],
    ["a number as text", spanRequest('{"name":5}')],
    ["bad base64", spanRequest('{"attributes":[{"key":"k","value":{"bytesValue":"*"}}]}')],
    ["half a document", json('{"resourceSpans":[')],
    ["an unfinished string", json('{"resourceSpans":"')],
    ["nothing", json("")],
    ["bytes that are not UTF-8", Uint8Array.of(0x22, 0xff, 0x22)],
  ])("refuses %s", (_, body) => {
    const decode = () => [decodeOtlpMetricsJson(body), decodeOtlpTracesJson(body)];
    expect(decode).toThrow(expect.objectContaining({ code: "malformed_payload" }));
  });

  it.each([
    ["[", "]"],
    ['{"a":', "}"],
  ])("refuses 100,000 levels of %s without touching the stack", (open) => {
    expect(() => decodeOtlpLogsJson(json(open.repeat(100_000)))).toThrow("nests deeper than 128");
  });

  it.each([
    ["spans", decodeOtlpTracesJson, (n: number) => spanRequest(Array(n).fill("{}").join())],
    ["points", decodeOtlpMetricsJson, (n: number) => pointRequest(Array(n).fill("{}").join())],
  ])("stops at the limit of %s", (_, decode, bodyOf) => {
    expect(() => decode(bodyOf(1001), { maxItems: 1000 })).toThrow("more than 1000 points");
    expect(decode(bodyOf(1000), { maxItems: 1000 })).not.toHaveLength(0);
  });

  it("refuses 2 million empty objects before they fill the memory", () => {
    const body = json(`{"resourceLogs":[${"{},".repeat(2_000_000)}{}]}`);
    expect(() => decodeOtlpLogsJson(body)).toThrow("more than 2000000 objects and arrays");
  });

  it("keeps __proto__ and constructor plain data", () => {
    const [span] = decodeOtlpTracesJson(
      spanRequest(`{"__proto__":{"name":"polluted"},"constructor":{"prototype":{"x":1}},
        "attributes":[{"key":"__proto__","value":{"kvlistValue":{"values":[{"key":"toString"}]}}}]}`),
    );
    expect(span?.name).toBe("");
    expect(span?.attributes.get("__proto__")).toEqual(new Map([["toString", null]]));
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });

  it("answers 3000 damaged requests of each signal with a value or an AvxError", () => {
    const options = { seed: 11, rounds: 3000 };
    for (const [body, decode] of [
      [encodeOtlpMetricsJson(METRICS), decodeOtlpMetricsJson],
      [encodeOtlpTracesJson(SPANS), decodeOtlpTracesJson],
      [encodeOtlpLogsJson(LOGS), decodeOtlpLogsJson],
    ] as const) {
      expect(decodeMutations(body, decode, options).refused).toBeGreaterThan(1000);
    }
  });
});

const examples = join(import.meta.dirname, "../../../../../shared/data/otlp");
const example = (name: string) => new Uint8Array(readFileSync(join(examples, name)));

// The examples of opentelemetry-proto (examples/*.json); put them into ../shared/data/otlp.
describe.skipIf(!existsSync(examples))("the JSON examples of the specification", () => {
  it("reads metrics.json", () => {
    const metrics = decodeOtlpMetricsJson(example("metrics.json"));
    expect(metrics.map(({ name, kind }) => [name, kind])).toEqual([
      ["my.counter", "sum"],
      ["my.gauge", "gauge"],
      ["my.histogram", "histogram"],
      ["my.exponential.histogram", "exponential-histogram"],
    ]);
    expect(metrics[0]).toMatchObject({ temporality: "delta", isMonotonic: true, unit: "1" });
    expect(metrics[2]).toMatchObject({
      points: [{ count: 2, sum: 2, bucketCounts: Float64Array.of(1, 1), min: 0, max: 2 }],
    });
    expect(metrics[3]).toMatchObject({
      points: [{ scale: 0, zeroCount: 1, positive: { offset: 1, counts: Float64Array.of(0, 2) } }],
    });
  });

  it("reads trace.json", () => {
    const [span] = decodeOtlpTracesJson(example("trace.json"));
    expect(span).toMatchObject({ name: "I'm a server span", kind: "server", status: "unset" });
    expect(span?.resource.attributes.get("service.name")).toBe("my.service");
    expect(span?.parentSpanId).toBe("eee19b7ec3c1b173");
  });

  it("reads logs.json and events.json", () => {
    const [record] = decodeOtlpLogsJson(example("logs.json"));
    expect(record).toMatchObject({ body: "Example log record", severityNumber: 10 });
    expect(record?.attributes.get("array.attribute")).toEqual(["many", "values"]);
    const [event] = decodeOtlpLogsJson(example("events.json"));
    expect(event?.eventName).toBe("browser.page_view");
    expect(event?.body).toBeInstanceOf(Map);
  });
});
