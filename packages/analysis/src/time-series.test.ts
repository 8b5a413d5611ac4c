import { describe, expect, it } from "vitest";
import { AnalysisError } from "./analysis-error.ts";
import {
  createTimeSeries,
  evenlySpaced,
  lowerBound,
  seriesWindows,
  sliceSeries,
  upperBound,
} from "./time-series.ts";

describe("createTimeSeries", () => {
  it("keeps the columns it is given", () => {
    const timestampsMs = Float64Array.of(1, 2);
    expect(createTimeSeries(timestampsMs, [3, 4]).timestampsMs).toBe(timestampsMs);
  });

  it.each([
    [[1, 2], [1], 1],
    [[1, 1], [1, 2], 1],
    [[2, 1], [1, 2], 1],
    [[Number.NaN, 1], [1, 2], 0],
  ])("refuses timestamps %j for values %j, naming index %d", (times, values, index) => {
    expect(() => createTimeSeries(times, values)).toThrow(
      expect.objectContaining({
        code: "invalid_series",
        facts: expect.objectContaining({ index }),
      }),
    );
  });
});

describe("evenlySpaced", () => {
  it("places one sample each step", () => {
    const series = evenlySpaced([7, 8], { stepMs: 5, startMs: 100 });
    expect([...series.timestampsMs]).toEqual([100, 105]);
  });

  it("refuses a step of 0", () => {
    expect(() => evenlySpaced([1], { stepMs: 0 })).toThrow(AnalysisError);
  });
});

describe("sliceSeries", () => {
  const series = createTimeSeries([10, 20, 30, 40], [1, 2, 3, 4]);

  it.each([
    [{ startMs: 20, endMs: 30 }, [2, 3]],
    [{ startMs: 11, endMs: 19 }, []],
    [{ startMs: 0, endMs: 99 }, [1, 2, 3, 4]],
    [{ startMs: 30, endMs: 20 }, []],
  ])("has both bounds %j inside: %j", (bounds, expected) => {
    expect([...sliceSeries(series, bounds).values]).toEqual(expected);
  });
});

describe("seriesWindows", () => {
  const series = evenlySpaced([1, 2, 3, 4, 5], { stepMs: 1 });
  const valuesOf = (options: { length: number; step?: number }) =>
    [...seriesWindows(series, options)].map((window) => [...window.values]);

  it("leaves out a rest that does not fill a window", () => {
    expect(valuesOf({ length: 2, step: 2 })).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it("moves by one sample unless told otherwise, and has none of a short series", () => {
    expect(valuesOf({ length: 4 })).toHaveLength(2);
    expect(valuesOf({ length: 6 })).toEqual([]);
  });

  it("refuses a window of no sample", () => {
    expect(() => valuesOf({ length: 0 })).toThrow("length: must be a whole number of at least 1");
  });
});

describe("bounds in sorted numbers", () => {
  it("differ where the target occurs", () => {
    const sorted = Float64Array.of(1, 2, 2, 3);
    expect([lowerBound(sorted, 2), upperBound(sorted, 2)]).toEqual([1, 3]);
    expect([lowerBound(sorted, 9), upperBound(sorted, 0)]).toEqual([4, 0]);
  });
});
