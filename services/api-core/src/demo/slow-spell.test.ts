import { describe, expect, it } from "vitest";
import { SlowSpell } from "./slow-spell.ts";
import { workTimeMs } from "./work-time.ts";

describe("SlowSpell", () => {
  it("lasts as long as it was given, and a new one replaces it", () => {
    let nowMs = 1000;
    const spell = new SlowSpell(() => nowMs);
    expect(spell.extraMs).toBe(0);
    expect(spell.begin(400, 60_000)).toBe(61_000);
    nowMs = 60_999;
    expect([spell.extraMs, spell.untilMs]).toEqual([400, 61_000]);
    nowMs = 61_000;
    expect([spell.extraMs, spell.untilMs]).toEqual([0, undefined]);
    spell.begin(400, 60_000);
    spell.begin(0, 0);
    expect(spell.extraMs).toBe(0);
  });
});

describe("workTimeMs", () => {
  it("is log-normal around its median, and longer under contention", () => {
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const profile = { medianMs: 10, spread: 0.5 };
    const times = Array.from({ length: 20_001 }, () => workTimeMs(profile, 1, random)).sort(
      (a, b) => a - b,
    );
    // Quantiles of the log-normal distribution: median * e^(spread * z), z(0.99) = 2.326.
    expect(times[10_000]).toBeCloseTo(10, 0);
    expect((times[19_800] ?? 0) / 10).toBeCloseTo(Math.exp(0.5 * 2.326), 0);
    expect(workTimeMs(profile, 41, () => 0.25)).toBeCloseTo(
      2 * workTimeMs(profile, 1, () => 0.25),
      9,
    );
  });
});
