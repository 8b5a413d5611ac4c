import {
  isStaleAt,
  type LabelledSeries,
  labelsFromRecord,
  labelsToRecord,
  labelValue,
} from "@avx/model";
import { describe, expect, it } from "vitest";
import { unpacked } from "../fixtures/unpacked.ts";
import { METRICS, RESOURCE, SCOPE } from "../otlp/fixtures/requests.ts";
import type { OtlpMetric, OtlpMetricData } from "../otlp/metric.ts";
import { DeltaAccumulator } from "./delta-accumulator.ts";
import { PointLabelCache } from "./point-label-cache.ts";
import { type OtlpNamingOptions, otlpToPrometheus } from "./to-series.ts";

const options = (override: Partial<OtlpNamingOptions> = {}): OtlpNamingOptions => ({
  keepUtf8: false,
  scopeLabels: false,
  deltas: new DeltaAccumulator(1e6),
  labels: new PointLabelCache(1e6),
  ...override,
});
const SECOND = 1_000_000_000n;
const point = {
  attributes: new Map<string, string>(),
  startUnixNano: 0n,
  timeUnixNano: 10n * SECOND,
  noRecordedValue: false,
};
const metric = (data: OtlpMetricData, head: Partial<OtlpMetric> = {}) =>
  ({
    name: "m",
    description: "",
    unit: "",
    resource: RESOURCE,
    scope: SCOPE,
    ...head,
    ...data,
  }) as OtlpMetric;
const gauge = (value: number, override: object = {}): OtlpMetricData => ({
  kind: "gauge",
  points: [{ ...point, value, isInteger: false, exemplars: [], ...override }],
});
const text = ({ labels, values }: LabelledSeries) => {
  const { __name__, job, service_name, avx_stack, ...rest } = labelsToRecord(labels);
  return `${__name__}${JSON.stringify(rest)} ${values[0]}`;
};
const seriesOf = (metrics: OtlpMetric[], override: Partial<OtlpNamingOptions> = {}) =>
  unpacked(otlpToPrometheus(metrics, options(override))).filter(
    ({ labels }) => labelValue(labels, "__name__") !== "target_info",
  );

