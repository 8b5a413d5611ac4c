import { AvxError } from "@avx/model";
import { describe, expect, it } from "vitest";
import { DEFAULT_LATENCY_CAPACITY, LatencyCollector } from "./latency-collector.ts";

describe("LatencyCollector", () => {
  it("holds the last 1000 by default, oldest first, with their times", () => {
    const collector = new LatencyCollector();
    for (let i = 0; i < 2500; i++) collector.record(i, 10_000 + i);
    const { timestampsMs, latenciesMs } = collector.all();
    expect(collector.capacity).toBe(DEFAULT_LATENCY_CAPACITY);
    expect([...latenciesMs]).toEqual(Array.from({ length: 1000 }, (_, i) => 1500 + i));
    expect(timestampsMs[0]).toBe(11_500);
    expect(timestampsMs.at(-1)).toBe(12_499);
  });

  it("gives what is at or after a time, before and after the ring has turned", () => {
    const collector = new LatencyCollector(4);
    expect([...collector.all().latenciesMs]).toEqual([]);
    for (const time of [1, 2, 3]) collector.record(time * 10, time);
    expect([...collector.since(2).latenciesMs]).toEqual([20, 30]);
    for (const time of [4, 5, 6]) collector.record(time * 10, time);
    expect([...collector.since(5).latenciesMs]).toEqual([50, 60]);
    expect([...collector.since(0).latenciesMs]).toEqual([30, 40, 50, 60]);
    expect([...collector.since(7).latenciesMs]).toEqual([]);
  });

  it("gives copies: later records do not change them", () => {
    const collector = new LatencyCollector(2);
    collector.record(1, 1);
    const before = collector.all();
    collector.record(2, 2);
    collector.record(3, 3);
    expect([...before.latenciesMs]).toEqual([1]);
  });

  it("ignores what is no latency", () => {
    const collector = new LatencyCollector(2);
    for (const value of [Number.NaN, -1, Number.POSITIVE_INFINITY]) collector.record(value, 1);
    expect(collector.length).toBe(0);
    collector.record(0, 1);
    collector.clear();
    expect(collector.length).toBe(0);
  });

  it.each([0, -1, 1.5, Number.NaN, 1e9])("refuses a capacity of %d", (capacity) => {
    expect(() => new LatencyCollector(capacity)).toThrow(AvxError);
  });
});
