import { requireInteger } from "../analysis-error.ts";
import { arimaNeededSamples, fitArima } from "./arima/arima-fit.ts";
import { arimaName, type FullOrder } from "./arima/arima-order.ts";
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

/** Orders that a search has chosen, with the coefficients that it ended at. Plain data. */
export interface ArimaChoice {
  readonly order: FullOrder;
  readonly start: Float64Array;
}

/** The orders that the step-wise search chooses; `undefined` when no model can be fitted to `values`. */
export function chooseArima(values: Float64Array, seasonSamples = 1): ArimaChoice | undefined {
  const chosen = stepwiseArima(values, seasonSamples);
  return chosen && { order: chosen.order, start: chosen.point };
}

/**
 * ARIMA of orders already chosen: only their coefficients are estimated, by the conditional sum of
 * squares. For backtests, where a new search at every origin costs far more than it changes.
 */
export function arimaOfChoice({ order, start }: ArimaChoice): Forecaster {
  const needed = arimaNeededSamples(order);
  return {
    name: arimaName(order),
    fit(series) {
      const training = trainingValues(series);
      if (training.length < needed) return insufficientHistory(needed);
      return arimaModel(fitArima(training, order, { method: "css", start }), training);
    },
  };
}
