import { describe, expect, it } from "vitest";
import { autoEts } from "./auto-ets.ts";
import { complexExponentialSmoothing } from "./complex-exponential-smoothing.ts";
import { doubleExponentialSmoothing } from "./double-exponential-smoothing.ts";
import { fitted, hourly, rAnswer, rSeries } from "./fixtures/r-answers.ts";
import type { Forecaster } from "./forecaster.ts";
import { gentleTrend } from "./gentle-trend.ts";
import { simpleExponentialSmoothing } from "./simple-exponential-smoothing.ts";
import { steadyTrend } from "./steady-trend.ts";
import { tripleExponentialSmoothing } from "./triple-exponential-smoothing.ts";

interface RSmoothing {
  readonly aicc: number;
  readonly alpha: number;
  readonly sigma2: number;
  readonly forecast: { readonly mean: number[]; readonly lower: number[] };
}

describe("simpleExponentialSmoothing", () => {
  it("estimates what R's ses estimates", () => {
    const expected = rAnswer<RSmoothing>("ses.nile");
    const model = fitted(simpleExponentialSmoothing(), rSeries("nile"));
    expect(model.parameters["alpha"]).toBeCloseTo(expected.alpha, 3);
    expect(model.parameters["aicc"]).toBeCloseTo(expected.aicc, 3);
    expect(model.parameters["sigma2"]! / expected.sigma2).toBeCloseTo(1, 5);
    const forecast = model.forecast(6, 0.95);
    for (const [step, mean] of expected.forecast.mean.entries()) {
      expect(forecast.mean[step]! / mean).toBeCloseTo(1, 3);
      expect(forecast.lower[step]! / expected.forecast.lower[step]!).toBeCloseTo(1, 3);
    }
  });

  it("with alpha 1 repeats the last sample, with alpha 0 the estimated level", () => {
    const series = hourly([3, 5, 4, 9]);
    const last = fitted(simpleExponentialSmoothing({ alpha: 0.9999 }), series).forecast(1, 0.9);
    expect(last.mean[0]).toBeCloseTo(9, 2);
    expect(() => simpleExponentialSmoothing({ alpha: 2 })).toThrow(/alpha/);
  });
});

describe("steadyTrend", () => {
  it("carries a straight line on", () => {
    const line = hourly(Array.from({ length: 30 }, (_, i) => 7 + 3 * i));
    const { mean } = fitted(steadyTrend(), line).forecast(3, 0.9);
    expect(mean[2]).toBeCloseTo(7 + 3 * 32, 6);
  });

  it("is the line through the Nile plus the smoothed distance from it", () => {
    const { values } = rSeries("nile");
    const { parameters, forecast } = fitted(steadyTrend(), rSeries("nile"));
    // R: lm(Nile ~ seq_along(Nile)) has intercept 1056.42 and slope -2.7143.
    expect(parameters["slope"]).toBeCloseTo(-2.7143, 4);
    const alpha = parameters["alpha"]!;
    const line = (t: number): number => 1056.42 - 2.7143 * t;
    let distance = values[0]! - line(1);
    for (const [i, value] of values.entries()) distance += alpha * (value - line(i + 1) - distance);
    expect(forecast(1, 0.9).mean[0]! / (line(101) + distance)).toBeCloseTo(1, 3);
  });
});

describe("the likelihood found is at least as high as R's", () => {
  const season = { seasonSamples: 12 };
  const cases: { forecaster: Forecaster; data: string; answer: string }[] = [
    { forecaster: doubleExponentialSmoothing(), data: "nile", answer: "holt.nile" },
    {
      forecaster: tripleExponentialSmoothing(season),
      data: "accidents",
      answer: "hw.additive.accidents",
    },
    {
      forecaster: tripleExponentialSmoothing({ ...season, seasonal: "multiplicative" }),
      data: "airPassengers",
      answer: "hw.multiplicative.airPassengers",
    },
  ];
  it.each(cases)("$answer", ({ forecaster, data, answer }) => {
    const expected = rAnswer<RSmoothing>(answer);
    const model = fitted(forecaster, rSeries(data));
    // AICc is the likelihood with the same penalty on both sides; lower is better.
    expect(model.parameters["aicc"]).toBeLessThan(expected.aicc + 1);
    // R stops at a lower likelihood for the multiplicative model, so forecasts differ a little.
    const { mean } = model.forecast(6, 0.95);
    for (const [step, value] of expected.forecast.mean.entries()) {
      expect(Math.abs(mean[step]! / value - 1)).toBeLessThan(0.1);
    }
  });
});

