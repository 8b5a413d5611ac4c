import { describe, expect, it } from "vitest";
import type { AnomalyEvent } from "../contract.ts";
import { createAnomalyJournal } from "./anomaly-journal.ts";

const event = (
  service: string,
  timestampMs: number,
  signal: AnomalyEvent["signal"] = "latency",
) => ({
  id: `${service}-${timestampMs}`,
  service,
  signal,
  timestampMs,
  value: 1,
  unit: "s" as const,
  expectedLower: null,
  expectedUpper: 0.5,
  detector: "ZScore",
  score: 4,
  threshold: 3,
});

describe("anomaly journal", () => {
  it("finds by service and time, newest first, at most `limit`", () => {
    const journal = createAnomalyJournal();
    for (const one of [event("a", 1), event("b", 2), event("a", 3), event("a", 9)])
      journal.add(one);
    const found = journal.search({ service: "a", startMs: 0, endMs: 5, limit: 10 });
    expect(found.map((one) => one.timestampMs)).toEqual([3, 1]);
    expect(journal.search({ service: "", startMs: 0, endMs: 9, limit: 2 })).toHaveLength(2);
  });

  it("counts signals with a finding in the last minute as open", () => {
    const journal = createAnomalyJournal();
    journal.add(event("a", 0));
    journal.add(event("a", 100_000));
    journal.add(event("a", 110_000));
    journal.add(event("a", 110_000, "errors"));
    expect(journal.openByService(120_000)).toEqual(new Map([["a", 2]]));
    expect(journal.openByService(500_000)).toEqual(new Map());
  });

  it("forgets the oldest beyond its limit", () => {
    const journal = createAnomalyJournal();
    for (let i = 0; i < 10_050; i++) journal.add(event("a", i));
    const all = journal.search({ service: "", startMs: 0, endMs: 1e9, limit: 1e9 });
    expect(all).toHaveLength(10_000);
    expect(all.at(-1)?.timestampMs).toBe(50);
  });
});
