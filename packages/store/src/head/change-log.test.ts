import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/simulated-disk.ts";
import { ChangeLog } from "./change-log.ts";

describe("ChangeLog", () => {
  it("says that new samples leave the past as it was, and late ones do not", () => {
    const log = new ChangeLog();
    log.note(100);
    const { mark } = log;
    log.note(110);
    expect(log.changedSince(mark, 109)).toBe(false);
    expect(log.changedSince(mark, 110)).toBe(true);
    log.note(50);
    expect(log.changedSince(mark, 60)).toBe(true);
    expect(log.changedSince(log.mark, 1e9)).toBe(false);
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
      const untilMs = i + 20 - Math.floor(60 * random());
      const expected = all.slice(mark).some((changed) => changed <= untilMs);
      expect(log.changedSince(mark, untilMs)).toBe(expected);
    }
  });

  it("calls changed what it cannot remember", () => {
    const log = new ChangeLog();
    for (let i = 0; i < 5000; i++) log.note(i);
    expect(log.changedSince(0, -1)).toBe(true);
    expect(log.changedSince(4990, 4989)).toBe(false);
    expect(log.changedSince(4990, 4990)).toBe(true);
  });
});
