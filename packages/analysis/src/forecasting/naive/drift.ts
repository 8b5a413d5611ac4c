import { differenceOnce } from "../arima/differencing.ts";
import type { Forecaster } from "../forecaster.ts";
import { gaussianFit, insufficientHistory, meanSquare, trainingValues } from "../gaussian-model.ts";

/** The line through the first and the last sample (R: `rwf(drift = TRUE)`), with R's variance. */
export function drift(): Forecaster {
  return {
    name: "drift",
    fit(series) {
      const values = trainingValues(series);
      const count = values.length;
      if (count < 3) return insufficientHistory(3);
      const last = values[count - 1]!;
      const slope = (last - values[0]!) / (count - 1);
      const errors = differenceOnce(values, 1).map((step) => step - slope);
      const sigma2 = meanSquare(errors, 1);
      const residuals = new Float64Array(count).fill(Number.NaN);
      residuals.set(errors, 1);
      return gaussianFit({
        name: "Drift",
        parameters: { slope, sigma2 },
        residuals,
        path: (horizon) => ({
          mean: Float64Array.from({ length: horizon }, (_, step) => last + (step + 1) * slope),
          variance: Float64Array.from(
            { length: horizon },
            (_, step) => sigma2 * (step + 1) * (1 + (step + 1) / (count - 1)),
          ),
        }),
      });
    },
  };
}
