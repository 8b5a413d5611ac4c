import { describe, expect, it } from "vitest";
import { isStaleAt, setStaleAt } from "./stale-marker.ts";

describe("stale marker", () => {
  it("has the bits 0x7ff0000000000002 of Prometheus and survives copying", () => {
    const values = new Float64Array([1, 2, 3]);
    setStaleAt(values, 1);
    const copy = values.slice();
    expect(new BigUint64Array(copy.buffer)[1]).toBe(0x7ff0000000000002n);
    expect(isStaleAt(copy, 1)).toBe(true);
  });

  it("is not any other NaN, nor a number", () => {
    const values = new Float64Array([Number.NaN, 0]);
    expect(isStaleAt(values, 0)).toBe(false);
    expect(isStaleAt(values, 1)).toBe(false);
  });
});
