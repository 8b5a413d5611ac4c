import { requireInteger } from "../analysis-error.ts";
import { arimaNeededSamples, fitArima } from "./arima/arima-fit.ts";
import { arimaName } from "./arima/arima-order.ts";
import { stepwiseArima } from "./arima/stepwise-search.ts";
import { arimaModel } from "./arima.ts";
import type { Forecaster } from "./forecaster.ts";
import { insufficientHistory, trainingValues } from "./gaussian-model.ts";

/** What the search may take. */
export interface AutoArimaOptions {
  /** 1 (default) for none. */
  readonly seasonSamples?: number;
  /** `css` skips the exact likelihood at the end: faster, a little less exact on short series. */
  readonly finalMethod?: "css" | "css-ml";
}

const MIN_SAMPLES = 8;

/**
 * ARIMA with orders chosen by the step-wise search of Hyndman and Khandakar (Journal of Statistical
 * Software 27, 2008; R: `auto.arima`): differences by the KPSS test and the seasonal strength, orders
 * by AICc under the conditional sum of squares, the winner fitted by exact maximum likelihood.
 */
export function autoArima(options: AutoArimaOptions = {}): Forecaster {
  const { seasonSamples = 1, finalMethod = "css-ml" } = options;
  requireInteger("seasonSamples", seasonSamples, 1);
  return {
    name: "auto-arima",
    fit(series) {
      const values = trainingValues(series);
      if (values.length < MIN_SAMPLES) return insufficientHistory(MIN_SAMPLES);
      const best = stepwiseArima(values, seasonSamples);
      if (best === undefined) return insufficientHistory(MIN_SAMPLES);
      if (finalMethod === "css") return arimaModel(best, values);
      const exact = fitArima(values, best.order, { start: best.point });
      return arimaModel(Number.isFinite(exact.logLikelihood) ? exact : best, values);
    },
  };
}

/**
 * Chooses the orders on `values` once; the forecaster then only estimates their coefficients, by the
 * conditional sum of squares. For backtests, where a new search at every origin costs far more than
 * it changes. `undefined` when no model can be fitted to `values`.
 */
export function arimaWithOrderOf(
  values: Float64Array,
  options: { readonly seasonSamples?: number } = {},
): Forecaster | undefined {
  const chosen = stepwiseArima(values, options.seasonSamples ?? 1);
  if (chosen === undefined) return undefined;
  const needed = arimaNeededSamples(chosen.order);
  return {
    name: arimaName(chosen.order),
    fit(series) {
      const training = trainingValues(series);
      if (training.length < needed) return insufficientHistory(needed);
      const method = { method: "css", start: chosen.point } as const;
      return arimaModel(fitArima(training, chosen.order, method), training);
    },
  };
}
