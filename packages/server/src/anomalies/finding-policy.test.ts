import { describe, expect, it } from "vitest";
import type { AnomalyEvent } from "../contract.ts";
import { createFindingPolicy } from "./finding-policy.ts";

const HOUR_MS = 3_600_000;

const event = (timestampMs: number, given: Partial<AnomalyEvent> = {}): AnomalyEvent => ({
  ...{ id: `latency cart@${timestampMs}`, service: "cart", signal: "latency", metric: "" },
  ...{ timestampMs, endMs: null, value: 1, peakValue: 1, unit: "s" },
  ...{ expectedLower: null, expectedUpper: 0.5, detector: "Streaming", reason: "jump-up" },
  ...{ score: 0.9, threshold: 0.75 },
  ...given,
});

describe("finding policy", () => {
  it("raises the threshold of a series whose events were expected, and lowers it again", () => {
    const policy = createFindingPolicy(10);
    expect(policy.thresholdOf("latency cart")).toBe(0.75);
    policy.learn("latency cart@1", "expected");
    expect(policy.thresholdOf("latency cart")).toBeCloseTo(1 - 0.25 / 1.5, 12);
    expect(policy.thresholdOf("errors cart")).toBe(0.75);
    policy.learn("latency cart@1", "useful");
    expect(policy.feedbackOf("latency cart@1")).toBe("useful");
    expect(policy.thresholdOf("latency cart")).toBe(0.75);
  });

  it("never asks for more than eight times the evidence of a page", () => {
    const policy = createFindingPolicy(10);
    for (let i = 0; i < 50; i++) policy.learn(`latency cart@${i}`, "expected");
    expect(policy.thresholdOf("latency cart")).toBeCloseTo(1 - 0.25 / 8, 12);
  });

  it("withholds findings beyond the day's budget of their service", () => {
    const policy = createFindingPolicy(2);
    expect([0, 1, 2].map((hour) => policy.admit(event(hour * HOUR_MS)))).toEqual([
      "shown",
      "shown",
      "over-budget",
    ]);
    expect(policy.admit(event(2 * HOUR_MS, { service: "shop" }))).toBe("shown");
    expect(policy.admit(event(24.5 * HOUR_MS))).toBe("shown");
  });

  it("counts what an earlier run has shown against the day's budget", () => {
    const policy = createFindingPolicy(1);
    policy.wasShown(event(0));
    expect(policy.admit(event(HOUR_MS))).toBe("over-budget");
    expect(policy.admit(event(25 * HOUR_MS))).toBe("shown");
  });

  it("mutes a service or one of its signals until the end of the mute", () => {
    const policy = createFindingPolicy(10);
    policy.mute({ id: "m", service: "cart", signal: "latency", untilMs: 50, note: "" });
    expect(policy.admit(event(49))).toBe("muted");
    expect(policy.admit(event(49, { signal: "errors" }))).toBe("shown");
    expect(policy.admit(event(50))).toBe("shown");
    expect(policy.mutes(49)).toHaveLength(1);
    expect(policy.mutes(50)).toHaveLength(0);
    policy.mute({ id: "n", service: "cart", signal: null, untilMs: 90, note: "" });
    expect(policy.admit(event(60, { signal: "traffic" }))).toBe("muted");
  });
});
