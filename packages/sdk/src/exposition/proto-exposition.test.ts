import protobuf from "protobufjs";
import { describe, expect, it } from "vitest";
import { MetricRegistry } from "../metrics/metric-registry.ts";
import { negotiatedStreamFormat } from "./exposition-format.ts";
import { OWN_SCOPE } from "./families.ts";
import { streamMetrics } from "./render-metrics.ts";

const PROTOBUF =
  "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";
/** As Prometheus 3 sends it when it scrapes native histograms. */
const PROMETHEUS = `${PROTOBUF};q=0.7,application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.2`;

type Fields = Record<string, readonly [id: number, type: string, rule?: "repeated"]>;

/** Messages of client_model's metrics.proto, by their field numbers. */
const MESSAGES: Record<string, Fields> = {
  LabelPair: { name: [1, "string"], value: [2, "string"] },
  Timestamp: { seconds: [1, "int64"], nanos: [2, "int32"] },
  Exemplar: {
    label: [1, "LabelPair", "repeated"],
    value: [2, "double"],
    timestamp: [3, "Timestamp"],
  },
  Gauge: { value: [1, "double"] },
  Counter: { value: [1, "double"], exemplar: [2, "Exemplar"], startTimestamp: [3, "Timestamp"] },
  Bucket: { cumulativeCount: [1, "uint64"], upperBound: [2, "double"], exemplar: [3, "Exemplar"] },
  BucketSpan: { offset: [1, "sint32"], length: [2, "uint32"] },
  Histogram: {
    sampleCount: [1, "uint64"],
    sampleSum: [2, "double"],
    bucket: [3, "Bucket", "repeated"],
    schema: [5, "sint32"],
    zeroThreshold: [6, "double"],
    zeroCount: [7, "uint64"],
    positiveSpan: [12, "BucketSpan", "repeated"],
    positiveDelta: [13, "sint64", "repeated"],
    startTimestamp: [15, "Timestamp"],
    exemplars: [16, "Exemplar", "repeated"],
  },
  Metric: {
    label: [1, "LabelPair", "repeated"],
    gauge: [2, "Gauge"],
    counter: [3, "Counter"],
    histogram: [7, "Histogram"],
  },
  MetricFamily: {
    name: [1, "string"],
    help: [2, "string"],
    type: [3, "int32"],
    metric: [4, "Metric", "repeated"],
    unit: [5, "string"],
  },
};

const root = new protobuf.Root();
for (const [name, fields] of Object.entries(MESSAGES)) {
  const type = new protobuf.Type(name);
  for (const [field, [id, of, rule]] of Object.entries(fields)) {
    // Proto 2: repeated numbers are not packed.
    type.add(new protobuf.Field(field, id, of, rule, undefined, { packed: false }));
  }
  root.add(type);
}

interface Family {
  readonly name: string;
  readonly help?: string;
  readonly type: number;
  readonly unit?: string;
  readonly metric: readonly {
    readonly label?: readonly { name: string; value: string }[];
    readonly gauge?: { value: number };
    readonly counter?: { value: number; startTimestamp: { seconds?: number; nanos?: number } };
    readonly histogram?: {
      sampleCount: number;
      sampleSum: number;
      bucket: readonly { cumulativeCount: number; upperBound: number; exemplar?: object }[];
      schema: number;
      zeroCount: number;
      positiveSpan: readonly { offset: number; length: number }[];
      positiveDelta?: readonly number[];
      exemplars?: readonly object[];
    };
  }[];
}

/** The oracle is protobufjs, which reads the whole stream. */
function decoded(bytes: Uint8Array): Map<string, Family> {
  const type = root.lookupType("MetricFamily");
  const reader = protobuf.Reader.create(bytes);
  const families = new Map<string, Family>();
  while (reader.pos < reader.len) {
    const message = type.toObject(type.decodeDelimited(reader), { longs: Number });
    families.set(message["name"], message as Family); // the shape that the type declares
  }
  return families;
}

async function scraped(registry: MetricRegistry, accept = PROMETHEUS) {
  const { contentType, pieces } = await streamMetrics(registry, accept);
  const bytes: Uint8Array[] = [];
  for await (const piece of pieces) bytes.push(piece);
  return { contentType, body: Buffer.concat(bytes) };
}

function registry() {
  const made = new MetricRegistry({ startMs: 1500 });
  return { registry: made, meter: made.getMeter(OWN_SCOPE) };
}

const SPAN = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: 1 };

/** Lower and upper bound and count of every native bucket that holds something. */
function nativeBuckets(
  histogram: NonNullable<Family["metric"][number]["histogram"]>,
): [number, number, number][] {
  const buckets: [number, number, number][] = [];
  const deltas = [...(histogram.positiveDelta ?? [])];
  const growth = 2 ** (2 ** -histogram.schema);
  let index = 0;
  let count = 0;
  for (const { offset, length } of histogram.positiveSpan) {
    index += offset;
    for (let i = 0; i < length; i++, index++) {
      count += deltas.shift() ?? Number.NaN;
      if (count > 0) buckets.push([growth ** (index - 1), growth ** index, count]);
    }
  }
  return buckets;
}

