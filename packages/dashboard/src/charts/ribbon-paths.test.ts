import { describe, expect, it } from "vitest";
import { ribbonLevel, ribbonPaths, worstCell } from "./ribbon-paths.ts";

const cells = { scores: [null, 0.05, 0.6, 0.9, null], events: [0, 0, 0, 1, 1] };

describe("ribbonLevel", () => {
  it.each([
    [0, null],
    [1, "calm"],
    [2, "unusual"],
    [3, "event"],
    [4, "event"],
  ] as const)("of cell %i is %s", (cell, level) => {
    expect(ribbonLevel(cells, cell)).toBe(level);
  });
});

describe("ribbonPaths", () => {
  it("draws a bar a judged cell, as high as its score, and full under an event", () => {
    expect(ribbonPaths(cells, { width: 50, height: 20 })).toEqual([
      { level: "calm", d: "M10 20v-3h10v3z" },
      { level: "unusual", d: "M20 20v-12h10v12z" },
      { level: "event", d: "M30 20v-20h10v20zM40 20v-20h10v20z" },
    ]);
  });

  it("draws nothing where nothing was judged", () => {
    expect(ribbonPaths({ scores: [null], events: [0] }, { width: 9, height: 9 })).toEqual([]);
  });
});

describe("worstCell", () => {
  it("is the first of the worst, and none without a score", () => {
    expect(worstCell({ scores: [0.2, 0.7, null, 0.7], events: [] })).toBe(1);
    expect(worstCell({ scores: [null], events: [0] })).toBe(-1);
  });
});
