import { describe, expect, it } from "vitest";
import type { AnomalyEvent } from "../contract.ts";
import { createAnomalyJournal } from "./anomaly-journal.ts";

const event = (service: string, timestampMs: number, given: Partial<AnomalyEvent> = {}) => ({
  ...{ id: `${service}-${timestampMs}`, service, signal: "latency" as const, metric: "" },
  ...{ timestampMs, endMs: timestampMs, value: 1, peakValue: 1, unit: "s" as const },
  ...{ expectedLower: null, expectedUpper: 0.5, detector: "Streaming", reason: "jump-up" },
  ...{ score: 0.9, threshold: 0.75 },
  ...given,
});

describe("anomaly journal", () => {
  it("finds by service and time, newest first, at most `limit`", () => {
    const journal = createAnomalyJournal();
    for (const one of [event("a", 1), event("b", 2), event("a", 3), event("a", 9)])
      journal.put(one);
    const found = journal.search({ service: "a", startMs: 0, endMs: 5, limit: 10 });
    expect(found.map((one) => one.timestampMs)).toEqual([3, 1]);
    expect(journal.search({ service: "", startMs: 0, endMs: 9, limit: 2 })).toHaveLength(2);
  });

  it("finds an event that began before the range and is open, or ended in it", () => {
    const journal = createAnomalyJournal();
    journal.put(event("a", 1, { endMs: null }));
    journal.put(event("b", 1, { endMs: 60 }));
    journal.put(event("c", 1, { endMs: 40 }));
    const found = journal.search({ service: "", startMs: 50, endMs: 90, limit: 10 });
    expect(found.map(({ service }) => service).sort()).toEqual(["a", "b"]);
  });

  it("replaces an event by its id and counts signals with an open event", () => {
    const journal = createAnomalyJournal();
    journal.put(event("a", 0, { endMs: null }));
    journal.put(event("a", 5, { endMs: null, signal: "errors" }));
    journal.put(event("a", 7, { endMs: null, signal: "errors" }));
    expect(journal.openByService()).toEqual(new Map([["a", 2]]));
    journal.put(event("a", 0, { endMs: 9 }));
    expect(journal.get("a-0")?.endMs).toBe(9);
    expect(journal.openByService()).toEqual(new Map([["a", 1]]));
  });

  it("forgets the oldest beyond its limit", () => {
    const journal = createAnomalyJournal();
    for (let i = 0; i < 10_050; i++) journal.put(event("a", i));
    const all = journal.search({ service: "", startMs: 0, endMs: 1e9, limit: 1e9 });
    expect(all).toHaveLength(10_000);
    expect(all.at(-1)?.timestampMs).toBe(50);
  });

  it("tells listeners until they leave", () => {
    const journal = createAnomalyJournal();
    const heard: number[] = [];
    const leave = journal.listen(({ timestampMs }) => heard.push(timestampMs));
    journal.put(event("a", 1));
    leave();
    journal.put(event("a", 2));
    expect(heard).toEqual([1]);
  });
});
