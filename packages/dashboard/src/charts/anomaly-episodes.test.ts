import type { AnomalyEvent } from "@avx/server/contract";
import { describe, expect, it } from "vitest";
import { anomalyEpisodes, EPISODE_GAP_MS } from "./anomaly-episodes.ts";

const event = (timestampMs: number, change: Partial<AnomalyEvent> = {}): AnomalyEvent => ({
  metric: "",
  endMs: timestampMs,
  peakValue: change.value ?? 1,
  reason: "jump-up",
  id: `e${timestampMs}`,
  service: "a",
  signal: "latency",
  timestampMs,
  value: 1,
  unit: "s",
  expectedLower: null,
  expectedUpper: null,
  detector: "hampel",
  score: 5,
  threshold: 4,
  ...change,
});

describe("anomalyEpisodes", () => {
  it("joins findings of one signal that follow each other, and names the worst", () => {
    const episodes = anomalyEpisodes(
      [event(30_000), event(0), event(15_000, { score: 9, value: 7 })],
      0,
    );
    expect(episodes).toHaveLength(1);
    expect(episodes[0]).toMatchObject({ id: "e0", number: 1, startMs: 0, endMs: 30_000, count: 3 });
    expect(episodes[0]?.peak.value).toBe(7);
  });

  it("takes of equal scores the finding furthest from what was expected", () => {
    const [episode] = anomalyEpisodes(
      [
        event(0, { value: 2, expectedUpper: 1 }),
        event(10, { value: 9, expectedUpper: 1 }),
        event(20),
      ],
      0,
    );
    expect(episode?.peak.value).toBe(9);
  });

  it("keeps apart what is further apart, of another signal, or of another service", () => {
    const found = anomalyEpisodes(
      [
        event(0),
        event(EPISODE_GAP_MS + 1),
        event(10, { signal: "errors" }),
        event(20, { service: "b" }),
      ],
      0,
    );
    expect(found.map(({ number, startMs }) => [number, startMs])).toEqual([
      [4, EPISODE_GAP_MS + 1],
      [3, 20],
      [2, 10],
      [1, 0],
    ]);
  });

  it("keeps its name while it grows", () => {
    const [before] = anomalyEpisodes([event(0)], 0);
    const [after] = anomalyEpisodes([event(0), event(60_000)], 0);
    expect(after?.id).toBe(before?.id);
  });

  it("leaves out what ended before, and keeps the true start of what did not", () => {
    const events = [event(0), event(100_000), event(200_000), event(10, { signal: "errors" })];
    expect(anomalyEpisodes(events, 150_000)).toMatchObject([{ number: 1, startMs: 0 }]);
  });

  it("stays open while a finding of it is, and takes in all that follows", () => {
    const events = [event(0, { endMs: null }), event(900_000, { endMs: 950_000 })];
    expect(anomalyEpisodes(events, 10_000_000)).toMatchObject([
      { startMs: 0, endMs: null, count: 2 },
    ]);
  });

  it("is empty for no findings", () => {
    expect(anomalyEpisodes([], 0)).toEqual([]);
  });
});
