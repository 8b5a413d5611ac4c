import { describe, expect, it } from "vitest";
import type { ContrastValues } from "./contrasts.ts";
import { DecayedRecord } from "./decayed-record.ts";
import { RecordBook } from "./record-book.ts";

const QUIET: ContrastValues = {
  ...{ burst: 0, shift: 0, drift: 0, extreme: 0, roughness: 0, pattern: 0 },
};
const NO_DAY = { deviation: 0, isSeasonal: false };
const OLD = { age: 10_000, isSparse: false, isExpected: false, isMoving: false };

describe("DecayedRecord", () => {
  const create = (isSigned: boolean) =>
    new DecayedRecord(new Float32Array(2), { halfLifeSamples: 10, isSigned });

  it("measures a deviation against the largest before, and has no ratio without one", () => {
    const record = create(false);
    expect(record.ratio(5)).toBe(0);
    record.learn(-4);
    expect(record.ratio(6)).toBe(1.5);
  });

  it("keeps a record for each side when signed", () => {
    const record = create(true);
    record.learn(-4);
    expect(record.ratio(6)).toBe(0);
    expect(record.ratio(-6)).toBe(1.5);
    expect([record.bound(1), record.bound(-1)]).toEqual([0, 4]);
  });

  it("halves in its half-life", () => {
    const record = create(false);
    record.learn(8);
    for (let i = 0; i < 10; i++) record.learn(0);
    expect(record.bound(1)).toBeCloseTo(4, 5);
  });
});

describe("RecordBook", () => {
  const create = () => new RecordBook(new Float32Array(RecordBook.stateLength));

  it("is worth a page when a contrast beats its record by its limit, and names it", () => {
    const book = create();
    book.weigh({ ...QUIET, burst: 10 }, NO_DAY, OLD);
    expect(book.weigh({ ...QUIET, burst: 13.4 }, NO_DAY, OLD).strength).toBeLessThan(1);
    const evidence = book.weigh({ ...QUIET, burst: 18.2 }, NO_DAY, OLD);
    expect(evidence.strength).toBeGreaterThan(1);
    expect(evidence).toMatchObject({ reason: "burst-up", isLasting: false });
  });

  it("takes what it has weighed as the new record", () => {
    const book = create();
    book.weigh({ ...QUIET, shift: -10 }, NO_DAY, OLD);
    expect(book.weigh({ ...QUIET, shift: -20 }, NO_DAY, OLD).reason).toBe("shift-down");
    expect(book.weigh({ ...QUIET, shift: -20 }, NO_DAY, OLD).strength).toBeLessThan(1);
  });

  it("asks more of a young series", () => {
    const strengthAt = (age: number) => {
      const book = create();
      const context = { age, isSparse: false, isExpected: false, isMoving: false };
      book.weigh({ ...QUIET, drift: 10 }, NO_DAY, context);
      return book.weigh({ ...QUIET, drift: 15 }, NO_DAY, context).strength;
    };
    expect(strengthAt(251)).toBeLessThan(1);
    expect(strengthAt(500)).toBeGreaterThan(1);
    expect(strengthAt(0)).toBe(0);
  });

  it("gives windows more room in a sparse series, but not single samples", () => {
    const evidenceOf = (contrast: "shift" | "extreme", isSparse: boolean) => {
      const book = create();
      const context = { ...OLD, isSparse };
      book.weigh({ ...QUIET, [contrast]: 10 }, NO_DAY, context);
      return book.weigh({ ...QUIET, [contrast]: 15 }, NO_DAY, context).strength;
    };
    expect(evidenceOf("shift", true)).toBeCloseTo(evidenceOf("shift", false) / 1.5, 2);
    expect(evidenceOf("extreme", true)).toBe(evidenceOf("extreme", false));
  });

  it("excuses what is usual at this time of the week, but its noise only where the level moves", () => {
    const strengthOf = (contrast: "shift" | "roughness", isMoving: boolean) => {
      const book = create();
      book.weigh({ ...QUIET, [contrast]: 10 }, NO_DAY, OLD);
      return book.weigh({ ...QUIET, [contrast]: 30 }, NO_DAY, {
        ...OLD,
        isExpected: true,
        isMoving,
      }).strength;
    };
    expect(strengthOf("shift", false)).toBe(0);
    expect(strengthOf("roughness", false)).toBeGreaterThan(1);
    expect(strengthOf("roughness", true)).toBe(0);
  });

  it("judges by the time of day only in a seasonal series, but learns it always", () => {
    const book = create();
    book.weigh(QUIET, { deviation: 5, isSeasonal: false }, OLD);
    expect(book.weigh(QUIET, { deviation: 20, isSeasonal: false }, OLD).strength).toBe(0);
    const evidence = book.weigh(QUIET, { deviation: 60, isSeasonal: true }, OLD);
    expect(evidence.reason).toBe("season-up");
    expect(evidence.strength).toBeGreaterThan(1);
  });
});