describe("otlpToPrometheus", () => {
  it("gives every series job, instance and the promoted labels", () => {
    const resource = {
      attributes: new Map([
        ["service.name", "gateway"],
        ["service.namespace", "avx"],
        ["service.instance.id", "i-1"],
        ["deployment.environment.name", "prod"],
        ["avx.layer", "deep"],
        ["avx.mesh", "internal"],
        ["host.name", "h"],
      ]),
    };
    const series = unpacked(otlpToPrometheus([metric(gauge(1), { resource })], options()));
    expect(series.map(({ labels }) => labelsToRecord(labels))).toEqual([
      {
        __name__: "m",
        job: "avx/gateway",
        instance: "i-1",
        service_name: "gateway",
        service_namespace: "avx",
        deployment_environment_name: "prod",
        avx_layer: "deep",
        avx_mesh: "internal",
      },
      {
        __name__: "target_info",
        job: "avx/gateway",
        instance: "i-1",
        deployment_environment_name: "prod",
        avx_layer: "deep",
        avx_mesh: "internal",
        host_name: "h",
      },
    ]);
  });

  it("lets a point's own attribute win over a promoted one, but not over job", () => {
    const attributes = new Map([
      ["avx.stack", "mine"],
      ["job", "forged"],
      ["__name__", "forged"],
    ]);
    const [series] = seriesOf([metric(gauge(1, { attributes }))]);
    expect(labelsToRecord(series!.labels)).toMatchObject({
      __name__: "m",
      avx_stack: "mine",
      job: "avx-gateway",
    });
  });

  it("joins attributes that become the same label", () => {
    const attributes = new Map([
      ["a_b", "2"],
      ["a.b", "1"],
    ]);
    const [series] = seriesOf([metric(gauge(1, { attributes }))]);
    expect(labelValue(series!.labels, "a_b")).toBe("1;2");
  });

  it("writes attributes that are not text as OTLP's JSON does", () => {
    const attributes = new Map<string, unknown>([
      ["b", true],
      ["n", 1.5],
      ["list", ["x", 1n]],
      ["map", new Map([["k", Uint8Array.of(1)]])],
      ["none", null],
    ]);
    const [series] = seriesOf([metric(gauge(1, { attributes }))]);
    expect(text(series!)).toBe(
      'm{"b":"true","list":"[\\"x\\",\\"1\\"]","map":"{\\"k\\":\\"AQ==\\"}","n":"1.5"} 1',
    );
  });

  it("cumulates the buckets of a histogram and ends with +Inf, _sum and _count", () => {
    expect(seriesOf([METRICS[2]!]).map(text)).toEqual([
      'h_seconds_bucket{"le":"0.5","route":"/a"} 1',
      'h_seconds_bucket{"le":"1","route":"/a"} 3',
      'h_seconds_bucket{"le":"+Inf","route":"/a"} 6',
      'h_seconds_sum{"route":"/a"} 0',
      'h_seconds_count{"route":"/a"} 6',
    ]);
  });

  it("hangs an exemplar on the bucket it fell into", () => {
    const { exemplars } = otlpToPrometheus([METRICS[2]!], options());
    expect(exemplars).toHaveLength(1);
    expect(labelValue(exemplars[0]!.seriesLabels, "le")).toBe("0.5");
    expect(labelsToRecord(exemplars[0]!.labels)).toEqual({
      trace_id: "5b8efff798038103d269b633813fc60c",
      span_id: "eee19b7ec3c1b174",
      user: "7",
    });
    expect(exemplars[0]!.timestampMs).toBe(1544712660300);
  });

  it("makes quantile series of a summary", () => {
    expect(seriesOf([METRICS[4]!]).map(text)).toEqual([
      'q{"quantile":"0.5"} 1',
      'q{"quantile":"1"} 2',
      "q_sum{} 4.5",
      "q_count{} 3",
    ]);
  });

  it("makes a native histogram of an exponential one: indexes one up, empty buckets left out", () => {
    const buckets = { offset: -2, counts: Float64Array.of(5, 0, 0, 0, 7, 0, 1) };
    const data: OtlpMetricData = {
      kind: "exponential-histogram",
      temporality: "cumulative",
      points: [
        {
          ...point,
          count: 15,
          sum: 3,
          scale: 2,
          zeroCount: 2,
          zeroThreshold: 0,
          positive: buckets,
          negative: { offset: 0, counts: new Float64Array(0) },
          exemplars: [],
        },
      ],
    };
    const [series] = seriesOf([metric(data)]);
    expect(series?.histograms?.[0]).toEqual({
      schema: 2,
      zeroThreshold: 1e-128,
      zeroCount: 2,
      sum: 3,
      count: 15,
      positiveSpans: [
        { offset: -1, length: 1 },
        { offset: 3, length: 3 },
      ],
      positiveBuckets: Float64Array.of(5, 7, 0, 1),
      negativeSpans: [],
      negativeBuckets: new Float64Array(0),
      customBounds: new Float64Array(0),
      counterResetHint: "unknown",
    });
  });

  it.each([
    [10, 8, [3, 3]],
    [-5, undefined, []],
  ])("takes scale %d as schema %s", (scale, schema, buckets) => {
    const data: OtlpMetricData = {
      kind: "exponential-histogram",
      temporality: "cumulative",
      points: [
        {
          ...point,
          count: 6,
          scale,
          zeroCount: 0,
          zeroThreshold: 0,
          // Scale 10 -> 8 joins four neighbours: -1 | 0..3 | 4.
          positive: { offset: 1, counts: Float64Array.of(1, 1, 1, 2, 1) },
          negative: { offset: 0, counts: new Float64Array(0) },
          exemplars: [],
        },
      ],
    };
    const { series, faults } = otlpToPrometheus([metric(data)], options());
    const histogram = series[0]?.histograms?.[0];
    expect(histogram?.schema).toBe(schema);
    expect([...(histogram?.positiveBuckets ?? [])]).toEqual(buckets);
    expect(faults.get("histogram_scale")).toBe(schema === undefined ? 1 : undefined);
  });

  it("gives a steady sender's series the same label objects every time, and no others", () => {
    const shared = options();
    const convert = (metrics: OtlpMetric[]) =>
      unpacked(otlpToPrometheus(metrics, shared)).map(({ labels }) => labels);
    // A repeated delta is refused, so only the other kinds come twice.
    const steady = METRICS.filter((m) => !("temporality" in m) || m.temporality !== "delta");
    const first = convert(steady);
    const second = convert(steady);
    expect(first.length).toBeGreaterThan(10);
    expect(first.every((labels, i) => labels === second[i])).toBe(true);
    const histogram = METRICS[2]!;
    if (histogram.kind !== "histogram") throw new Error("fixture changed");
    const explicitBounds = Float64Array.of(7, 8);
    const points = histogram.points.map((p) => ({ ...p, explicitBounds }));
    const [rebounded] = convert([{ ...histogram, points }]);
    expect(labelValue(rebounded!, "le")).toBe("7");
    const resource = { attributes: new Map([["service.name", "other"]]) };
    const [foreign] = convert([{ ...histogram, resource }]);
    expect(labelValue(foreign!, "job")).toBe("other");
  });

  it("keeps apart attributes whose joined text would be equal", () => {
    const shared = options();
    const convert = (attributes: Map<string, string>) =>
      labelsToRecord(
        unpacked(otlpToPrometheus([metric(gauge(1, { attributes }))], shared))[0]!.labels,
      );
    expect(convert(new Map([["a", "x1:b1:y"]]))).toMatchObject({ a: "x1:b1:y" });
    expect(
      convert(
        new Map([
          ["a", "x"],
          ["b", "y"],
        ]),
      ),
    ).toMatchObject({ a: "x", b: "y" });
  });

  it("sums deltas of each kind by series", () => {
    const shared = options();
    const at = (time: bigint) => ({ ...point, timeUnixNano: time });
    const histogramDelta = (time: bigint) =>
      metric({
        kind: "histogram",
        temporality: "delta",
        points: [
          {
            ...at(time),
            count: 3,
            sum: 2,
            bucketCounts: Float64Array.of(1, 2),
            explicitBounds: Float64Array.of(5),
            exemplars: [],
          },
        ],
      });
    otlpToPrometheus([histogramDelta(1n)], shared);
    const converted = otlpToPrometheus([histogramDelta(2n), histogramDelta(2n)], shared);
    const { faults } = converted;
    const series = unpacked(converted);
    expect(series.map(text).slice(0, 4)).toEqual([
      'm_bucket{"le":"5"} 2',
      'm_bucket{"le":"+Inf"} 6',
      "m_sum{} 4",
      "m_count{} 6",
    ]);
    expect(faults).toEqual(new Map([["late_delta", 1]]));
  });

  it("marks the end of a series that has no recorded value, in every series of the point", () => {
    const [, ended] = seriesOf([METRICS[0]!]);
    expect(isStaleAt(ended!.values, 0)).toBe(true);
    const histogram = METRICS[2]!;
    if (histogram.kind !== "histogram") throw new Error("fixture changed");
    const points = histogram.points.map((p) => ({ ...p, noRecordedValue: true }));
    const stale = seriesOf([{ ...histogram, points }]);
    expect(stale).toHaveLength(5);
    expect(stale.every(({ values }) => isStaleAt(values, 0))).toBe(true);
  });

  it("describes the families with type, unit and help", () => {
    const { metadata } = otlpToPrometheus(METRICS, options());
    expect(metadata).toEqual([
      { name: "g_ratio", type: "gauge", unit: "", help: "d" },
      { name: "s_bytes_total", type: "counter", unit: "bytes", help: "d" },
      { name: "h_seconds", type: "histogram", unit: "seconds", help: "d" },
      { name: "e_milliseconds", type: "histogram", unit: "milliseconds", help: "d" },
      { name: "q", type: "summary", unit: "", help: "d" },
      { name: "target_info", type: "gauge", unit: "", help: "Target metadata" },
    ]);
  });

  it("adds scope labels on request", () => {
    const [series] = seriesOf([metric(gauge(1))], { scopeLabels: true });
    expect(labelsToRecord(series!.labels)).toMatchObject({
      otel_scope_name: "my.library",
      otel_scope_version: "1.0.0",
      otel_scope_k: "v",
    });
  });

  it.each([
    ["bounds that do not ascend", [1, 1], [0, 0, 0]],
    ["a NaN bound", [Number.NaN, 1], [0, 0, 0]],
    ["a bucket too few", [1, 2], [0, 0]],
  ])("leaves out a histogram with %s and counts it", (_, bounds, counts) => {
    const data: OtlpMetricData = {
      kind: "histogram",
      temporality: "cumulative",
      points: [
        {
          ...point,
          count: 0,
          bucketCounts: Float64Array.from(counts),
          explicitBounds: Float64Array.from(bounds),
          exemplars: [],
        },
      ],
    };
    const converted = otlpToPrometheus([metric(data)], options());
    const { faults } = converted;
    const series = unpacked(converted);
    expect(series).toEqual([]);
    expect(faults.get("malformed_histogram")).toBe(1);
  });

  it("rounds times down to milliseconds and keeps the start time", () => {
    const times = { startUnixNano: 1_999_999n, timeUnixNano: 1544712660300999999n };
    const [series] = seriesOf([metric(gauge(1, times))]);
    expect([...series!.timestampsMs]).toEqual([1544712660300]);
    expect([...series!.startTimestampsMs!]).toEqual([1]);
  });

  it("leaves out a metric without a name", () => {
    const { faults } = otlpToPrometheus([metric(gauge(1), { name: "" })], options());
    expect(faults.get("no_metric_name")).toBe(1);
    expect(labelsFromRecord({})).toEqual([]);
  });
});
