import { describe, expect, it } from "vitest";
import { fromCoarse, toCoarse } from "./coarse-number.ts";
import { SamplingInterval } from "./sampling-interval.ts";
import { StateArena } from "./state-arena.ts";

describe("StateArena", () => {
  const create = () => {
    const arena = new StateArena();
    return {
      ...{ arena, first: arena.take(2), second: arena.takeSingle(2), third: arena.takeCoarse(1) },
    };
  };

  it("saves every column in order, little-endian, and restores it", () => {
    const from = create();
    from.first.set([1, 2]);
    from.second.set([0.5, 4]);
    from.third.set([toCoarse(-3)]);
    // 1 and 2 as doubles, 0.5 and 4 as singles, the upper half of -3 as a single (IEEE 754)
    const bytes = "000000000000f03f 0000000000000040 0000003f 00008040 40c0".replaceAll(" ", "");
    expect(Buffer.from(from.arena.save(), "base64").toString("hex")).toBe(bytes);
    const to = create();
    to.arena.restore(from.arena.save());
    expect([...to.first, ...to.second]).toEqual([1, 2, 0.5, 4]);
    expect(fromCoarse(to.third[0]!)).toBe(-3);
  });

  it("tells its size", () => {
    expect(create().arena.byteLength).toBe(26);
  });

  it("refuses another size, a number that is not finite, and what is no base64", () => {
    const broken = create();
    broken.second.set([1, Number.POSITIVE_INFINITY]);
    const invalid = expect.objectContaining({ code: "invalid_state" });
    for (const saved of [btoa("abc"), broken.arena.save(), "*"]) {
      expect(() => create().arena.restore(saved)).toThrow(invalid);
    }
  });

  it("changes nothing when it refuses", () => {
    const broken = create();
    broken.first.set([7, 7]);
    broken.second.set([1, Number.NaN]);
    const to = create();
    expect(() => to.arena.restore(broken.arena.save())).toThrow();
    expect([...to.first]).toEqual([0, 0]);
  });
});

describe("coarse numbers", () => {
  it("keep every number to 0.4 %, its sign and size", () => {
    for (const value of [1, -1, 0.7, 1e-20, -7.7e30, 65_536, 0.1]) {
      expect(Math.abs(fromCoarse(toCoarse(value)) / value - 1)).toBeLessThan(0.004);
    }
    expect(fromCoarse(toCoarse(0))).toBe(0);
  });
});

describe("SamplingInterval", () => {
  const create = () => new SamplingInterval(new Float64Array(SamplingInterval.stateLength));

  it("places samples: first, next, out of order, after a gap of more than five intervals", () => {
    const interval = create();
    const arrivals = Array.from({ length: 10 }, (_, i) => interval.place(1000 * i));
    expect(arrivals.slice(0, 2)).toEqual(["first", "next"]);
    expect(interval.intervalMs).toBe(1000);
    expect(interval.place(9000)).toBe("out-of-order");
    expect(interval.place(100)).toBe("out-of-order");
    expect(interval.place(14_000)).toBe("next");
    expect(interval.place(30_000)).toBe("after-gap");
  });

  it("is hardly moved by one odd distance, and follows a lasting change", () => {
    const interval = create();
    for (let i = 0; i < 20; i++) interval.place(1000 * i);
    interval.place(23_000);
    expect(interval.intervalMs).toBeLessThanOrEqual(1050);
    for (let i = 1; i < 40; i++) interval.place(23_000 + 2000 * i);
    expect(interval.intervalMs).toBeCloseTo(2000, 6);
  });

  it("finds the series absent after five intervals of silence", () => {
    const interval = create();
    for (let i = 0; i < 20; i++) interval.place(1000 * i);
    expect([interval.isAbsent(22_000), interval.isAbsent(25_000)]).toEqual([false, true]);
    expect(create().isAbsent(1e12)).toBe(false);
  });
});
