import { describe, expect, it } from "vitest";
import type { Bounds } from "./sorted-window.ts";
import { selectingOrder, slidingOrder, type WindowOrder } from "./window-order.ts";

/** Deterministic pseudo-random numbers in [0, 1) (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The plain way: Prometheus' quantile over a sorted copy, NaN first and -0 before 0. */
function plainQuantile(q: number, window: Float64Array): number {
  if (window.length === 0 || Number.isNaN(q)) return Number.NaN;
  if (q < 0) return Number.NEGATIVE_INFINITY;
  if (q > 1) return Number.POSITIVE_INFINITY;
  const numbers = window.filter((value) => !Number.isNaN(value)).sort();
  const nans = new Array<number>(window.length - numbers.length).fill(Number.NaN);
  const sorted = [...nans, ...numbers];
  const rank = q * (sorted.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return sorted[lower]! * (1 - weight) + sorted[upper]! * weight;
}

function plainDeviation(window: Float64Array): number {
  if (window.some(Number.isNaN)) return Number.NaN;
  const median = plainQuantile(0.5, window);
  return plainQuantile(
    0.5,
    window.map((value) => Math.abs(value - median)),
  );
}

/** Kinds of series; each gives the value at a position. */
const KINDS: Record<string, (random: () => number, at: number) => number> = {
  numbers: (random) => random() * 100 - 50,
  "a counter": (_, at) => at * 3,
  "a falling line": (_, at) => -at,
  "a hill each day": (random, at) => Math.sin(at / 40) * 1000 + random(),
  "few values, many times": (random) => Math.floor(random() * 5) - 2,
  zeros: (random) => (random() < 0.5 ? -0 : 0),
  "zeros among numbers": (random) => [-0, 0, 1, -1, 5e-324, -5e-324][Math.floor(random() * 6)]!,
  "NaN here and there": (random) => (random() < 0.1 ? Number.NaN : random()),
  "all NaN": () => Number.NaN,
  infinities: (random) =>
    [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 1, -1][Math.floor(random() * 5)]!,
  everything: (random) =>
    [Number.NaN, -0, 0, 1e308, -1e308, Number.POSITIVE_INFINITY, random()][
      Math.floor(random() * 7)
    ]!,
};

/** Windows whose ends only rise: short and long, empty ones, and jumps beyond the last window. */
function randomWindows(random: () => number, length: number): Bounds[] {
  const windows: Bounds[] = [];
  let from = 0;
  let to = 0;
  while (to < length) {
    const stride = random() < 0.05 ? random() * 300 : random() * 8;
    to = Math.min(length, to + Math.floor(stride));
    from = Math.min(to, Math.max(from, to - Math.floor(random() * 200)));
    if (to > from) windows.push([from, to]);
  }
  return windows;
}

const QUANTILES = [0.5, 0, 1, 0.9, 0.123, 0.999, -1, 2, Number.NaN];

describe.each([
  ["sliding", slidingOrder],
  ["selecting", selectingOrder],
] satisfies [string, (values: Float64Array) => WindowOrder][])("%s order", (_, orderOf) => {
  it.each(Object.keys(KINDS))("gives the bits of a sorted copy: %s", (kind) => {
    for (let seed = 1; seed <= 8; seed++) {
      const random = seededRandom(seed);
      const values = Float64Array.from({ length: 900 }, (_, at) => KINDS[kind]!(random, at));
      const order = orderOf(values);
      for (const [i, bounds] of randomWindows(random, values.length).entries()) {
        const q = QUANTILES[i % QUANTILES.length]!;
        const window = values.slice(...bounds);
        const where = `seed ${seed}, window ${bounds}, quantile ${q}`;
        expect(order.quantile(q, bounds), where).toBe(plainQuantile(q, window));
        expect(order.medianDeviation(bounds), where).toBe(plainDeviation(window));
      }
    }
  });

  it("stays exact in a window of many thousand samples", () => {
    const random = seededRandom(3);
    const values = Float64Array.from({ length: 30_000 }, () => Math.floor(random() * 1000));
    const order = orderOf(values);
    for (let from = 0; from < 10_000; from += 2500) {
      const bounds: Bounds = [from, from + 20_000];
      expect(order.quantile(0.95, bounds)).toBe(plainQuantile(0.95, values.slice(...bounds)));
    }
  });

  it("leaves the column as it is", () => {
    const values = Float64Array.of(3, -0, Number.NaN, 1);
    orderOf(values).quantile(0.5, [0, 4]);
    orderOf(values).medianDeviation([0, 2]);
    expect([...values]).toEqual([3, -0, Number.NaN, 1]);
  });
});