describe("autoEts", () => {
  it.each([
    ["lh", 1],
    ["nile", 1],
    ["accidents", 12],
    ["nottem", 12],
  ])("chooses the model that R chooses for %s", (data, seasonSamples) => {
    const expected = rAnswer<{ name: string; aicc: number }>(`ets.${data}`);
    const model = fitted(autoEts({ seasonSamples }), rSeries(data));
    expect(model.name).toBe(expected.name);
    expect(model.parameters["aicc"]).toBeLessThan(expected.aicc + 1);
  });

  it("chooses a model at least as likely as R's for the air passengers", () => {
    const model = fitted(autoEts({ seasonSamples: 12 }), rSeries("airPassengers"));
    const expected = rAnswer<{ aicc: number }>("ets.airPassengers");
    expect(model.parameters["aicc"]).toBeLessThan(expected.aicc);
  });

  it("takes no multiplicative part when a value is 0", () => {
    const model = fitted(autoEts(), hourly([0, 4, 3, 5, 2, 8, 4, 3, 6, 5, 4, 7]));
    expect(model.name).toMatch(/^ETS\(A,/);
  });
});

describe("smoothing on awkward input", () => {
  it("says how many samples two seasons are", () => {
    const result = tripleExponentialSmoothing({ seasonSamples: 12 }).fit(hourly([1, 2, 3]));
    expect(result).toEqual({ kind: "insufficient-history", neededSamples: 25 });
  });

  it("refuses a multiplicative season with a value at 0", () => {
    const f = tripleExponentialSmoothing({ seasonSamples: 2, seasonal: "multiplicative" });
    expect(() => f.fit(hourly([1, 2, 0, 2, 1, 2]))).toThrow(/above 0/);
  });

  it.each([simpleExponentialSmoothing(), gentleTrend(), complexExponentialSmoothing()])(
    "keeps a constant constant (%o)",
    (forecaster) => {
      const { mean, lower } = fitted(forecaster, hourly(new Array(20).fill(7))).forecast(3, 0.95);
      for (const value of [...mean, ...lower]) expect(value).toBeCloseTo(7, 4);
    },
  );

  it("lets a damped trend fade", () => {
    const line = hourly(Array.from({ length: 30 }, (_, i) => 5 + 2 * i));
    const { mean } = fitted(gentleTrend(), line).forecast(40, 0.95);
    expect(mean[0]).toBeGreaterThan(64);
    // The sum of 2 · 0.9^k for k = 1, 2, … is 18 above the last sample, 63.
    expect(mean[39]).toBeLessThan(63 + 18.5);
  });
});

describe("complexExponentialSmoothing", () => {
  const { values } = rSeries("nile");
  const model = fitted(complexExponentialSmoothing(), rSeries("nile"));
  const real = model.parameters["alphaReal"]!;
  const imaginary = model.parameters["alphaImaginary"]!;
  // The ARMA(2, 2) form of Svetunkov, Kourentzes and Ord (2022).
  const [phi1, phi2] = [2 - real, real + imaginary - 2];
  const [theta1, theta2] = [
    2 - 2 * real + imaginary,
    3 * real + imaginary - 2 - real ** 2 - imaginary ** 2,
  ];

  it("has the errors of the autoregressive moving average that it equals", () => {
    const errors = model.residuals;
    for (let t = 2; t < values.length; t++) {
      const auto = phi1 * values[t - 1]! + phi2 * values[t - 2]!;
      const moving = theta1 * errors[t - 1]! + theta2 * errors[t - 2]!;
      expect(values[t]! - (auto - moving)).toBeCloseTo(errors[t]!, 6);
    }
  });

  it("goes on as that does", () => {
    const { mean } = model.forecast(12, 0.95);
    for (let step = 2; step < 12; step++) {
      expect(mean[step]).toBeCloseTo(phi1 * mean[step - 1]! + phi2 * mean[step - 2]!, 6);
    }
  });
});
