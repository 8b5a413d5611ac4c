import type { OtlpMetric } from "@avx/wire";
import { describe, expect, it } from "vitest";
import { MetricRegistry } from "../metrics/metric-registry.ts";
import { exportedMetrics } from "./metric-export.ts";
import { DeltaMemory, isDelta } from "./temporality.ts";

const resource = { attributes: new Map() };

/** A registry whose metrics are read as changes, at times that the test sets. */
function deltas() {
  const registry = new MetricRegistry({ startMs: 1000 });
  const meter = registry.getMeter("test");
  const memory = new DeltaMemory();
  const read = async (nowMs: number): Promise<readonly OtlpMetric[]> => {
    const meters = await registry.collect();
    const moment = { resource, startMs: 1000, nowMs, exemplarsSinceMs: 0 };
    return memory.changes(exportedMetrics(meters, moment), () => true);
  };
  return { meter, read };
}

const at = (ms: number) => BigInt(ms) * 1_000_000n;

describe("isDelta", () => {
  // The table of the specification's OTLP metric exporter.
  it.each([
    ["cumulative", "counter", false, false],
    ["delta", "counter", false, true],
    ["delta", "counter", true, true],
    ["delta", "histogram", false, true],
    ["delta", "updowncounter", false, false],
    ["lowmemory", "counter", false, true],
    ["lowmemory", "counter", true, false],
    ["lowmemory", "exponential-histogram", false, true],
  ] as const)("%s of a %s, observable %s: %s", (...row) => {
    const [preference, kind, isObservable, expected] = row;
    expect(isDelta(preference, kind, isObservable)).toBe(expected);
  });
});

describe("DeltaMemory", () => {
  it("sends what a counter has grown by since the last time, and nothing when it has not", async () => {
    const { meter, read } = deltas();
    const jobs = meter.createCounter("jobs");
    jobs.add(3, { kind: "a" });
    const [first] = await read(2000);
    expect(first).toMatchObject({ kind: "sum", temporality: "delta" });
    expect(first?.points).toMatchObject([{ value: 3, startUnixNano: at(1000) }]);
    jobs.add(2, { kind: "a" });
    jobs.add(7, { kind: "b" });
    const [second] = await read(3000);
    expect(second?.points).toMatchObject([
      { value: 2, startUnixNano: at(2000), timeUnixNano: at(3000) },
      { value: 7, startUnixNano: at(1000), timeUnixNano: at(3000) },
    ]);
    expect(await read(4000)).toEqual([]);
  });

  it("sends the new observations of a histogram", async () => {
    const { meter, read } = deltas();
    const advice = { explicitBucketBoundaries: [1, 10] };
    const sizes = meter.createHistogram("sizes", { advice });
    for (const size of [0.5, 5, 50]) sizes.record(size);
    await read(2000);
    for (const size of [5, 6]) sizes.record(size);
    const [metric] = await read(3000);
    const [point] = metric?.kind === "histogram" ? metric.points : [];
    expect(point).toMatchObject({ count: 2, sum: 11, startUnixNano: at(2000) });
    expect([...(point?.bucketCounts ?? [])]).toEqual([0, 2, 0]);
    expect(point?.min).toBeUndefined();
  });

  it("equals a fresh exponential histogram of the new observations, though the scale fell", async () => {
    const { meter, read } = deltas();
    const times = meter.createExponentialHistogram("times");
    for (let i = 1; i <= 100; i++) times.record(i / 10);
    await read(2000);
    // 1e-9 to 1e9 needs a coarser scale than the first hundred did.
    const added = [1e-9, 0.4, 0.4, 3, 1e9, 0];
    for (const value of added) times.record(value);
    const fresh = deltas();
    const other = fresh.meter.createExponentialHistogram("times");
    for (const value of added) other.record(value);
    const buckets = ([metric]: readonly OtlpMetric[]) => {
      const [point] = metric?.kind === "exponential-histogram" ? metric.points : [];
      const { offset = 0, counts = [] } = point?.positive ?? {};
      const filled = [...counts].flatMap((count, i) => (count > 0 ? [[offset + i, count]] : []));
      const { scale, zeroCount, count } = point ?? {};
      return { scale, zeroCount, count, filled };
    };
    expect(buckets(await read(3000))).toEqual(buckets(await fresh.read(3000)));
  });
});
