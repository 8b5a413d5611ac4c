import { describe, expect, it } from "vitest";
import { SamplingInterval } from "./sampling-interval.ts";
import { StateArena } from "./state-arena.ts";

describe("StateArena", () => {
  const create = () => {
    const arena = new StateArena();
    return { arena, first: arena.take(2), second: arena.takeSingle(2) };
  };

  it("saves every column in order, and restores it", () => {
    const from = create();
    from.first.set([1, 2]);
    from.second.set([0.5, 4]);
    expect(from.arena.save()).toEqual([1, 2, 0.5, 4]);
    const to = create();
    to.arena.restore(from.arena.save());
    expect([...to.first, ...to.second]).toEqual([1, 2, 0.5, 4]);
  });

  it("tells its size", () => {
    expect(create().arena).toMatchObject({ length: 4, byteLength: 24 });
  });

  it.each([[[1, 2, 3]], [[1, 2, 3, Number.NaN]]])("refuses %j", (numbers) => {
    expect(() => create().arena.restore(numbers)).toThrow(
      expect.objectContaining({ code: "invalid_state" }),
    );
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
