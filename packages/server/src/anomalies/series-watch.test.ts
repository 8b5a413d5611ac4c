import { createRandom } from "@avx/analysis";
import { describe, expect, it } from "vitest";
import { createSeriesWatch, PAGE_SCORE, type WatchAnswer } from "./series-watch.ts";

const SERIES = {
  ...{ key: "latency cart", service: "cart", signal: "latency" as const, metric: "" },
  ...{ unit: "s" as const, kind: "gauge" as const },
};

/** 50 ms with 5 ms of noise, 400 ms more from `slowFrom` to `slowTo`; one sample in 2 s. */
function watched(slowFrom: number, slowTo: number, threshold = PAGE_SCORE) {
  const random = createRandom(11);
  const watch = createSeriesWatch(SERIES);
  const answers: WatchAnswer[] = [];
  for (let i = 0; i < 300; i++) {
    const slow = i >= slowFrom && i < slowTo ? 0.4 : 0;
    answers.push(
      watch.push(
        { timestampMs: i * 2000, value: 0.05 + 0.005 * random.normal() + slow },
        threshold,
      ),
    );
  }
  return { watch, answers, changes: answers.filter(({ change }) => change !== "none") };
}

describe("series watch", () => {
  it("makes one event of one slow spell: opened at its first sample, closed soon after its end", () => {
    const { changes } = watched(150, 180);
    const { event: opened } = changes[0] ?? {};
    expect(changes.filter(({ change }) => change === "opened")).toHaveLength(1);
    expect(opened).toMatchObject({ id: "latency cart@300000", reason: "jump-up", endMs: null });
    expect(opened?.expectedUpper).toBeLessThan(0.2);
    const closed = changes.at(-1);
    expect(closed?.change).toBe("closed");
    expect(closed?.event?.id).toBe(opened?.id);
    expect(closed?.event?.endMs).toBeGreaterThanOrEqual(360_000);
    expect(closed?.event?.endMs).toBeLessThanOrEqual(364_000);
  });

  it("remembers the value farthest from what was expected", () => {
    const { changes } = watched(150, 180);
    const peak = changes.at(-1)?.event?.peakValue;
    expect(peak).toBeGreaterThan(0.45);
    expect(peak).toBeLessThan(0.48);
  });

  it("says nothing of ordinary samples, nor before it has learned", () => {
    expect(watched(999, 999).changes).toEqual([]);
    expect(watched(10, 20).changes).toEqual([]);
  });

  it("holds what was expected before while a change lasts", () => {
    const { answers } = watched(150, 180);
    expect(answers[149]?.verdict.expectedUpper).toBeLessThan(0.2);
    expect(answers[170]?.verdict.expectedUpper).toBeLessThan(0.2);
  });

  it("opens nothing below the threshold of its series", () => {
    expect(watched(150, 180, 0.9999).changes).toEqual([]);
  });

  it("goes on after a restart with the event that was open", () => {
    const { watch } = watched(290, 999);
    expect(watch.open).toBeDefined();
    const revived = createSeriesWatch(SERIES);
    revived.restore(JSON.parse(JSON.stringify(watch.save())));
    expect(revived.open?.id).toBe("latency cart@580000");
    const answer = revived.push({ timestampMs: 600_000, value: 0.05 }, PAGE_SCORE);
    expect(answer).toMatchObject({ change: "closed", event: { id: "latency cart@580000" } });
  });

  it("finds the same spell again, though the detector is used to it, and closes it after its end", () => {
    const random = createRandom(11);
    const watch = createSeriesWatch(SERIES);
    const isSlow = (i: number): boolean => (i >= 150 && i < 180) || (i >= 240 && i < 270);
    const changes: string[] = [];
    for (let i = 0; i < 330; i++) {
      const value = 0.05 + 0.005 * random.normal() + (isSlow(i) ? 0.4 : 0);
      const { change, event } = watch.push({ timestampMs: i * 2000, value }, PAGE_SCORE);
      if (change === "opened" || change === "closed")
        changes.push(`${change} ${event?.reason} ${i}`);
    }
    expect(changes).toEqual([
      ...["opened jump-up 150", "closed jump-up 180"],
      ...["opened jump-up 241", "closed jump-up 271"],
    ]);
  });

  it("opens an event when samples stop for a minute, and closes it with the next one", () => {
    const { watch } = watched(999, 999);
    expect(watch.silence(598_000 + 60_000).change).toBe("none");
    expect(watch.silence(598_000 + 60_001)).toMatchObject({
      change: "opened",
      event: { reason: "absent" },
    });
    expect(watch.silence(598_000 + 70_000).change).toBe("none");
    expect(watch.push({ timestampMs: 700_000, value: 0.05 }, PAGE_SCORE).change).toBe("closed");
  });
});
