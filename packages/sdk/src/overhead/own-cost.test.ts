import { describe, expect, it } from "vitest";
import { MetricRegistry } from "../metrics/metric-registry.ts";
import { alwaysSampler, neverSampler, ratioSampler } from "../tracing/sampler.ts";
import { OwnCost } from "./own-cost.ts";
import { OwnMemory } from "./own-memory.ts";
import { sheddingSampler } from "./shedding-sampler.ts";

/** Costs on a clock that the test moves. */
function costs(budget: number) {
  let nowMs = 0;
  const messages: string[] = [];
  const report = (message: string) => messages.push(message);
  const memory = new OwnMemory(10_000);
  const cost = new OwnCost({ budget, memory, nowMs: () => nowMs, report });
  const request = (partMs: number) => {
    for (const part of [cost.arrivals, cost.ends]) {
      const start = part.begin();
      nowMs += partMs;
      part.end(start);
    }
  };
  /** A window of 5 s in which so many requests cost so much in each of their two parts. */
  const window = (requests: number, partMs: number) => {
    const endMs = nowMs + 5000;
    for (let i = 0; i < requests; i++) request(partMs);
    nowMs = endMs;
    cost.look();
  };
  const spend = (ms: number) =>
    cost.exporting(() => {
      nowMs += ms;
    });
  return { cost, memory, window, spend, messages };
}

describe("OwnCost", () => {
  it("estimates time a request and share of a core", () => {
    const { cost, window } = costs(0.02);
    window(10_000, 0.002);
    expect(cost.requestMs).toBeCloseTo(0.004, 6);
    // 10 000 requests of 4 us in 5 s.
    expect(cost.utilization).toBeCloseTo(0.008, 6);
    expect(cost.level).toBe(0);
  });

  it("does not take an interruption for its own cost", () => {
    const { cost, window } = costs(0.02);
    window(32, 10);
    expect(cost.utilization).toBeLessThan(0.002);
  });

  it("counts the time of encoding", () => {
    const { cost, window, spend } = costs(0.02);
    spend(50);
    window(0, 0);
    expect(cost.utilization).toBeCloseTo(50 / 5050, 6);
  });

  it("sheds a step a window while it is over budget, and takes steps back below half", () => {
    const { cost, window, messages } = costs(0.02);
    const levels: number[] = [];
    for (let i = 0; i < 7; i++) {
      window(50_000, 0.002);
      levels.push(cost.level);
    }
    // 0.75 of the budget is neither.
    window(18_750, 0.002);
    levels.push(cost.level);
    for (let i = 0; i < 6; i++) {
      window(1000, 0.002);
      levels.push(cost.level);
    }
    expect(levels).toEqual([1, 2, 3, 4, 5, 5, 5, 5, 4, 3, 2, 1, 0, 0]);
    expect(messages).toEqual([
      "telemetry takes 4.0 % of a core, over its budget: fewer traces are sampled",
      "telemetry is within its budget again",
    ]);
  });

  it("sheds nothing without a budget", () => {
    const { cost, window } = costs(Number.POSITIVE_INFINITY);
    window(50_000, 0.05);
    expect(cost.level).toBe(0);
  });
});

describe("sheddingSampler", () => {
  const ids = ["1", "5", "9", "d"].map((digit) => `${"0".repeat(18)}${digit.repeat(14)}`);
  const sampledAt = (level: number) =>
    ids.filter((id) => sheddingSampler(alwaysSampler, () => level)(id, undefined).isSampled);

  it("halves what is sampled with every level, and no more after the fourth", () => {
    expect(sampledAt(0)).toEqual(ids);
    expect(sampledAt(1)).toEqual(ids.slice(2));
    expect(sampledAt(2)).toEqual(ids.slice(3));
    expect(sampledAt(4)).toEqual([]);
    const rare = `${"0".repeat(18)}${"f".repeat(14)}`;
    expect(sheddingSampler(alwaysSampler, () => 5)(rare, undefined).isSampled).toBe(true);
  });

  it("says the threshold that was really used, and never samples what was dropped", () => {
    const at = (ratio: number) =>
      sheddingSampler(ratioSampler(ratio), () => 1)("f".repeat(32), undefined).threshold;
    expect(at(1)).toBe("8");
    expect(at(0.25)).toBe("c");
    expect(sheddingSampler(neverSampler, () => 1)("f".repeat(32), undefined).isSampled).toBe(false);
  });

  it("sheds traces of callers too, by the same bits", () => {
    const parent = { traceId: ids[0]!, spanId: "b".repeat(16), traceFlags: 1 };
    expect(sheddingSampler(alwaysSampler, () => 1)(ids[0]!, parent).isSampled).toBe(false);
  });
});

describe("the memory budget", () => {
  const WAITING = 9000;

  it("sheds sampling while what waits is over it, whatever the CPU does", () => {
    const { cost, memory, window, messages } = costs(0.02);
    let waiting = WAITING;
    memory.add("series", { bytes: () => 2000 });
    memory.add("spans", { bytes: () => waiting });
    const levels: number[] = [];
    for (let i = 0; i < 4; i++) {
      window(0, 0);
      levels.push(cost.level);
      if (i === 1) waiting = 100;
    }
    expect(levels).toEqual([1, 2, 1, 0]);
    expect(messages[0]).toBe(
      "telemetry takes 0.0 MB for what waits, over its budget: fewer traces are sampled",
    );
  });

  it("leaves sampling alone when series alone are over it: fewer traces would not help", () => {
    const { cost, memory, window } = costs(0.02);
    memory.add("series", { bytes: () => 11_000 });
    window(0, 0);
    expect(cost.level).toBe(0);
  });

  it("merges new attribute sets while series take all of it", () => {
    const registry = new MetricRegistry({ startMs: 0 });
    const memory = new OwnMemory(300_000);
    memory.watch(registry, registry.guard);
    const jobs = registry.getMeter("m").createCounter("jobs");
    for (let i = 0; i < 1900; i++) jobs.add(1, { id: i });
    const bytes = memory.bytesOf("series");
    expect(bytes).toBeGreaterThan(300_000);
    // Looked at every 256 series: that is as far as it goes over.
    expect(bytes).toBeLessThan(300_000 + 256 * 800);
    registry.getMeter("m").createCounter("others").add(1, { id: 1 });
    registry.getMeter("m").createCounter("others").add(1, { id: 2 });
    const others = registry.getMeter("m").instruments.get("others");
    expect([...(others?.index.values() ?? [])].map(({ attributes }) => attributes)).toEqual([
      [["id", 1]],
      [["otel.metric.overflow", true]],
    ]);
  });

  it("estimates series within a third of what the heap says", () => {
    // Measured with Node 24: see memory-estimates.ts; the figures there are of this very loop.
    const registry = new MetricRegistry({ startMs: 0 });
    const sizes = registry.getMeter("m").createHistogram("sizes");
    for (let i = 0; i < 1000; i++) {
      sizes.record(i, {
        "attribute.0": `/route/${i}`,
        "attribute.1": "value 1",
        "attribute.2": "value 2",
      });
    }
    const perSeries = registry.estimatedBytes() / 1000;
    expect(perSeries).toBeGreaterThan(2010 * 0.67);
    expect(perSeries).toBeLessThan(2350 * 1.33);
  });
});
