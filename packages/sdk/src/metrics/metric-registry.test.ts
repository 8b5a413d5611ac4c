import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import type { Meter } from "./meter.ts";
import { MetricRegistry } from "./metric-registry.ts";

const SAMPLED = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: 1 };

function registry() {
  const warnings: string[] = [];
  const made = new MetricRegistry({ startMs: 0, warn: (message) => warnings.push(message) });
  return { registry: made, meter: made.getMeter("test"), warnings };
}

/** The series of an instrument, as they are shown and exported. */
function seriesOf(meter: Meter, name: string) {
  return [...(meter.instruments.get(name)?.index.values() ?? [])];
}

describe("counters", () => {
  it("add up, bound or by attributes, and refuse what would make them fall", () => {
    const { registry: own, meter } = registry();
    const counter = meter.createCounter("jobs");
    const ok = counter.bind({ outcome: "ok" });
    ok.add();
    ok.add(2.5);
    counter.add(1, { outcome: "ok" });
    ok.add(-1);
    ok.add(Number.NaN);
    expect(seriesOf(meter, "jobs")).toMatchObject([{ value: 4.5 }]);
    expect(own.guard.rejected).toBe(2);
  });

  it("may fall when they are up-down counters", () => {
    const { meter } = registry();
    const inFlight = meter.createUpDownCounter("jobs.active").bind();
    inFlight.add(3);
    inFlight.add(-2);
    expect(seriesOf(meter, "jobs.active")).toMatchObject([{ value: 1 }]);
  });
});

describe("histograms", () => {
  it("count a value on a boundary in the bucket that the boundary closes", () => {
    const { meter } = registry();
    const options = { advice: { explicitBucketBoundaries: [1, 2] } };
    const series = meter.createHistogram("sizes", options).bind();
    for (const value of [1, 1.5, 2, 3, 0]) series.record(value);
    expect(series).toMatchObject({ counts: [2, 2, 1], count: 5, sum: 7.5, min: 0, max: 3 });
  });

  it("keep the latest exemplar of each bucket, of sampled spans only", () => {
    const { meter } = registry();
    const histogram = meter.createHistogram("sizes", { advice: { explicitBucketBoundaries: [1] } });
    const series = histogram.bind();
    series.record(0.5, SAMPLED);
    series.record(0.7, SAMPLED);
    series.record(5, { ...SAMPLED, traceFlags: 0 });
    const context = trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext(SAMPLED));
    histogram.record(9, {}, context);
    const slots = [{ value: 0.7 }, { value: 9 }];
    expect(seriesOf(meter, "sizes")).toMatchObject([{ exemplars: { slots } }]);
  });
});

it("OTEL_METRICS_EXEMPLAR_FILTER=always_off: no histogram keeps an exemplar", () => {
  const { registry: own, meter } = registry();
  own.guard.keepsExemplars = false;
  meter.createHistogram("a").bind().record(1, SAMPLED);
  meter.createExponentialHistogram("b").bind().record(1, SAMPLED);
  for (const name of ["a", "b"]) {
    expect(seriesOf(meter, name)).toMatchObject([{ count: 1, exemplars: undefined }]);
  }
});

describe("observables", () => {
  it("are asked at each collection and forget what is no longer reported", async () => {
    const { registry: own, meter } = registry();
    const gauge = meter.createObservableGauge("queue");
    let queues = ["a", "b"];
    gauge.addCallback((result) => {
      for (const queue of queues) result.observe(queue.length, { queue });
    });
    gauge.addCallback(() => {
      throw new Error("a broken callback costs only itself");
    });
    await own.collect();
    expect(seriesOf(meter, "queue")).toHaveLength(2);
    queues = ["b"];
    await own.collect();
    expect(seriesOf(meter, "queue").map((series) => series.attributes)).toEqual([[["queue", "b"]]]);
  });

  it("take batch callbacks, for the instruments they named", async () => {
    const { registry: own, meter } = registry();
    const named = meter.createObservableCounter("named");
    const other = meter.createObservableCounter("other");
    const callback = async (result: { observe: (metric: typeof named, value: number) => void }) => {
      result.observe(named, 1);
      result.observe(other, 2);
    };
    meter.addBatchObservableCallback(callback, [named]);
    await own.collect();
    expect(seriesOf(meter, "named")).toHaveLength(1);
    expect(seriesOf(meter, "other")).toEqual([]);
    meter.removeBatchObservableCallback(callback);
    await own.collect();
    expect(seriesOf(meter, "named")).toEqual([]);
  });
});

describe("Meter", () => {
  it("gives the same instrument for the same name, whatever its case", () => {
    const { meter } = registry();
    expect(meter.createCounter("Jobs")).toBe(meter.createCounter("jobs"));
  });

  it("warns of a second meaning and of an invalid name, and gives something that works", () => {
    const { meter, warnings } = registry();
    meter.createCounter("jobs");
    meter.createGauge("jobs").record(1);
    meter.createCounter("0 jobs").add(1);
    expect(warnings).toEqual([
      "metric jobs is already a counter",
      'metric name "0 jobs" is not valid',
    ]);
    expect([...meter.instruments.keys()]).toEqual(["jobs"]);
  });
});
