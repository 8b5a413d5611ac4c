import { describe, expect, it } from "vitest";
import { GenerationCache } from "./generation-cache.ts";

describe("GenerationCache", () => {
  const cacheOf = (maxBytes: number) =>
    new GenerationCache<string, { bytes: number }>(maxBytes, ({ bytes }) => bytes);

  it("forgets what was not asked for while two generations went by", () => {
    const cache = cacheOf(40);
    for (const key of ["a", "b", "c", "d"]) cache.set(key, { bytes: 10 });
    expect(cache.get("a")).toBeDefined();
    cache.set("e", { bytes: 10 });
    cache.set("f", { bytes: 10 });
    expect(cache.get("a")).toBeDefined();
    expect(cache.get("b")).toBeUndefined();
  });

  it("does not keep what alone would fill a generation", () => {
    const cache = cacheOf(40);
    cache.set("small", { bytes: 1 });
    cache.set("huge", { bytes: 21 });
    expect(cache.get("huge")).toBeUndefined();
    expect(cache.get("small")).toBeDefined();
  });
});
