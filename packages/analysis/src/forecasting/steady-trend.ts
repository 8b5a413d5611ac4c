import { fitEts } from "./ets/ets-fit.ts";
import { etsPath } from "./ets/ets-path.ts";
import type { EtsSpec } from "./ets/ets-spec.ts";
import type { Forecaster } from "./forecaster.ts";
import { gaussianFit, insufficientHistory, trainingValues } from "./gaussian-model.ts";
import { trendLine } from "./theta/trend-line.ts";

const MIN_SAMPLES = 4;
const SES: EtsSpec = { error: "A", trend: "N", isDamped: false, season: "N", seasonSamples: 1 };

/**
 * The least squares line through all samples, carried on, plus the smoothed distance of the latest
 * samples from it: simple exponential smoothing with drift (Hyndman and Billah 2003 show that Theta is
 * that with half the slope). What leaks or fills up at an even pace under noise is forecast by the line,
 * where damped trends fall behind.
 */
export function steadyTrend(): Forecaster {
  return {
    name: "steady-trend",
    fit(series) {
      const values = trainingValues(series);
      const count = values.length;
      if (count < MIN_SAMPLES) return insufficientHistory(MIN_SAMPLES);
      const { intercept, slope } = trendLine(values);
      const distances = values.map((value, i) => value - intercept - slope * (i + 1));
      const smoothing = fitEts(distances, SES, { keepsStart: true });
      return gaussianFit({
        name: "Steady trend",
        parameters: { slope, alpha: smoothing.parameters.alpha, sigma2: smoothing.sigma2 },
        residuals: smoothing.errors,
        path: (horizon) => {
          const { mean, variance } = etsPath(smoothing, horizon);
          const line = (step: number): number => intercept + slope * (count + step + 1);
          return { mean: mean.map((value, step) => value + line(step)), variance };
        },
      });
    },
  };
}
