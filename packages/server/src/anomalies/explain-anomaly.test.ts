import { describe, expect, it } from "vitest";
import type { AnomalyEvent, OperationEvent } from "../contract.ts";
import { bySeries, explainAnomaly } from "./explain-anomaly.ts";

const MINUTE_MS = 60_000;
const T0 = 100 * MINUTE_MS;

const anomaly = (id: string, timestampMs: number, given: Partial<AnomalyEvent> = {}) => ({
  ...{ id, service: "cart", signal: "latency" as const, metric: "", timestampMs, endMs: null },
  ...{ value: 1, peakValue: 1, unit: "s" as const, expectedLower: null, expectedUpper: 0.5 },
  ...{ detector: "Streaming", reason: "jump-up", score: 0.9, threshold: 0.75 },
  ...given,
});
const operation = (id: string, minutes: number, given: Partial<OperationEvent> = {}) => ({
  ...{ id, kind: "deploy" as const, service: "cart", title: id },
  ...{ timestampMs: T0 + minutes * MINUTE_MS, ...given },
});
const EVENT = anomaly("x", T0);
const NOTHING = { anomalies: [], remembered: bySeries([]), operations: [] };

describe("explanation of an anomaly", () => {
  it("names deployments and configuration of the half hour before, the latest first", () => {
    const operations = [
      operation("after", 1),
      operation("now", 0),
      operation("of all", -5, { service: "", kind: "config" }),
      operation("of another", -6, { service: "shop" }),
      operation("a note", -7, { kind: "note" }),
      operation("old", -31),
    ];
    const { changes } = explainAnomaly(EVENT, { ...NOTHING, operations });
    expect(changes.map(({ id }) => id)).toEqual(["now", "of all"]);
  });

  it("ranks signals that changed with it by nearness in time and strength", () => {
    const anomalies = [
      EVENT,
      anomaly("far", T0 + 3 * MINUTE_MS, { signal: "errors" }),
      anomaly("minute", T0 + MINUTE_MS, { signal: "errors" }),
      anomaly("same", T0 + 1000, { service: "shop" }),
      anomaly("weak", T0 - 1000, { signal: "traffic", score: 0.76 }),
    ];
    const { related } = explainAnomaly(EVENT, { ...NOTHING, anomalies });
    expect(related.map(({ id }) => id)).toEqual(["same", "weak", "minute"]);
  });

  it("counts all earlier events of the same series that are remembered", () => {
    const anomalies = [EVENT, anomaly("b", T0 - 5), anomaly("c", T0 - 9), anomaly("d", T0 + 9)];
    const remembered = bySeries([...anomalies, anomaly("e", T0 - 1, { service: "shop" })]);
    expect(explainAnomaly(EVENT, { ...NOTHING, remembered })).toMatchObject({
      similarCount: 2,
      similarLastMs: T0 - 5,
    });
    const alone = explainAnomaly(EVENT, { ...NOTHING, remembered: bySeries([EVENT]) });
    expect(alone).toEqual({ changes: [], related: [], similarCount: 0, similarLastMs: null });
  });
});
