import { type ArimaFit, arimaNeededSamples, fitArima } from "./arima/arima-fit.ts";
import { type ArimaOrder, arimaName, fullOrder } from "./arima/arima-order.ts";
import { arimaPath } from "./arima/arima-path.ts";
import type { FitResult, Forecaster } from "./forecaster.ts";
import { gaussianFit, insufficientHistory, trainingValues } from "./gaussian-model.ts";

/**
 * ARIMA of fixed orders (Box and Jenkins), with an optional season and mean or drift. Estimated by
 * conditional sum of squares, then exact maximum likelihood, so that estimates and forecasts agree
 * with R's `arima`. Throws `invalid_parameter` for orders that are not whole or too large.
 */
export function arima(order: ArimaOrder): Forecaster {
  const full = fullOrder(order);
  const needed = arimaNeededSamples(full);
  return {
    name: arimaName(full),
    fit(series) {
      const values = trainingValues(series);
      if (values.length < needed) return insufficientHistory(needed);
      return arimaModel(fitArima(values, full), values);
    },
  };
}

/** A fit as a forecaster's answer; `values` are the samples it trained on. */
export function arimaModel(fit: ArimaFit, values: Float64Array): FitResult {
  const residuals = new Float64Array(values.length).fill(Number.NaN);
  residuals.set(fit.errors, values.length - fit.errors.length);
  return gaussianFit({
    name: arimaName(fit.order),
    parameters: arimaParameters(fit),
    residuals,
    path: (horizon) => arimaPath(fit, values, horizon),
  });
}

/** Names as R prints them: ar1, ma1, sar1, sma1, and the mean or drift. */
function arimaParameters(fit: ArimaFit): Record<string, number> {
  const { ar, ma, seasonalAr, seasonalMa } = fit.coefficients;
  const named: Record<string, number> = {};
  for (const [prefix, weights] of Object.entries({ ar, ma, sar: seasonalAr, sma: seasonalMa })) {
    for (const [i, weight] of weights.entries()) named[`${prefix}${i + 1}`] = weight;
  }
  if (fit.order.includesMean) named[fit.order.d + fit.order.D > 0 ? "drift" : "mean"] = fit.mean;
  return { ...named, sigma2: fit.sigma2, logLikelihood: fit.logLikelihood, aicc: fit.aicc };
}
