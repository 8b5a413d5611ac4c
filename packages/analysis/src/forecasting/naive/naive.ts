import { differenceOnce } from "../arima/differencing.ts";
import type { Forecaster } from "../forecaster.ts";
import { gaussianFit, insufficientHistory, meanSquare, trainingValues } from "../gaussian-model.ts";

/** Repeats the last sample. Its errors add up as a random walk's: variance grows with the step. */
export function naive(): Forecaster {
  return {
    name: "naive",
    fit(series) {
      const values = trainingValues(series);
      if (values.length === 0) return insufficientHistory(1);
      const last = values[values.length - 1]!;
      const steps = differenceOnce(values, 1);
      const sigma2 = meanSquare(steps);
      const residuals = new Float64Array(values.length).fill(Number.NaN);
      residuals.set(steps, 1);
      return gaussianFit({
        name: "Naive",
        parameters: { sigma2 },
        residuals: values.length > 1 ? residuals : new Float64Array([Number.NaN]),
        path: (horizon) => ({
          mean: new Float64Array(horizon).fill(last),
          variance: Float64Array.from({ length: horizon }, (_, step) => sigma2 * (step + 1)),
        }),
      });
    },
  };
}
