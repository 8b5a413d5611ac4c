import { AvxError } from "@avx/model";
import type { Meter as ApiMeter } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AggregationType,
  createAllowListAttributesProcessor,
  InstrumentType,
  MeterProvider,
  MetricReader,
  type ViewOptions,
} from "@opentelemetry/sdk-metrics";
import { describe, expect, it } from "vitest";
import type { Meter } from "../meter.ts";
import { MetricRegistry } from "../metric-registry.ts";
import type { View } from "./view.ts";

function viewed(views: readonly View[]) {
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  const registry = new MetricRegistry({ startMs: 0, views, warn });
  return { registry, meter: registry.getMeter("shop", "1"), warnings };
}

/** Every metric with its series: attributes, then value, counts or buckets. */
function shown(meter: Meter) {
  return Object.fromEntries(
    [...meter.instruments.values()].map(({ descriptor, index }) => [
      descriptor.name,
      [...index.values()].map((series) => {
        const attributes = Object.fromEntries(series.attributes);
        if ("value" in series) return { attributes, value: series.value };
        return { attributes, count: series.count, sum: series.sum, counts: series.counts };
      }),
    ]),
  );
}

describe("a view", () => {
  it("renames one instrument and gives it another description", () => {
    const { meter } = viewed([{ instrumentName: "jobs", name: "work", description: "Work." }]);
    meter.createCounter("jobs").add(2);
    expect(shown(meter)).toEqual({ work: [{ attributes: {}, value: 2 }] });
    expect(meter.instruments.get("work")?.descriptor.description).toBe("Work.");
  });

  it.each([
    [{ instrumentName: "http.*" }, ["http.a", "http.b"]],
    [{ instrumentName: "http.?" }, ["http.a", "http.b"]],
    [{ instrumentName: "HTTP.a" }, ["http.a"]],
    [{ instrumentName: "http_a" }, []],
    [{ instrumentKind: "histogram" }, ["http.b"]],
    [{ instrumentUnit: "s" }, ["http.b", "other"]],
    [{ instrumentUnit: "s", instrumentKind: "counter" }, ["other"]],
    [{ meterName: "shop" }, ["http.a", "http.b", "other"]],
    [{ meterName: "shop", meterVersion: "2" }, []],
  ] as const)("selects by %j", (selector, dropped) => {
    const { meter } = viewed([{ ...selector, aggregation: { kind: "drop" } }]);
    meter.createCounter("http.a").add(1);
    meter.createHistogram("http.b", { unit: "s" }).record(1);
    meter.createCounter("other", { unit: "s" }).add(1);
    const left = ["http.a", "http.b", "other"].filter((name) => !dropped.some((d) => d === name));
    expect([...meter.instruments.keys()]).toEqual(left);
  });

  it("keeps only the attributes that it names, and merges what becomes equal", async () => {
    const { registry, meter } = viewed([{ instrumentName: "*", attributeKeys: ["route"] }]);
    const jobs = meter.createCounter("jobs");
    for (const user of ["a", "b", "c"]) jobs.add(1, { route: "/x", user });
    jobs.bind({ user: "d", route: "/y" }).add(5);
    const stock = meter.createObservableUpDownCounter("stock");
    stock.addCallback((result) => {
      result.observe(3, { route: "/x", user: "a" });
      result.observe(4, { route: "/x", user: "b" });
    });
    await registry.collect();
    await registry.collect();
    expect(shown(meter)).toEqual({
      jobs: [
        { attributes: { route: "/x" }, value: 3 },
        { attributes: { route: "/y" }, value: 5 },
      ],
      stock: [{ attributes: { route: "/x" }, value: 7 }],
    });
  });

  it("chooses buckets, explicit or exponential, or only the sum", () => {
    const explicit = { kind: "explicit-histogram", boundaries: [1, 10] } as const;
    const exponential = { kind: "exponential-histogram", maxBuckets: 4, maxScale: 0 } as const;
    const { meter } = viewed([
      { instrumentName: "a", aggregation: explicit },
      { instrumentName: "b", aggregation: exponential },
      { instrumentName: "c", aggregation: { kind: "sum" } },
    ]);
    for (const name of ["a", "b", "c"]) {
      const histogram = meter.createHistogram(name);
      for (const value of [1, 2, 4, 8]) histogram.record(value);
      histogram.bind().record(16);
    }
    const attributes = {};
    expect(shown(meter)).toEqual({
      a: [{ attributes, count: 5, sum: 31, counts: [1, 3, 1] }],
      // (1/4, 1], (1, 4], (4, 16] at scale -1: five buckets of scale 0 would be too many.
      b: [{ attributes, count: 5, sum: 31, counts: [1, 2, 2] }],
      c: [{ attributes, value: 31 }],
    });
  });

  it("limits attribute sets, the overflow series included", () => {
    const { registry, meter } = viewed([{ instrumentName: "jobs", cardinalityLimit: 3 }]);
    for (let i = 0; i < 5; i++) meter.createCounter("jobs").add(1, { i });
    expect(shown(meter)["jobs"]).toEqual([
      { attributes: { i: 0 }, value: 1 },
      { attributes: { i: 1 }, value: 1 },
      { attributes: { "otel.metric.overflow": true }, value: 3 },
    ]);
    expect(registry.overflowing()).toHaveLength(1);
  });

  it("leaves what it cannot change as it is, with a warning", () => {
    const aggregation = { kind: "explicit-histogram" } as const;
    const { meter, warnings } = viewed([{ instrumentName: "heat", aggregation }]);
    meter.createGauge("heat").record(3);
    expect(shown(meter)).toEqual({ heat: [{ attributes: {}, value: 3 }] });
    expect(warnings).toEqual(["a view asks for explicit-histogram of heat, which is a gauge"]);
  });
});

