import { describe, expect, it } from "vitest";
import { sparklinePath } from "./sparkline-path.ts";

const SIZE = { width: 100, height: 23 };

describe("sparklinePath", () => {
  it("goes from 0 at the bottom to the highest value at the top", () => {
    expect(sparklinePath([0, 10, 5], SIZE)).toBe("M0 21.5L50 1.5L100 11.5");
  });

  it("breaks at a gap, and shows a lone value as a dash", () => {
    expect(sparklinePath([1, 1, null, 1, null], SIZE)).toBe("M0 1.5L25 1.5M74 1.5h2");
  });

  it("keeps a spike of a single sample", () => {
    const values = Array.from({ length: 60 }, (_, i) => (i === 31 ? 1000 : 1));
    expect(sparklinePath(values, SIZE)).toContain(" 1.5L");
  });

  it("is empty without values and flat for zeros", () => {
    expect(sparklinePath([], SIZE)).toBe("");
    expect(sparklinePath([null], SIZE)).toBe("");
    expect(sparklinePath([0, 0], SIZE)).toBe("M0 21.5L100 21.5");
  });
});
