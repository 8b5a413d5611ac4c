import { describe, expect, it } from "vitest";
import type { AnomalyEvent } from "../contract.ts";
import { createRelapses, RELAPSE_WINDOW_MS } from "./relapses.ts";

const EVENT: AnomalyEvent = {
  ...{ id: "latency cart@1", service: "cart", signal: "latency", metric: "", timestampMs: 1 },
  ...{ endMs: 1000, value: 0.5, peakValue: 0.9, unit: "s", reason: "jump-up", score: 0.9 },
  ...{ expectedLower: 0.02, expectedUpper: 0.1, detector: "Streaming", threshold: 0.75 },
};
const END_MS = 1000;

/** Whether each value, 2 s apart from `fromMs` on, is taken for a relapse. */
function taken(values: readonly number[], { fromMs = END_MS + 2000, threshold = 0.75 } = {}) {
  const relapses = createRelapses("latency");
  relapses.remember(EVENT, END_MS);
  return values.map((value, i) => {
    const sample = { timestampMs: fromMs + i * 2000, value };
    return relapses.take(sample, threshold) !== undefined;
  });
}

describe("relapses", () => {
  it("need two samples in a row, half as far out as the change before", () => {
    expect(taken([0.4, 0.4])).toEqual([false, true]);
    expect(taken([0.31, 0.05, 0.31])).toEqual([false, false, false]);
    expect(taken([0.25, 0.25, 0.25])).toEqual([false, false, false]);
  });

  it("are known for half an hour", () => {
    expect(taken([0.5, 0.5], { fromMs: END_MS + RELAPSE_WINDOW_MS - 4000 })).toEqual([false, true]);
    const late = taken([0.5, 0.5, 0.5], { fromMs: END_MS + RELAPSE_WINDOW_MS + 1 });
    expect(late).toEqual([false, false, false]);
  });

  it("need the score that feedback asks for", () => {
    expect(taken([0.5, 0.5], { threshold: 0.95 })).toEqual([false, false]);
  });

  it("are on the side of the change before, and carry its reason and band", () => {
    const relapses = createRelapses("traffic");
    relapses.remember(
      { ...EVENT, signal: "traffic", value: 1, ...{ expectedLower: 40, expectedUpper: 60 } },
      END_MS,
    );
    const at = (timestampMs: number, value: number) => relapses.take({ timestampMs, value }, 0.75);
    expect(at(3000, 900)).toBeUndefined();
    expect(at(5000, 900)).toBeUndefined();
    expect(at(7000, 2)).toBeUndefined();
    expect(at(9000, 2)).toMatchObject({ reason: "jump-up", expected: { lower: 40, upper: 60 } });
  });

  it("are not looked for in other series", () => {
    const relapses = createRelapses("metric");
    relapses.remember({ ...EVENT, signal: "metric" }, END_MS);
    for (let i = 0; i < 4; i++) {
      expect(relapses.take({ timestampMs: 2000 * i, value: 0.6 }, 0.75)).toBeUndefined();
    }
  });
});