describe("an instrument", () => {
  it("becomes a metric by each view that matches it, bound or not", async () => {
    const { registry, meter } = viewed([
      { instrumentName: "jobs", name: "jobs.all", attributeKeys: [] },
      { instrumentName: "jobs", name: "jobs.by.queue", attributeKeys: ["queue"] },
      { instrumentName: "heat", name: "heat.a" },
      { instrumentName: "heat", name: "heat.b" },
      { instrumentName: "wait", name: "wait.sum", aggregation: { kind: "sum" } },
      { instrumentName: "wait" },
      { instrumentName: "depth", name: "depth.a" },
      { instrumentName: "depth", name: "depth.b", attributeKeys: [] },
    ]);
    const jobs = meter.createCounter("jobs");
    jobs.add(1, { queue: "a" });
    jobs.bind({ queue: "b" }).add();
    meter.createGauge("heat").record(7);
    meter.createGauge("heat").bind().record(8);
    meter.createHistogram("wait", { advice: { explicitBucketBoundaries: [] } }).record(2);
    let asked = 0;
    meter.createObservableGauge("depth").addCallback((result) => {
      asked++;
      result.observe(5, { queue: "a" });
    });
    await registry.collect();
    expect(asked).toBe(1);
    const attributes = {};
    expect(shown(meter)).toEqual({
      "jobs.all": [{ attributes, value: 2 }],
      "jobs.by.queue": [
        { attributes: { queue: "a" }, value: 1 },
        { attributes: { queue: "b" }, value: 1 },
      ],
      "heat.a": [{ attributes, value: 8 }],
      "heat.b": [{ attributes, value: 8 }],
      "wait.sum": [{ attributes, value: 2 }],
      wait: [{ attributes, count: 1, sum: 2, counts: [1] }],
      "depth.a": [{ attributes: { queue: "a" }, value: 5 }],
      "depth.b": [{ attributes, value: 5 }],
    });
  });

  it("that is dropped still works for its callers, and asks no callback", async () => {
    const aggregation = { kind: "drop" } as const;
    const { registry, meter } = viewed([{ instrumentName: "*", aggregation }]);
    meter.createCounter("a").bind({ x: 1 }).add(1);
    meter.createCounter("a").add(1, { x: 1 });
    meter.createHistogram("b").record(1);
    meter.createGauge("c").record(1);
    const observable = meter.createObservableGauge("d");
    const refused = () => expect.fail("a dropped observable was asked");
    observable.addCallback(refused);
    meter.addBatchObservableCallback((result) => result.observe(observable, 1), [observable]);
    await registry.collect();
    expect(shown(meter)).toEqual({});
  });

  it("may not take the name of another by a view", () => {
    const { meter, warnings } = viewed([{ instrumentName: "a", name: "b" }]);
    meter.createCounter("b").add(1);
    meter.createCounter("a").add(2);
    expect(shown(meter)).toEqual({ b: [{ attributes: {}, value: 1 }] });
    expect(warnings).toEqual(["metric b is already a counter"]);
  });
});

