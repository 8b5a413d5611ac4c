import { labelsToRecord } from "@avx/model";
import { parseOpenMetrics, parseTextExposition } from "@avx/wire";
import { describe, expect, it } from "vitest";
import { MetricRegistry } from "../metrics/metric-registry.ts";
import { negotiatedFormat } from "./exposition-format.ts";
import { OWN_SCOPE } from "./families.ts";
import { prometheusFamily } from "./prometheus-name.ts";
import { renderMetrics } from "./render-metrics.ts";

const OPEN_METRICS = "application/openmetrics-text; version=1.0.0";

function registry() {
  const made = new MetricRegistry({ startMs: 0 });
  return { registry: made, meter: made.getMeter(OWN_SCOPE) };
}

/** Samples by name and labels, read by the server's own strict parser of each format. */
function parse(text: string, format: "text" | "openmetrics" = "text"): Map<string, number> {
  const bytes = new TextEncoder().encode(text);
  const { samples } = format === "text" ? parseTextExposition(bytes) : parseOpenMetrics(bytes);
  const byKey = new Map<string, number>();
  for (const { labels, value } of samples) {
    const { __name__: name, ...rest } = labelsToRecord(labels);
    const shown = Object.entries(rest).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
    const key = `${name}{${shown.join(",")}}`;
    if (byKey.has(key)) throw new Error(`twice: ${key}`);
    byKey.set(key, value);
  }
  return byKey;
}

describe("prometheusFamily", () => {
  // Rules and examples of .../specs/otel/compatibility/prometheus_and_openmetrics/
  it.each([
    ["http.server.request.duration", "s", "histogram", "http_server_request_duration_seconds"],
    ["http.server.active_requests", "{request}", "updowncounter", "http_server_active_requests"],
    ["http.server.response.body.size", "By", "histogram", "http_server_response_body_size_bytes"],
    ["nodejs.eventloop.utilization", "1", "gauge", "nodejs_eventloop_utilization_ratio"],
    ["retries", "1", "counter", "retries"],
    ["jobs_total", "{job}", "counter", "jobs"],
    ["process.cpu.time", "s", "counter", "process_cpu_time_seconds"],
    ["speed", "m/s", "gauge", "speed_m_per_second"],
    ["rate", "By/s", "gauge", "rate_bytes_per_second"],
    ["wait_seconds", "s", "gauge", "wait_seconds"],
    ["a..b-c/d", "", "gauge", "a_b_c_d"],
  ] as const)("names %s (%s, %s) %s", (...row) => {
    const [name, unit, kind, expected] = row;
    expect(prometheusFamily({ name, unit, kind, description: "" }).name).toBe(expected);
  });
});

describe("negotiatedFormat", () => {
  it.each([
    [undefined, "prometheus"],
    ["*/*", "prometheus"],
    ["text/html,application/xhtml+xml,*/*;q=0.8", "prometheus"],
    [`${OPEN_METRICS};q=0.5,text/plain;version=0.0.4;q=0.3`, "openmetrics"],
    [`${OPEN_METRICS};q=0.1,text/plain;q=0.9`, "prometheus"],
    ["application/openmetrics-text;q=0", "prometheus"],
  ])("answers Accept %s with %s", (accept, expected) => {
    expect(negotiatedFormat(accept)).toBe(expected);
  });
});

describe("exposition", () => {
  it("writes counters, gauges and cumulative buckets that parse", async () => {
    const { registry: own, meter } = registry();
    meter
      .createCounter("jobs", { description: "Jobs\ndone.", unit: "{job}" })
      .add(3, { "a.b": 'x"\\\ny' });
    meter.createGauge("level").bind().record(Number.NEGATIVE_INFINITY);
    meter.createGauge("never").bind();
    const sizes = meter.createHistogram("size", {
      unit: "By",
      advice: { explicitBucketBoundaries: [10, 20] },
    });
    for (const value of [5, 10, 15, 99]) sizes.record(value);
    const { text, contentType } = await renderMetrics(own, undefined);
    expect(contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(text).toContain("# HELP jobs_total Jobs\\ndone.\n# TYPE jobs_total counter\n");
    // Read as Prometheus 3 does, bounds are floats.
    expect(Object.fromEntries(parse(text))).toEqual({
      'jobs_total{a_b="x\\"\\\\\\ny"}': 3,
      "level{}": Number.NEGATIVE_INFINITY,
      'size_bytes_bucket{le="10.0"}': 2,
      'size_bytes_bucket{le="20.0"}': 3,
      'size_bytes_bucket{le="+Inf"}': 4,
      "size_bytes_sum{}": 129,
      "size_bytes_count{}": 4,
    });
  });

  it("writes OpenMetrics with units, exemplars and an end", async () => {
    const { registry: own, meter } = registry();
    meter.createCounter("jobs").add(1);
    const span = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: 1 };
    const options = { unit: "s", advice: { explicitBucketBoundaries: [1] } };
    meter.createHistogram("wait", options).bind().record(0.25, span);
    const { text, contentType } = await renderMetrics(own, OPEN_METRICS);
    expect(contentType).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    expect(text).toContain("# TYPE jobs counter\njobs_total 1\n");
    expect(text).toContain("# UNIT wait_seconds seconds\n");
    expect(text).toMatch(
      /wait_seconds_bucket\{le="1"\} 1 # \{trace_id="a{32}",span_id="b{16}"\} 0\.25 \d+(\.\d+)?\n/,
    );
    expect(text.endsWith("# EOF\n")).toBe(true);
    expect(parse(text, "openmetrics").get("wait_seconds_count{}")).toBe(1);
  });

  it("shows an exponential histogram with exact counts at powers of two", async () => {
    const { registry: own, meter } = registry();
    const waits = meter.createExponentialHistogram("wait", { unit: "s" });
    for (const value of [0, 0.3, 0.5, 0.51, 3, 1000]) waits.record(value);
    const samples = parse((await renderMetrics(own, undefined)).text);
    expect(samples.get('wait_seconds_bucket{le="0.25"}')).toBe(1);
    expect(samples.get('wait_seconds_bucket{le="0.5"}')).toBe(3);
    expect(samples.get('wait_seconds_bucket{le="1.0"}')).toBe(4);
    expect(samples.get('wait_seconds_bucket{le="4.0"}')).toBe(5);
    expect(samples.get('wait_seconds_bucket{le="+Inf"}')).toBe(6);
  });

  it("writes a family once though two libraries share it, told apart by their scope", async () => {
    const { registry: own } = registry();
    own.getMeter("lib-a", "1.0").createCounter("calls").add(1);
    own.getMeter("lib-b").createCounter("calls").add(2);
    own.getMeter("lib-c").createGauge("calls").record(9);
    const { text } = await renderMetrics(own, undefined);
    expect(text.match(/# TYPE calls/g)).toHaveLength(1);
    expect(Object.fromEntries(parse(text))).toEqual({
      'calls_total{otel_scope_name="lib-a",otel_scope_version="1.0"}': 1,
      'calls_total{otel_scope_name="lib-b"}': 2,
    });
  });

  it("joins two attributes that become one label", async () => {
    const { registry: own, meter } = registry();
    meter.createCounter("calls").add(1, { "a.b": "x", a_b: "y" });
    expect([...parse((await renderMetrics(own, undefined)).text).keys()]).toEqual([
      'calls_total{a_b="x;y"}',
    ]);
  });
});
