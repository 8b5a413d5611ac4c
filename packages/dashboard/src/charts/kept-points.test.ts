import { describe, expect, it } from "vitest";
import { BREAK, keptPoints } from "./kept-points.ts";

/** Points spread evenly over so many columns of pixels. */
function keptOf(values: readonly (number | null)[], widthPx: number): number[] {
  const columnOf = (index: number): number => Math.floor((index * widthPx) / values.length);
  return keptPoints({ values, firstIndex: 0, lastIndex: values.length - 1, columnOf });
}

/** mulberry32, so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WIDTHS_PX = [1, 2, 3, 7, 50, 333, 1000, 1920, 3840, 10_000];

describe("keptPoints", () => {
  it.each(WIDTHS_PX)("keeps a spike of a single sample, up or down, at %i px", (widthPx) => {
    const next = random(widthPx);
    for (let round = 0; round < 40; round++) {
      const values = Array.from({ length: 10_000 }, () => next());
      const up = Math.floor(next() * values.length);
      const down = (up + 1 + Math.floor(next() * (values.length - 1))) % values.length;
      values[up] = 1000;
      values[down] = -1000;
      const kept = keptOf(values, widthPx);
      expect(kept).toContain(up);
      expect(kept).toContain(down);
    }
  });

  it.each(WIDTHS_PX)("keeps a lone sample between two gaps at %i px", (widthPx) => {
    for (const index of [0, 1, 4999, 9998, 9999]) {
      const values = Array.from({ length: 10_000 }, (_, i) => (i === index ? 1 : null));
      expect(keptOf(values, widthPx)).toEqual([index]);
    }
  });

  it("keeps of each column the first, lowest, highest and last, in the order of time", () => {
    expect(keptOf([5, 9, 6, 1, 7, 5], 1)).toEqual([0, 1, 3, 5]);
    expect(keptOf([5, 1, 6, 9, 7, 5], 1)).toEqual([0, 1, 3, 5]);
    expect(keptOf([1, 2, 3, 3, 2, 1], 2)).toEqual([0, 2, 3, 5]);
    expect(keptOf([4, 4, 4, 4], 1)).toEqual([0, 3]);
  });

  it("has the lowest and the highest value of every column that all points have", () => {
    const next = random(7);
    const values = Array.from({ length: 5000 }, () => (next() < 0.1 ? null : next()));
    const kept = keptOf(values, 300);
    const extremes = (indices: readonly number[]): Map<number, readonly [number, number]> => {
      const found = new Map<number, readonly [number, number]>();
      for (const index of indices) {
        const value = values[index] ?? null;
        if (value === null) continue;
        const column = Math.floor((index * 300) / 5000);
        const [low, high] = found.get(column) ?? [value, value];
        found.set(column, [Math.min(low, value), Math.max(high, value)]);
      }
      return found;
    };
    expect(extremes(kept)).toEqual(extremes([...values.keys()]));
    expect(kept.length).toBeLessThanOrEqual(300 * 5);
  });

  it("keeps every point where there is at most one a pixel", () => {
    expect(keptOf([1, 2, 3, 4], 4)).toEqual([0, 1, 2, 3]);
  });

  it("breaks the line at gaps, but not at those narrower than a pixel", () => {
    expect(keptOf([1, 2, null, 4], 4)).toEqual([0, 1, BREAK, 3]);
    expect(keptOf([1, null, 2, 3], 1)).toEqual([0, 3]);
    expect(keptOf([null, 1, null, null, 2, null], 3)).toEqual([1, BREAK, 4]);
  });

  it("keeps nothing of nothing, and nothing outside of the stretch that is drawn", () => {
    expect(keptOf([], 10)).toEqual([]);
    expect(keptOf([null, null], 10)).toEqual([]);
    const stretch = { firstIndex: 1, lastIndex: 2, columnOf: (index: number) => index };
    expect(keptPoints({ values: [1, 2, 3, 4], ...stretch })).toEqual([1, 2]);
  });
});
