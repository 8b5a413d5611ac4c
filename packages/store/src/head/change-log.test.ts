import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/simulated-disk.ts";
import { ChangeLog } from "./change-log.ts";

describe("ChangeLog", () => {
  it("says that new samples leave the past as it was, and late ones do not", () => {
    const log = new ChangeLog();
    log.note(100);
    const { mark } = log;
    log.note(110);
    expect(log.since(mark).earliestMs).toBe(110);
    log.note(50);
    expect(log.since(mark).earliestMs).toBe(50);
    expect(log.since(log.mark)).toEqual({ mark: log.mark, earliestMs: Infinity });
  });

  it("agrees with a list of all changes", () => {
    const random = seededRandom(7);
    const log = new ChangeLog();
    const all: number[] = [];
    for (let i = 0; i < 500; i++) {
      const earliestMs = i + Math.floor(-40 * random() ** 3);
      log.note(earliestMs);
      all.push(earliestMs);
      const mark = Math.floor(random() * all.length);
      expect(log.since(mark).earliestMs).toBe(Math.min(...all.slice(mark)));
    }
  });

  it("is exact for the newest marks and never too late for old ones", () => {
    const log = new ChangeLog();
    for (let i = 0; i < 50_000; i++) log.note(i);
    expect(log.since(49_990).earliestMs).toBe(49_990);
    for (const mark of [0, 1, 777, 20_000, 48_000, 49_500]) {
      expect(log.since(mark).earliestMs).toBeLessThanOrEqual(mark);
    }
    expect(log.since(48_000).earliestMs).toBeGreaterThan(40_000);
  });
});
