import { describe, expect, it } from "vitest";
import { fitted, hourly, rSeries } from "./fixtures/r-answers.ts";
import { createForecaster, FORECASTER_NAMES } from "./registry.ts";

describe.each(FORECASTER_NAMES)("%s", (name) => {
  const forecaster = createForecaster(name, [12]);

  it("forecasts the accidents within their range, with ordered bounds", () => {
    const series = rSeries("accidents");
    const { mean, lower, upper } = fitted(forecaster, series).forecast(12, 0.9);
    for (let step = 0; step < 12; step++) {
      expect(mean[step]).toBeGreaterThan(5000);
      expect(mean[step]).toBeLessThan(13_000);
      expect(lower[step]!).toBeLessThanOrEqual(mean[step]! + 1e-6);
      expect(upper[step]!).toBeGreaterThanOrEqual(mean[step]! - 1e-6);
    }
  });

  it("answers an empty series with what it needs", () => {
    const result = forecaster.fit(hourly([]));
    expect(result.kind).toBe("insufficient-history");
  });

  it("refuses a value that is not a number", () => {
    const series = hourly([...rSeries("accidents").values, Number.NaN]);
    expect(() => forecaster.fit(series)).toThrow(/not finite/);
  });
});

describe("createForecaster", () => {
  it("names all there are when it knows none of that name", () => {
    expect(() => createForecaster("prophet")).toThrow(/seasonal-naive/);
  });
});
