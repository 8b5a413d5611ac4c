import { fitEts } from "../ets/ets-fit.ts";
import { etsPath } from "../ets/ets-path.ts";
import type { EtsSpec } from "../ets/ets-spec.ts";
import type { Forecaster } from "../forecaster.ts";
import { gaussianFit, insufficientHistory, trainingValues } from "../gaussian-model.ts";
import { trendLine } from "./trend-line.ts";

const MIN_SAMPLES = 4;
const SES: EtsSpec = { error: "A", trend: "N", isDamped: false, season: "N", seasonSamples: 1 };

/**
 * The Theta method (Assimakopoulos and Nikolopoulos 2000) in the form that Hyndman and Billah (2003)
 * proved equal: simple exponential smoothing plus half the slope of the series as drift. R's `thetaf`
 * after deseasonalising; the first two lines average.
 */
export function theta(): Forecaster {
  return {
    name: "theta",
    fit(series) {
      const values = trainingValues(series);
      const count = values.length;
      if (count < MIN_SAMPLES) return insufficientHistory(MIN_SAMPLES);
      const smoothing = fitEts(values, SES);
      const { alpha } = smoothing.parameters;
      const slope = trendLine(values).slope / 2;
      const head = (1 - (1 - alpha) ** count) / alpha;
      return gaussianFit({
        name: "Theta",
        parameters: { alpha, drift: slope, sigma2: smoothing.sigma2 },
        residuals: smoothing.errors,
        path: (horizon) => {
          const { mean, variance } = etsPath(smoothing, horizon);
          return { mean: mean.map((value, step) => value + slope * (step + head)), variance };
        },
      });
    },
  };
}
