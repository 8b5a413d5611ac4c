import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { card } from "../card.ts";
import { fitted, hourly, rAnswer, rSeries } from "../fixtures/r-answers.ts";
import { gentleTrend } from "../gentle-trend.ts";
import { levelShape } from "../level-shape.ts";
import { logTransformed } from "../log-transformed.ts";
import { naive } from "../naive/naive.ts";
import { simpleExponentialSmoothing } from "../simple-exponential-smoothing.ts";
import { temporallyAggregated } from "../temporal-aggregation.ts";
import { classicallyDeseasonalised } from "./classically-deseasonalised.ts";
import { hasSeason } from "./season-test.ts";
import { stlDeseasonalised } from "./stl-deseasonalised.ts";

const SHAPE = [10, 20, 40, 30];
const seasonal = hourly(Array.from({ length: 48 }, (_, i) => SHAPE[i % 4]!));

describe("hasSeason", () => {
  it("finds the year in the accidents and none in white noise", () => {
    const random = createRandom(7);
    const noise = Float64Array.from({ length: 120 }, () => random.normal());
    expect(hasSeason(rSeries("accidents").values, 12)).toBe(true);
    expect(hasSeason(noise, 12)).toBe(false);
  });

  it("has no say on fewer than three seasons", () => {
    expect(hasSeason(seasonal.values.subarray(0, 11), 4)).toBe(false);
  });
});

describe("a season taken out and put back", () => {
  const shapes = [
    classicallyDeseasonalised({ seasonSamples: 4, inner: naive() }),
    stlDeseasonalised({ seasonSamples: [4], inner: simpleExponentialSmoothing() }),
    levelShape({ seasonSamples: 4, shapeSeasons: 5, inner: naive() }),
  ];
  it.each(shapes)("goes on exactly when it is exact (%o)", (forecaster) => {
    const { mean } = fitted(forecaster, seasonal).forecast(6, 0.95);
    for (const [step, value] of [10, 20, 40, 30, 10, 20].entries()) {
      expect(mean[step]).toBeCloseTo(value, 3);
    }
  });

  it("is R's stlf with simple smoothing", () => {
    const inner = simpleExponentialSmoothing();
    const forecaster = stlDeseasonalised({ seasonSamples: [12], inner });
    const { mean } = fitted(forecaster, rSeries("accidents")).forecast(12, 0.95);
    for (const [step, value] of rAnswer<number[]>("stl.ses.accidents").entries()) {
      expect(mean[step]! / value).toBeCloseTo(1, 2);
    }
  });

  it("adds when a value is below 0", () => {
    const shifted = hourly(seasonal.values.map((value) => value - 25));
    const forecaster = classicallyDeseasonalised({ seasonSamples: 4, inner: naive() });
    const model = fitted(forecaster, shifted);
    expect(model.name).toContain("additive");
    expect(model.forecast(1, 0.9).mean[0]).toBeCloseTo(-15, 6);
  });
});

describe("levelShape", () => {
  it("multiplies the forecast level by the median shape", () => {
    const growing = hourly(Array.from({ length: 48 }, (_, i) => SHAPE[i % 4]! * (1 + (i >> 2))));
    growing.values[41] = 9999;
    const clean = levelShape({ seasonSamples: 4, shapeSeasons: 5, inner: naive() });
    const { mean } = fitted(clean, growing).forecast(4, 0.95);
    for (const [step, value] of SHAPE.entries()) expect(mean[step]).toBeCloseTo(12 * value, 6);
  });

  it("keeps a shape for each day of the week", () => {
    const days = hourly(
      Array.from({ length: 4 * 7 * 8 }, (_, i) => {
        const isWeekend = Math.floor(i / 4) % 7 >= 5;
        return isWeekend ? 10 : SHAPE[i % 4]!;
      }),
    );
    const options = { seasonSamples: 4, shapeSeasons: 10, shapeCycle: 7, inner: naive() };
    const { mean } = fitted(levelShape(options), days).forecast(28, 0.95);
    const spread = (day: number): number => mean[day * 4 + 2]! / mean[day * 4]!;
    expect(spread(0)).toBeGreaterThan(2.5);
    expect(spread(6)).toBeLessThan(1.6);
  });
});

describe("logTransformed", () => {
  it("turns growth by a constant share into a straight line and back", () => {
    const growth = hourly(Array.from({ length: 30 }, (_, i) => 1.1 ** i));
    const { mean, lower } = fitted(logTransformed(naive()), growth).forecast(3, 0.95);
    expect(mean[0]).toBeCloseTo(1.1 ** 29, 6);
    expect(lower[2]).toBeGreaterThan(0);
  });

  it("leaves negative values as they are and survives zeros", () => {
    const negative = hourly([-1, 2, 3, 2, 1]);
    expect(fitted(logTransformed(naive()), negative).name).toBe("Naive");
    const zeros = fitted(logTransformed(naive()), hourly([0, 4, 5, 6, 0]));
    expect(zeros.forecast(1, 0.9).mean[0]).toBeCloseTo(0, 9);
  });
});

describe("temporallyAggregated", () => {
  it("reads the coarse forecast between block centres", () => {
    const line = hourly(Array.from({ length: 48 }, (_, i) => i));
    const forecaster = temporallyAggregated({ blocks: [1, 3], inner: gentleTrend() });
    const alone = fitted(gentleTrend(), line).forecast(6, 0.9).mean;
    const { mean } = fitted(forecaster, line).forecast(6, 0.9);
    for (let step = 1; step < 6; step++) expect(mean[step]!).toBeGreaterThan(mean[step - 1]!);
    expect(Math.abs(mean[0]! - alone[0]!)).toBeLessThan(1);
  });

  it("must hold the finest level", () => {
    expect(() => temporallyAggregated({ blocks: [2], inner: naive() })).toThrow(/hold 1/);
  });
});

describe("card", () => {
  const sawtooth = hourly(Array.from({ length: 48 }, (_, i) => [10, 20, 40, 30][i % 4]!));

  it("repeats a season that has never changed", () => {
    const { mean } = fitted(card({ seasonSamples: 4 }), sawtooth).forecast(8, 0.95);
    for (const [step, value] of mean.entries())
      expect(value).toBeCloseTo([10, 20, 40, 30][step % 4]!, 1);
  });

  it("carries growth on, but less of it each season", () => {
    const growing = hourly(Array.from({ length: 60 }, (_, i) => 100 + 2 * i));
    const { mean } = fitted(card({ seasonSamples: 1 }), growing).forecast(12, 0.95);
    expect(mean[0]).toBeGreaterThan(218);
    expect(mean[11]! - mean[10]!).toBeGreaterThan(0);
    expect(mean[11]!).toBeLessThan(218 + 2 * 12);
  });

  it("says what it needs", () => {
    expect(card({ seasonSamples: 4 }).fit(hourly([1, 2, 3]))).toEqual({
      kind: "insufficient-history",
      neededSamples: 14,
    });
  });
});
