import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { createStreamingDetector, type StreamingDetector } from "./streaming-detector.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** 1970-01-05 was a Monday. */
const MONDAY_MS = 4 * DAY_MS;

interface Office {
  /** Days on which nobody comes, counted from the first Monday. */
  readonly closed?: (day: number) => boolean;
  readonly days?: number;
  readonly stepMinutes?: number;
  readonly seed?: number;
}

const isWeekend = (day: number) => day % 7 >= 5;

/** Requests of an office: 20 a second at night, 100 from eight to six on open days, with noise. */
function pagesOf(detector: StreamingDetector, office: Office = {}) {
  const { closed = isWeekend, days = 35, stepMinutes = 5, seed = 1 } = office;
  const random = createRandom(seed);
  const pages: { day: number; hour: number; reason: string }[] = [];
  for (let minute = 0; minute < days * 1440; minute += stepMinutes) {
    const day = Math.floor(minute / 1440);
    const hour = (minute % 1440) / 60;
    const isBusy = !closed(day) && hour >= 8 && hour < 18;
    const value = (isBusy ? 100 : 20) * (1 + 0.03 * random.normal());
    const { page, reason } = detector.push(MONDAY_MS + minute * MINUTE_MS, value);
    if (page) pages.push({ day, hour, reason });
  }
  return pages;
}

describe("a service with weekdays and weekends", () => {
  it.each([5, 1])(
    "is not paged for a Monday morning once it knows a week (step %d min)",
    (step) => {
      for (const seed of [1, 2, 3]) {
        const pages = pagesOf(createStreamingDetector(), { stepMinutes: step, seed });
        expect(pages.filter(({ day }) => day >= 14)).toEqual([]);
      }
    },
  );

  it("is paged for the Monday morning that does not come, by its week", () => {
    for (const seed of [1, 2, 3]) {
      const closed = (day: number) => isWeekend(day) || day === 28;
      const pages = pagesOf(createStreamingDetector(), { closed, seed });
      const late = pages.filter(({ day }) => day >= 14);
      expect(late[0]).toMatchObject({ day: 28, reason: "season-down" });
      expect(late[0]?.hour).toBeLessThan(10);
    }
  });

  it("is paged for a busy Sunday", () => {
    const closed = (day: number) => isWeekend(day) && day !== 27;
    const pages = pagesOf(createStreamingDetector(), { closed });
    const late = pages.filter(({ day }) => day >= 14);
    expect(late[0]?.day).toBe(27);
    expect(late[0]?.hour).toBeLessThan(9.5);
  });
});

describe("the memory of the week", () => {
  it("is kept by a series that follows the week, and counted", () => {
    const detector = createStreamingDetector();
    pagesOf(detector);
    expect(detector.weekBytes).toBe(736);
  });

  it("is given up where each day is like the other, and not begun where no day is", () => {
    const daily = createStreamingDetector();
    pagesOf(daily, { closed: () => false, stepMinutes: 15 });
    expect(daily.weekBytes).toBe(0);
    const random = createRandom(9);
    const noise = createStreamingDetector();
    for (let i = 0; i < 2000; i++) noise.push(i * 15 * MINUTE_MS, random.normal());
    expect(noise.weekBytes).toBe(0);
  });

  it("goes through a saved state, and through a row, with the very same answers", () => {
    const [first, saved, row] = [1, 2, 3].map(() => createStreamingDetector());
    pagesOf(first!, { days: 20, stepMinutes: 15 });
    saved!.restore(JSON.parse(JSON.stringify(first!.save())));
    const bytes = new Uint8Array(first!.stateBytes);
    const week = first!.pack(bytes);
    row!.unpack(bytes, week);
    for (let i = 0; i < 100; i++) {
      const at = MONDAY_MS + 20 * DAY_MS + i * 15 * MINUTE_MS;
      const verdict = saved!.push(at, 20 + i);
      expect(row!.push(at, 20 + i)).toEqual(verdict);
    }
  });

  it("is refused when it is no week", () => {
    const detector = createStreamingDetector();
    const invalid = expect.objectContaining({ code: "invalid_state" });
    expect(() => detector.restore({ ...detector.save(), week: "AAAA" })).toThrow(invalid);
  });
});

describe("causality with a week and a memory of shapes", () => {
  it("is strict: a prefix of 25 days gets the same verdicts", () => {
    const random = createRandom(11);
    const value = (i: number) => {
      const isBusy = !isWeekend(Math.floor(i / 96)) && i % 96 >= 32 && i % 96 < 72;
      return (isBusy ? 100 : 20) * (1 + 0.1 * random.normal()) + (i === 1500 ? 90 : 0);
    };
    const values = Array.from({ length: 2400 }, (_, i) => value(i));
    const verdictsOf = (part: readonly number[]) => {
      const detector = createStreamingDetector();
      return part.map((each, i) => detector.push(MONDAY_MS + i * 15 * MINUTE_MS, each));
    };
    const whole = verdictsOf(values);
    for (const end of [700, 1400, 1501, 2100]) {
      expect(verdictsOf(values.slice(0, end))).toEqual(whole.slice(0, end));
    }
  });
});
