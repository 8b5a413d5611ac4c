import { labelsFromRecord } from "@avx/model";
import { describe, expect, it } from "vitest";
import { ratioOffset, xxHash64 } from "./label-hash.ts";

describe("xxHash64", () => {
  // Source: test vectors of the xxHash reference implementation (seed 0).
  it.each([
    ["", 0xef46db3751d8e999n],
    ["a", 0xd24ec4f1a98c6e5bn],
    ["abc", 0x44bc2cf5ad770999n],
    ["Nobody inspects the spammish repetition", 0xfbcea83c8a378bf1n],
  ])("of %j", (text, hash) => {
    expect(xxHash64(new TextEncoder().encode(text))).toBe(hash);
  });
});

describe("ratioOffset", () => {
  it("spreads series evenly over [0, 1)", () => {
    const offsets = Array.from({ length: 1000 }, (_, i) =>
      ratioOffset(labelsFromRecord({ __name__: "up", instance: `host-${i}` })),
    );
    expect(offsets.every((offset) => offset >= 0 && offset < 1)).toBe(true);
    const below = offsets.filter((offset) => offset < 0.3).length;
    expect(Math.abs(below - 300)).toBeLessThan(60); // four standard deviations
  });

  it("takes long values", () => {
    const long = labelsFromRecord({ a: "x".repeat(300) });
    expect(ratioOffset(long)).not.toBe(ratioOffset(labelsFromRecord({ a: "x".repeat(301) })));
  });
});
