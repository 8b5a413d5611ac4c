import { describe, expect, it } from "vitest";
import { alwaysSampler, neverSampler, ratioSampler } from "../tracing/sampler.ts";
import { OwnCost } from "./own-cost.ts";
import { sheddingSampler } from "./shedding-sampler.ts";

/** Costs on a clock that the test moves. */
function costs(budget: number) {
  let nowMs = 0;
  const messages: string[] = [];
  const report = (message: string) => messages.push(message);
  const cost = new OwnCost({ budget, nowMs: () => nowMs, report });
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
  return { cost, window, spend, messages };
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
