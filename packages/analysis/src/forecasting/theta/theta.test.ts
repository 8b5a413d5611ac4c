import { describe, expect, it } from "vitest";
import { fitted, hourly, rAnswer, rSeries } from "../fixtures/r-answers.ts";
import { classicallyDeseasonalised } from "../seasonal/classically-deseasonalised.ts";
import { optimisedTheta } from "./optimised-theta.ts";
import { theta } from "./theta-method.ts";
import { trendLine } from "./trend-line.ts";

describe("theta", () => {
  it("equals R's thetaf without a season", () => {
    const { mean } = fitted(theta(), rSeries("nile")).forecast(8, 0.95);
    for (const [step, value] of rAnswer<number[]>("thetaf.nile").entries()) {
      expect(mean[step]! / value).toBeCloseTo(1, 3);
    }
  });

  it("equals R's thetaf with a multiplicative season", () => {
    const forecaster = classicallyDeseasonalised({ seasonSamples: 12, inner: theta() });
    const { mean } = fitted(forecaster, rSeries("airPassengers")).forecast(24, 0.95);
    for (const [step, value] of rAnswer<number[]>("thetaf.airPassengers").entries()) {
      expect(mean[step]! / value).toBeCloseTo(1, 4);
    }
  });

  it("carries half the slope of a straight line", () => {
    const line = hourly(Array.from({ length: 40 }, (_, i) => 3 * i));
    const { mean } = fitted(theta(), line).forecast(2, 0.95);
    expect(mean[1]! - mean[0]!).toBeCloseTo(1.5, 6);
  });
});

describe("optimisedTheta", () => {
  it.each([true, false])("goes on with a straight line (dynamic: %s)", (isDynamic) => {
    const line = hourly(Array.from({ length: 40 }, (_, i) => 10 + 2 * i));
    const { mean } = fitted(optimisedTheta({ isDynamic }), line).forecast(5, 0.95);
    for (let step = 0; step < 5; step++) {
      expect(Math.abs(mean[step]! - (90 + 2 * step))).toBeLessThan(0.5);
    }
  });

  it("keeps theta and alpha within the authors' bounds", () => {
    const { parameters } = fitted(optimisedTheta({ isDynamic: true }), rSeries("nile"));
    expect(parameters["theta"]).toBeGreaterThanOrEqual(1);
    expect(parameters["alpha"]).toBeGreaterThanOrEqual(0.1);
    expect(parameters["alpha"]).toBeLessThanOrEqual(0.99);
  });

  // forecTheta 3.0, the authors' R package: dotm and otm with s_test = FALSE. Where the sum of squares is
  // flat the two searches stop a little apart; of otm(AirPassengers) theirs stops at a higher one.
  it.each([
    { isDynamic: true, data: "nile", horizon: 8, first: 804.9958, last: 804.9958 },
    { isDynamic: false, data: "nile", horizon: 8, first: 805.5509, last: 786.5903 },
    { isDynamic: true, data: "airPassengers", horizon: 4, first: 432.5131, last: 435.2391 },
  ])("forecasts $data as the authors' software does (dynamic: $isDynamic)", (expected) => {
    const { isDynamic, data, horizon, first, last } = expected;
    const { mean } = fitted(optimisedTheta({ isDynamic }), rSeries(data)).forecast(horizon, 0.9);
    expect(Math.abs(mean[0]! / first - 1)).toBeLessThan(1e-3);
    expect(Math.abs(mean[horizon - 1]! / last - 1)).toBeLessThan(1e-3);
  });

  it("answers too little history", () => {
    expect(optimisedTheta({ isDynamic: true }).fit(hourly([1, 2])).kind).not.toBe("fitted");
  });
});

describe("trendLine", () => {
  it("finds intercept and slope", () => {
    expect(trendLine(new Float64Array([5, 7, 9]))).toEqual({ intercept: 3, slope: 2 });
  });
});
