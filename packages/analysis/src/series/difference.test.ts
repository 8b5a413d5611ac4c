import { describe, expect, it } from "vitest";
import { createTimeSeries } from "../time-series.ts";
import { difference, percentageChange } from "./difference.ts";

describe("difference", () => {
  const series = createTimeSeries([10, 20, 30], [1, 4, 9]);

  it("is stamped with the later sample", () => {
    const steps = difference(series);
    expect([...steps.values]).toEqual([3, 5]);
    expect([...steps.timestampsMs]).toEqual([20, 30]);
  });

  it("can look further back, until nothing is left", () => {
    expect([...difference(series, 2).values]).toEqual([8]);
    expect(difference(series, 3).values).toHaveLength(0);
  });

  it("refuses a lag of 0", () => {
    expect(() => difference(series, 0)).toThrow("lag: must be a whole number of at least 1");
  });
});

describe("percentageChange", () => {
  it("is relative to the size of the earlier sample and has no answer after 0", () => {
    const series = createTimeSeries([1, 2, 3, 4], [10, 15, 0, 5]);
    expect([...percentageChange(series).values]).toEqual([50, -100, NaN]);
  });

  it("counts a rise as positive below zero too", () => {
    expect([...percentageChange(createTimeSeries([1, 2], [-10, -5])).values]).toEqual([50]);
  });
});
