import { requireInteger } from "../../analysis-error.ts";
import { differenceOnce } from "../arima/differencing.ts";
import type { Forecaster } from "../forecaster.ts";
import { gaussianFit, insufficientHistory, meanSquare, trainingValues } from "../gaussian-model.ts";

/**
 * Repeats the last season (R: `snaive`); a week of hourly samples is a season of 168. Needs one
 * season. Variance grows by one step of sigma² with every season ahead.
 */
export function seasonalNaive(options: { readonly seasonSamples: number }): Forecaster {
  const { seasonSamples } = options;
  requireInteger("seasonSamples", seasonSamples, 1);
  return {
    name: `snaive-${seasonSamples}`,
    fit(series) {
      const values = trainingValues(series);
      if (values.length < seasonSamples) return insufficientHistory(seasonSamples);
      const first = values.length - seasonSamples;
      const errors = differenceOnce(values, seasonSamples);
      const sigma2 = meanSquare(errors);
      const residuals = new Float64Array(values.length).fill(Number.NaN);
      residuals.set(errors, values.length - errors.length);
      return gaussianFit({
        name: `Seasonal naive [${seasonSamples}]`,
        parameters: { sigma2 },
        residuals,
        path: (horizon) => ({
          mean: Float64Array.from(
            { length: horizon },
            (_, step) => values[first + (step % seasonSamples)]!,
          ),
          variance: Float64Array.from(
            { length: horizon },
            (_, step) => sigma2 * (Math.floor(step / seasonSamples) + 1),
          ),
        }),
      });
    },
  };
}
