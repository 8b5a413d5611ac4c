import { describe, expect, it } from "vitest";
import type { ArimaOrder } from "./arima/arima-order.ts";
import { countDifferences, countSeasonalDifferences } from "./arima/differences.ts";
import { arima } from "./arima.ts";
import { arimaOfChoice, autoArima, chooseArima } from "./auto-arima.ts";
import { fitted, hourly, rAnswer, rSeries } from "./fixtures/r-answers.ts";

interface RArima {
  readonly coef: number[];
  readonly sigma2: number;
  readonly loglik: number;
  readonly mean: number[];
  readonly se: number[];
}

const YEAR = { P: 0, D: 1, Q: 1, seasonSamples: 12 };
const Z95 = 1.959963984540054;

describe("arima agrees with R's arima(method = 'CSS-ML')", () => {
  const cases: [string, string, ArimaOrder][] = [
    ["lh", "arima.lh.100", { p: 1, d: 0, q: 0 }],
    ["lh", "arima.lh.300", { p: 3, d: 0, q: 0 }],
    ["lh", "arima.lh.101", { p: 1, d: 0, q: 1 }],
    ["lakeHuron", "arima.lakeHuron.200", { p: 2, d: 0, q: 0 }],
    ["nile", "arima.nile.111", { p: 1, d: 1, q: 1 }],
    ["accidents", "arima.accidents.011.011", { p: 0, d: 1, q: 1, seasonal: YEAR }],
  ];
  it.each(cases)("%s: %s", (data, answer, order) => {
    const expected = rAnswer<RArima>(answer);
    const model = fitted(arima(order), rSeries(data));
    expect(model.parameters["logLikelihood"]).toBeCloseTo(expected.loglik, 2);
    expect(model.parameters["sigma2"]! / expected.sigma2).toBeCloseTo(1, 3);
    const estimates = Object.values(model.parameters).slice(0, expected.coef.length);
    for (const [i, coefficient] of expected.coef.entries()) {
      expect(Math.abs(estimates[i]! / coefficient - 1)).toBeLessThan(1e-3);
    }
    const forecast = model.forecast(8, 0.95);
    for (const [step, mean] of expected.mean.entries()) {
      expect(forecast.mean[step]! / mean).toBeCloseTo(1, 4);
      const se = (forecast.upper[step]! - forecast.mean[step]!) / Z95;
      expect(se / expected.se[step]!).toBeCloseTo(1, 2);
    }
  });

  it("fits the airline model to the logarithms (Box and Jenkins 1976: 0.40 and 0.56)", () => {
    const { timestampsMs, values } = rSeries("airPassengers");
    const series = { timestampsMs, values: values.map(Math.log) };
    const model = fitted(arima({ p: 0, d: 1, q: 1, seasonal: YEAR }), series);
    expect(model.parameters["ma1"]).toBeCloseTo(-0.4018, 2);
    expect(model.parameters["sma1"]).toBeCloseTo(-0.5569, 2);
    expect(model.parameters["logLikelihood"]).toBeCloseTo(244.7, 1);
  });

  it("estimates a drift as R's Arima does", () => {
    const expected = rAnswer<{ loglik: number; forecast: { mean: number[] } }>(
      "arima.drift.airPassengers",
    );
    const model = fitted(arima({ p: 0, d: 1, q: 1, includesMean: true }), rSeries("nile"));
    expect(model.name).toBe("ARIMA(0,1,1) + drift");
    expect(model.parameters["logLikelihood"]).toBeCloseTo(expected.loglik, 2);
    const { mean } = model.forecast(6, 0.95);
    for (const [step, value] of expected.forecast.mean.entries()) {
      expect(mean[step]! / value).toBeCloseTo(1, 3);
    }
  });
});

describe("arima without coefficients", () => {
  it("ARIMA(0,1,0) is the naive forecast with its widening bounds", () => {
    const model = fitted(arima({ p: 0, d: 1, q: 0 }), hourly([1, 2, 1, 2, 1, 2, 1]));
    const { mean, upper } = model.forecast(4, 0.95);
    expect([...mean]).toEqual([1, 1, 1, 1]);
    expect(upper[0]).toBeCloseTo(1 + Z95, 6);
    expect(upper[3]).toBeCloseTo(1 + 2 * Z95, 6);
  });

  it("answers that two samples are too few", () => {
    expect(arima({ p: 1, d: 1, q: 1 }).fit(hourly([1, 2])).kind).toBe("insufficient-history");
  });

  it.each([
    [{ p: -1, d: 0, q: 0 }, /p/],
    [{ p: 1.5, d: 0, q: 0 }, /p/],
    [{ p: 0, d: 3, q: 0 }, /at most 2/],
    [{ p: 99, d: 0, q: 0 }, /at most 12/],
  ])("refuses the order %o", (order, message) => {
    expect(() => arima(order)).toThrow(message);
  });
});

describe("differences", () => {
  it.each(["nile", "lh", "airPassengers", "lakeHuron"])(
    "of %s are as many as R's ndiffs",
    (data) => {
      const expected = rAnswer<Record<string, number>>("ndiffs")[data];
      expect(countDifferences(rSeries(data).values)).toBe(expected);
    },
  );

  it.each(["accidents", "nottem"])("over the season of %s are as many as R's nsdiffs", (data) => {
    const expected = rAnswer<Record<string, number>>("nsdiffs")[data];
    expect(countSeasonalDifferences(rSeries(data).values, 12)).toBe(expected);
  });
});

describe("autoArima", () => {
  it.each([
    ["nile", 1],
    ["lh", 1],
    ["accidents", 12],
  ])("chooses for %s what R's auto.arima chooses", (data, seasonSamples) => {
    const expected = rAnswer<{ name: string; aicc: number }>(`auto.arima.${data}`);
    const model = fitted(autoArima({ seasonSamples }), rSeries(data));
    expect(model.name.replace(" + mean", " with non-zero mean")).toBe(expected.name);
    expect(model.parameters["aicc"]).toBeCloseTo(expected.aicc, 1);
  });

  it("forecasts a constant as a constant", () => {
    const { mean } = fitted(autoArima(), hourly(new Array(30).fill(4))).forecast(3, 0.95);
    expect([...mean]).toEqual([4, 4, 4]);
  });

  it("can keep its order for a part of the series", () => {
    const { timestampsMs, values } = rSeries("nile");
    const choice = chooseArima(values);
    if (choice === undefined) throw new Error("no order was found");
    const forecaster = arimaOfChoice(choice);
    const half = { timestampsMs: timestampsMs.subarray(0, 60), values: values.subarray(0, 60) };
    expect(fitted(forecaster, half).name).toBe("ARIMA(1,1,1)");
  });
});
