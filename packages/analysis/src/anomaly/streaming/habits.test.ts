import { describe, expect, it } from "vitest";
import { AcceptedJumps } from "./accepted-jumps.ts";
import { DayJumps } from "./day-jumps.ts";
import { DayProfile, type Moment } from "./day-profile.ts";
import { FlatLine } from "./flat-line.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

/** A minute since the series began at midnight, of samples some minutes apart. */
function momentAt(minute: number, intervalMinutes: number): Moment {
  const timestampMs = minute * MINUTE_MS;
  return { timestampMs, intervalMs: intervalMinutes * MINUTE_MS, days: minute / 1440 };
}

describe("AcceptedJumps", () => {
  const create = () => new AcceptedJumps(new Float32Array(AcceptedJumps.stateLength));
  const follow = (jumps: AcceptedJumps, values: readonly number[], start: number) => {
    let previous = start;
    for (const value of values) {
      jumps.follow(value, value - previous);
      previous = value;
    }
  };

  it("knows a jump after which the series stayed, by size and direction", () => {
    const jumps = create();
    jumps.begin(100, -60);
    follow(jumps, Array<number>(1000).fill(40), 40);
    expect(jumps.isFamiliar(-60)).toBe(true);
    expect(jumps.isFamiliar(-120)).toBe(false);
    expect(jumps.isFamiliar(60)).toBe(false);
  });

  it("does not learn a blip, nor an outage that ends", () => {
    const blip = create();
    blip.begin(100, -60);
    follow(blip, [40, 100, ...Array<number>(1000).fill(100)], 40);
    expect(blip.isFamiliar(-60)).toBe(false);
    const outage = create();
    outage.begin(100, -60);
    follow(outage, [...Array<number>(300).fill(40), ...Array<number>(1000).fill(100)], 40);
    expect(outage.isFamiliar(-60)).toBe(false);
  });
});

describe("DayJumps", () => {
  it("makes a jump a habit when it came at the same time on two days", () => {
    const jumps = new DayJumps(
      new Float32Array(DayJumps.stateLength),
      new Uint16Array(DayJumps.memoryLength),
    );
    const familiar: boolean[] = [];
    for (let minute = 0; minute < 4 * 1440; minute += 5) {
      jumps.advance(minute * MINUTE_MS);
      if (minute % 1440 !== 9 * 60) continue;
      familiar.push(jumps.isFamiliar(50));
      jumps.learn(50);
    }
    expect(familiar).toEqual([false, false, true, true]);
  });

  it("knows neither the other direction, nor a much bigger jump, nor another time", () => {
    const jumps = new DayJumps(
      new Float32Array(DayJumps.stateLength),
      new Uint16Array(DayJumps.memoryLength),
    );
    for (let minute = 0; minute < 2 * 1440 + 9 * 60; minute += 5) {
      jumps.advance(minute * MINUTE_MS);
      if (minute % 1440 === 9 * 60) jumps.learn(50);
    }
    jumps.advance((2 * 1440 + 9 * 60) * MINUTE_MS);
    expect([50, -50, 100].map((jump) => jumps.isFamiliar(jump))).toEqual([true, false, false]);
    jumps.advance((2 * 1440 + 12 * 60) * MINUTE_MS);
    expect(jumps.isFamiliar(50)).toBe(false);
  });
});

describe("DayProfile", () => {
  /** A profile fed with `days` of a value by the minute of the day, one sample each five minutes. */
  function profileOf(days: number, valueAt: (minute: number, index: number) => number) {
    const profile = new DayProfile(
      new Float32Array(DayProfile.stateLength),
      new Float32Array(DayProfile.profileLength),
    );
    for (let i = 0; i < days * 288; i++) {
      const minute = i * 5;
      profile.take(valueAt(minute % 1440, i), momentAt(minute, 5));
    }
    return profile;
  }
  const wave = (minute: number) => 100 + 50 * Math.sin((2 * Math.PI * minute) / 1440);

  it("learns a daily wave and says what each time of day brings", () => {
    const profile = profileOf(4, wave);
    expect(profile.isSeasonal).toBe(true);
    for (const minute of [0, 360, 1000]) {
      expect(profile.expectedAt(10 * DAY_MS + minute * MINUTE_MS)).toBeCloseTo(wave(minute), -0.5);
    }
  });

  it("does not call a series seasonal before its third day, nor one without a day", () => {
    expect(profileOf(2, wave).isSeasonal).toBe(false);
    expect(profileOf(5, (_, i) => ((i * 7919) % 101) / 101).isSeasonal).toBe(false);
  });

  it("measures how far the day is from its usual course", () => {
    const late = profileOf(4, (minute, i) => (i > 4 * 288 - 20 ? wave(minute) - 80 : wave(minute)));
    expect(late.deviation).toBeLessThan(-60);
  });

  it("has no profile of samples rarer than hourly", () => {
    const profile = new DayProfile(
      new Float32Array(DayProfile.stateLength),
      new Float32Array(DayProfile.profileLength),
    );
    for (let i = 0; i < 100; i++) profile.take(i % 12, momentAt(i * 120, 120));
    expect(profile.isSeasonal).toBe(false);
  });
});

describe("FlatLine", () => {
  const run = (values: readonly number[]) => {
    const flat = new FlatLine(new Float32Array(FlatLine.stateLength));
    return values.map((value, i) => flat.take(value === values[i - 1]));
  };
  const changing = Array.from({ length: 300 }, (_, i) => Math.sin(i));

  it("is found when a series that always changed repeats a value for 12 samples", () => {
    const stuck = run([...changing, ...Array<number>(20).fill(0.5)]).slice(300);
    expect(stuck.indexOf(true)).toBe(12);
  });

  it("is not found in a series whose habit it is to repeat values", () => {
    const steps = Array.from({ length: 900 }, (_, i) => Math.floor(i / 9));
    expect(run([...steps, ...Array<number>(50).fill(1)])).not.toContain(true);
  });

  it("is not found before the habits are known", () => {
    expect(run(Array<number>(150).fill(3))).not.toContain(true);
  });
});