describe("views that cannot be meant are refused by name", () => {
  it.each<[View, string]>([
    [{}, "views[0]"],
    [{ name: "a" }, "views[0]"],
    [{ instrumentName: "a*", name: "b" }, "views[0].name"],
    [{ instrumentKind: "counter", name: "b" }, "views[0].name"],
    [{ instrumentName: "a", name: "1b" }, "views[0].name"],
    [{ instrumentName: "a", cardinalityLimit: 0 }, "views[0].cardinalityLimit"],
    [
      { instrumentName: "a", aggregation: { kind: "explicit-histogram", boundaries: [2, 1] } },
      "views[0].aggregation.boundaries",
    ],
    [
      { instrumentName: "a", aggregation: { kind: "exponential-histogram", maxBuckets: 1 } },
      "views[0].aggregation.maxBuckets",
    ],
    [
      { instrumentName: "a", aggregation: { kind: "exponential-histogram", maxScale: 0.5 } },
      "views[0].aggregation.maxScale",
    ],
  ])("%j", (view, parameter) => {
    expect(() => viewed([view])).toThrow(AvxError);
    expect(() => viewed([view])).toThrow(parameter);
  });
});

class Reader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

/** The oracle is OpenTelemetry's own SDK under the same views. */
describe("views, beside the official SDK's", () => {
  const OURS: readonly View[] = [
    { instrumentName: "http.*", attributeKeys: ["route"] },
    { instrumentName: "http.b", name: "sized", cardinalityLimit: 2 },
    {
      instrumentUnit: "s",
      aggregation: { kind: "explicit-histogram", boundaries: [0.5, 5] },
    },
    { instrumentKind: "counter", meterName: "shop", aggregation: { kind: "sum" } },
  ];
  const THEIRS: ViewOptions[] = [
    {
      instrumentName: "http.*",
      attributesProcessors: [createAllowListAttributesProcessor(["route"])],
    },
    { instrumentName: "http.b", name: "sized", aggregationCardinalityLimit: 2 },
    {
      instrumentUnit: "s",
      aggregation: {
        type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
        options: { boundaries: [0.5, 5] },
      },
    },
    {
      instrumentType: InstrumentType.COUNTER,
      meterName: "shop",
      aggregation: { type: AggregationType.SUM },
    },
  ];

  function work(meter: ApiMeter) {
    const sizes = meter.createHistogram("http.b");
    const jobs = meter.createCounter("jobs");
    const waits = meter.createHistogram("waits", { unit: "s" });
    for (let i = 0; i < 6; i++) {
      sizes.record(i, { route: `/${i % 2}`, user: i });
      jobs.add(i, { queue: i % 3 });
      waits.record(i);
    }
  }

  it("make the same metrics", async () => {
    const reader = new Reader();
    const resource = resourceFromAttributes({});
    const provider = new MeterProvider({ resource, readers: [reader], views: THEIRS });
    work(provider.getMeter("shop"));
    const { resourceMetrics } = await reader.collect();
    const expected = Object.fromEntries(
      (resourceMetrics.scopeMetrics[0]?.metrics ?? []).map(({ descriptor, dataPoints }) => [
        descriptor.name,
        dataPoints.map(({ attributes, value }) =>
          typeof value === "number"
            ? { attributes, value }
            : {
                attributes,
                count: value.count,
                sum: value.sum,
                counts: "buckets" in value ? value.buckets.counts : undefined,
              },
        ),
      ]),
    );
    const registry = new MetricRegistry({ startMs: 0, views: OURS });
    const meter = registry.getMeter("shop");
    work(meter);
    expect(Object.keys(expected).sort()).toEqual(["http.b", "jobs", "sized", "waits"]);
    expect(shown(meter)).toEqual(expected);
  });
});
