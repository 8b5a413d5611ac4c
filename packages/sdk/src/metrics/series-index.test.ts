import { describe, expect, it } from "vitest";
import type { AttributePairs } from "./attribute-key.ts";
import { SeriesIndex } from "./series-index.ts";

const index = (limit = 2000) =>
  new SeriesIndex((attributes: AttributePairs) => ({ attributes, value: 0 }), {
    limit,
    keep: undefined,
  });

describe("SeriesIndex", () => {
  it("finds one series whatever the order of the attributes", () => {
    const series = index();
    expect(series.get({ a: 1, b: 2 })).toBe(series.get({ b: 2, a: 1 }));
    expect(series.get({ a: 1, b: 2 })).toBe(series.get({ a: 1, b: 2, c: undefined }));
    expect(series.size).toBe(1);
  });

  it("tells apart types, prefixes and names that look alike", () => {
    const series = index();
    const sets = [
      { a: 1 },
      { a: "1" },
      { a: true },
      { a: "true" },
      { a: [1] },
      { a: "1", b: "" },
      {},
    ];
    expect(new Set(sets.map((set) => series.get(set))).size).toBe(sets.length);
    expect(series.get({ ["__proto__"]: 1 }).attributes).toEqual([["__proto__", 1]]);
  });

  it("gives the same series for equal lists, which are different objects", () => {
    const series = index();
    expect(series.get({ a: [1, 2] })).toBe(series.get({ a: [1, 2] }));
    expect(series.size).toBe(1);
  });

  // https://opentelemetry.io/docs/specs/otel/metrics/sdk/#cardinality-limits
  it("merges sets beyond the limit into one overflow series, counted in the limit", () => {
    const series = index(5);
    for (let i = 0; i < 100; i++) series.get({ i }).value++;
    expect(series.size).toBe(5);
    const overflow = [...series.values()].at(-1);
    expect(overflow?.attributes).toEqual([["otel.metric.overflow", true]]);
    expect(overflow?.value).toBe(96);
    expect(series.get({ i: 2 }).value).toBe(1);
  });
});
