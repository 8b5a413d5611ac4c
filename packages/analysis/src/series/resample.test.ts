import { describe, expect, it } from "vitest";
import { createTimeSeries } from "../time-series.ts";
import { type ResampleMethod, resampleSeries } from "./resample.ts";

describe("resampleSeries", () => {
  const series = createTimeSeries([1000, 1500, 2000, 5000], [1, 3, 5, 7]);

  it.each<[ResampleMethod, number[]]>([
    ["mean", [2, 5, 7]],
    ["sum", [4, 5, 7]],
    ["min", [1, 5, 7]],
    ["max", [3, 5, 7]],
    ["first", [1, 5, 7]],
    ["last", [3, 5, 7]],
    ["count", [2, 1, 1]],
  ])("takes the %s of each second that has samples", (method, expected) => {
    const resampled = resampleSeries(series, 1000, method);
    expect([...resampled.values]).toEqual(expected);
    expect([...resampled.timestampsMs]).toEqual([1000, 2000, 5000]);
  });

  it("leaves NaN out, and a bucket of nothing else stays a gap", () => {
    const holed = createTimeSeries([0, 1, 1000], [Number.NaN, 4, Number.NaN]);
    expect([...resampleSeries(holed, 1000, "sum").values]).toEqual([4]);
  });

  it("is empty for an empty series", () => {
    expect(resampleSeries(createTimeSeries([], []), 1000, "mean").values).toHaveLength(0);
  });

  it("begins buckets at multiples of the step, also before the epoch", () => {
    const early = createTimeSeries([-1500, -500], [1, 2]);
    expect([...resampleSeries(early, 1000, "mean").timestampsMs]).toEqual([-2000, -1000]);
  });

  it("refuses an unknown method that comes from outside the type system", () => {
    // The cast stands for a caller in plain JavaScript.
    const method = "toString" as ResampleMethod;
    expect(() => resampleSeries(series, 1000, method)).toThrow("method: must be one of mean, sum");
  });
});
