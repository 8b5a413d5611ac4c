import { gunzipSync } from "node:zlib";
import {
  decodeOtlpLogsJson,
  decodeOtlpMetricsJson,
  decodeOtlpMetricsProtobuf,
  decodeOtlpTracesJson,
  decodeOtlpTracesProtobuf,
} from "@avx/wire";
import { afterEach, describe, expect, it } from "vitest";
import { initTelemetry } from "../init-telemetry.ts";
import { OtlpSink } from "../testing/otlp-sink.ts";

const sinks: OtlpSink[] = [];

afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink.close();
});

/** What arrives of one span, one log entry and two metrics under these variables. */
async function exported(environment: Record<string, string>) {
  const sink = new OtlpSink();
  sinks.push(sink);
  const OTEL_EXPORTER_OTLP_ENDPOINT = await sink.listen();
  const telemetry = initTelemetry({
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT, ...environment },
    runtimeMetrics: false,
    writeLog: () => {},
  });
  telemetry.tracer.startSpan("work").end();
  telemetry.log.info("hello");
  telemetry.metrics.createCounter("jobs").add(3);
  telemetry.metrics.createHistogram("sizes").record(3);
  await telemetry.flush();
  telemetry.metrics.createCounter("jobs").add(2);
  await telemetry.shutdown();
  const of = async (path: string) =>
    (await sink.received(path)).map(({ headers, body }) => ({
      type: headers["content-type"],
      body: headers["content-encoding"] === "gzip" ? gunzipSync(body) : body,
      isGzip: headers["content-encoding"] === "gzip",
    }));
  return {
    traces: await of("/v1/traces"),
    metrics: await of("/v1/metrics"),
    logs: await of("/v1/logs"),
  };
}

describe("OTEL_EXPORTER_OTLP_COMPRESSION", () => {
  it("gzips every signal, or the one that it names", async () => {
    const all = await exported({ OTEL_EXPORTER_OTLP_COMPRESSION: "gzip" });
    expect([...all.traces, ...all.metrics, ...all.logs].every(({ isGzip }) => isGzip)).toBe(true);
    expect(decodeOtlpTracesProtobuf(all.traces[0]!.body)[0]?.name).toBe("work");
    const one = await exported({ OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: "gzip" });
    expect(one.metrics[0]?.isGzip).toBe(true);
    expect(one.traces[0]?.isGzip).toBe(false);
  });
});

describe("OTEL_EXPORTER_OTLP_PROTOCOL", () => {
  it("http/json sends JSON", async () => {
    const sent = await exported({ OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" });
    expect(sent.traces[0]?.type).toBe("application/json");
    expect(decodeOtlpTracesJson(sent.traces[0]!.body)[0]?.name).toBe("work");
    expect(decodeOtlpLogsJson(sent.logs[0]!.body)[0]?.body).toBe("hello");
    const names = decodeOtlpMetricsJson(sent.metrics[0]!.body).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["jobs", "sizes"]));
  });

  it("a word that it does not know is refused", () => {
    const environment = { OTEL_EXPORTER_OTLP_PROTOCOL: "thrift" };
    expect(() => initTelemetry({ environment })).toThrow(/OTEL_EXPORTER_OTLP_PROTOCOL/);
  });
});

describe("metric preferences", () => {
  const valuesOf = (body: Uint8Array, name: string) =>
    decodeOtlpMetricsProtobuf(body).find((metric) => metric.name === name);

  it("delta sends changes, the last ones at shutdown", async () => {
    const { metrics } = await exported({
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: "delta",
    });
    const sums = metrics.map(({ body }) => valuesOf(body, "jobs"));
    expect(sums.map((sum) => sum?.kind === "sum" && sum.temporality)).toEqual(["delta", "delta"]);
    expect(sums.map((sum) => sum?.kind === "sum" && sum.points[0]?.value)).toEqual([3, 2]);
    expect(valuesOf(metrics[1]!.body, "sizes")).toBeUndefined();
  });

  it("exponential histograms replace those with fixed boundaries", async () => {
    const { metrics } = await exported({
      OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION:
        "base2_exponential_bucket_histogram",
    });
    expect(valuesOf(metrics[0]!.body, "sizes")?.kind).toBe("exponential-histogram");
  });
});
