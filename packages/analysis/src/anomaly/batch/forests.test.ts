import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { averagePathLength, growIsolationForest } from "./isolation-forest.ts";
import { createRandomCutForest } from "./random-cut-forest.ts";
import { RandomCutTree } from "./random-cut-tree.ts";

/** Points of a round cloud. */
function cloud(count: number, seed: number): Float64Array[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => Float64Array.of(random.normal(), random.normal()));
}

describe("isolation forest", () => {
  it.each([
    // scikit-learn, test_iforest.py: average path lengths of 1, 2, 5 and 999 samples
    [1, 0],
    [2, 1],
    [5, 2 * (Math.log(4) + 0.5772156649015329) - 8 / 5],
    [999, 2 * (Math.log(998) + 0.5772156649015329) - (2 * 998) / 999],
  ])("has the average path length of scikit-learn for %d rows", (size, expected) => {
    expect(averagePathLength(size)).toBeCloseTo(expected, 12);
  });

  it("scores an outlier far above 0.5 and the middle below, as section 3 of the paper says", () => {
    const forest = growIsolationForest(cloud(500, 1), { random: createRandom(2) });
    expect(forest.score(Float64Array.of(6, 6))).toBeGreaterThan(0.7);
    expect(forest.score(Float64Array.of(0, 0))).toBeLessThan(0.5);
  });

  it("gives the toy example of scikit-learn's tests its two outliers", () => {
    // test_iforest_works: six points near two clusters, then two far ones
    const rows = [
      [-2, -1],
      [-1, -1],
      [-1, -2],
      [1, 1],
      [1, 2],
      [2, 1],
      [7, 4],
      [-5, 9],
    ].map((row) => Float64Array.from(row));
    const forest = growIsolationForest(rows, { random: createRandom(1) });
    const scores = rows.map((row) => forest.score(row));
    expect(Math.min(...scores.slice(6))).toBeGreaterThan(Math.max(...scores.slice(0, 6)));
  });

  it("scores equal rows alike, at the middle, and refuses a single one", () => {
    const equal = Array.from({ length: 10 }, () => Float64Array.of(1, 1));
    const forest = growIsolationForest(equal, { random: createRandom(1) });
    expect(forest.score(Float64Array.of(1, 1))).toBeCloseTo(0.5, 12);
    const few = expect.objectContaining({ code: "insufficient_data" });
    expect(() => growIsolationForest(equal.slice(0, 1), { random: createRandom(1) })).toThrow(few);
  });
});

describe("random cut tree", () => {
  it("holds what was put in and not taken out, down to nothing", () => {
    const tree = new RandomCutTree(createRandom(1));
    const leaves = cloud(100, 5).map((point) => tree.insert(point));
    expect(tree.size).toBe(100);
    for (const leaf of leaves) tree.remove(leaf);
    expect(tree.size).toBe(0);
  });

  it("counts copies of a point at one leaf", () => {
    const tree = new RandomCutTree(createRandom(1));
    tree.insert(Float64Array.of(0, 0));
    const one = tree.insert(Float64Array.of(5, 5));
    expect(tree.insert(Float64Array.of(5, 5))).toBe(one);
    expect(tree.size).toBe(3);
    tree.remove(one);
    expect(tree.size).toBe(2);
  });

  it("cuts a gap first in proportion to its width (the first property of the paper)", () => {
    // Of 0, 1 and 10 the first cut falls into [1, 10] with probability 9/10, leaving 10 alone: its
    // displacement is then 2 of 1. Otherwise it is 1 of 1.
    const random = createRandom(6);
    const rounds = 4000;
    let wide = 0;
    for (let i = 0; i < rounds; i++) {
      const tree = new RandomCutTree(random);
      const leaves = [0, 10, 1].map((value) => tree.insert(Float64Array.of(value)));
      if (tree.displacement(leaves[1]!) === 2) wide++;
    }
    expect(Math.abs(wide / rounds - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / rounds));
  });

  it("keeps that distribution when a point is taken out again", () => {
    const random = createRandom(7);
    const rounds = 4000;
    let wide = 0;
    for (let i = 0; i < rounds; i++) {
      const tree = new RandomCutTree(random);
      const passing = tree.insert(Float64Array.of(5));
      const leaves = [0, 10, 1].map((value) => tree.insert(Float64Array.of(value)));
      tree.remove(passing);
      if (tree.displacement(leaves[1]!) === 2) wide++;
    }
    expect(Math.abs(wide / rounds - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / rounds));
  });
});

describe("random cut forest", () => {
  it("gives a far point the largest displacement of a stream", () => {
    const forest = createRandomCutForest({ random: createRandom(3) });
    const usual = cloud(600, 4).map((point) => forest.push(point));
    const outlier = forest.push(Float64Array.of(9, 9));
    expect(outlier).toBeGreaterThan(Math.max(...usual.slice(100)));
    expect(usual[0]).toBe(0);
  });

  it("gets used to a new place once the window has forgotten the old one", () => {
    const forest = createRandomCutForest({ random: createRandom(3), windowPoints: 64 });
    for (const point of cloud(200, 4)) forest.push(point);
    const moved = cloud(200, 5).map((point) => forest.push(point.map((value) => value + 20)));
    expect(moved[0]).toBeGreaterThan(30);
    expect(Math.max(...moved.slice(-50))).toBeLessThan(30);
  });
});