describe("metrics in protobuf", () => {
  it("are sent to a scraper that prefers them", async () => {
    expect(negotiatedStreamFormat(PROMETHEUS)).toBe("protobuf");
    expect(negotiatedStreamFormat(PROTOBUF.toLowerCase())).toBe("protobuf");
    expect(negotiatedStreamFormat(undefined)).toBe("prometheus");
    expect(negotiatedStreamFormat("application/vnd.google.protobuf")).toBe("prometheus");
    expect(negotiatedStreamFormat(`${PROTOBUF};q=0.1,text/plain`)).toBe("prometheus");
    const text = await scraped(registry().registry, "text/plain");
    expect(text.contentType).toMatch(/^text\/plain/);
  });

  it("have names, help, units, labels and the time from which they count", async () => {
    const { registry: own, meter } = registry();
    meter.createCounter("jobs", { description: "Jobs." }).add(3, { queue: "a", "x.y": true });
    meter.createUpDownCounter("level", { unit: "By" }).add(-4);
    own.getMeter("lib", "1").createGauge("heat", { unit: "Cel" }).record(0);
    const { contentType, body } = await scraped(own);
    expect(contentType).toContain("encoding=delimited");
    const families = decoded(body);
    expect([...families.keys()]).toEqual(["jobs_total", "level_bytes", "heat_celsius"]);
    expect(families.get("jobs_total")).toMatchObject({
      help: "Jobs.",
      type: 0,
      metric: [
        {
          label: [
            { name: "queue", value: "a" },
            { name: "x_y", value: "true" },
          ],
          counter: { value: 3, startTimestamp: { seconds: 1, nanos: 500_000_000 } },
        },
      ],
    });
    expect(families.get("level_bytes")).toMatchObject({
      type: 1,
      unit: "bytes",
      metric: [{ gauge: { value: -4 } }],
    });
    expect(families.get("heat_celsius")?.metric[0]?.label).toEqual([
      { name: "otel_scope_name", value: "lib" },
      { name: "otel_scope_version", value: "1" },
    ]);
  });

  it("hold classic histograms with the exemplar of each bucket", async () => {
    const { registry: own, meter } = registry();
    const options = { advice: { explicitBucketBoundaries: [1, 2] } };
    const waits = meter.createHistogram("wait", options).bind();
    for (const value of [0.5, 1.5, 1.6, 9]) waits.record(value, value === 9 ? SPAN : undefined);
    const histogram = decoded((await scraped(own)).body).get("wait")?.metric[0]?.histogram;
    expect(histogram).toMatchObject({ sampleCount: 4, sampleSum: 12.6 });
    expect(histogram?.positiveSpan).toBeUndefined();
    const exemplar = {
      label: [
        { name: "trace_id", value: SPAN.traceId },
        { name: "span_id", value: SPAN.spanId },
      ],
      value: 9,
    };
    expect(histogram?.bucket).toMatchObject([
      { cumulativeCount: 1, upperBound: 1 },
      { cumulativeCount: 3, upperBound: 2 },
      { cumulativeCount: 4, upperBound: Number.POSITIVE_INFINITY, exemplar },
    ]);
  });

  it("hold native histograms: every observation lies in a bucket that counts it", async () => {
    const { registry: own, meter } = registry();
    const sizes = meter.createExponentialHistogram("size").bind();
    const values = [0, 0, 1, 1.0001, 2, 3, 1000, 1e-6, 4096.5];
    for (const value of values) sizes.record(value, value === 1000 ? SPAN : undefined);
    const histogram = decoded((await scraped(own)).body).get("size")?.metric[0]?.histogram;
    if (histogram === undefined) throw new Error("no histogram");
    expect(histogram).toMatchObject({ sampleCount: 9, zeroCount: 2 });
    expect(histogram.exemplars).toMatchObject([{ value: 1000 }]);
    const buckets = nativeBuckets(histogram);
    const slack = 1e-12;
    for (const [lower, upper, count] of buckets) {
      const inside = values.filter(
        (value) => value > lower * (1 + slack) && value <= upper * (1 + slack),
      );
      expect(inside).toHaveLength(count);
    }
    expect(buckets.reduce((sum, [, , count]) => sum + count, 0)).toBe(7);
    expect(histogram.bucket.at(-1)).toMatchObject({ cumulativeCount: 9 });
  });

  it("keep their form when nothing was observed, or zeros only", async () => {
    const { registry: own, meter } = registry();
    meter.createExponentialHistogram("none").bind();
    meter.createExponentialHistogram("zeros").bind().record(0);
    const families = decoded((await scraped(own)).body);
    const span = [{ offset: 0, length: 0 }];
    for (const name of ["none", "zeros"]) {
      expect(families.get(name)?.metric[0]?.histogram).toMatchObject({
        schema: 3,
        positiveSpan: span,
      });
    }
  });

  it("are read whole however many there are, the event loop having turns meanwhile", async () => {
    const { registry: own, meter } = registry();
    for (let instrument = 0; instrument < 5; instrument++) {
      const made = meter.createExponentialHistogram(`h${instrument}`);
      for (let i = 0; i < 1000; i++) made.record(i + 1, { route: `/r/${i}` });
    }
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const families = decoded((await scraped(own)).body);
    clearInterval(timer);
    expect([...families.values()].map(({ metric }) => metric.length)).toEqual(Array(5).fill(1000));
    expect(turns).toBeGreaterThan(0);
  });
});
