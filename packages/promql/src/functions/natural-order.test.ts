import { describe, expect, it } from "vitest";
import { naturallyBefore } from "./natural-order.ts";

describe("naturallyBefore", () => {
  it("counts digits as numbers and texts as texts", () => {
    const sorted = ["", "a", "a1", "a2", "a10", "a10b", "b1", "b01c"];
    const shuffled = ["b1", "a10b", "a2", "", "b01c", "a10", "a", "a1"];
    shuffled.sort((a, b) => (a === b ? 0 : naturallyBefore(a, b) ? -1 : 1));
    expect(shuffled).toEqual(sorted);
  });

  it("compares digit runs that no integer holds as texts", () => {
    expect(naturallyBefore("9".repeat(30), `1${"0".repeat(30)}`)).toBe(false);
  });
});
