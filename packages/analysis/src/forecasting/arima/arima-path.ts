import type { ForecastPath } from "../gaussian-model.ts";
import type { ArimaFit } from "./arima-fit.ts";
import { type LagWeights, lagWeights } from "./coefficients.ts";
import { integrationWeights } from "./differencing.ts";

/** Means and variances of the next steps in the unit of `values`, the samples of the fit. */
export function arimaPath(fit: ArimaFit, values: Float64Array, horizon: number): ForecastPath {
  const weights = lagWeights(fit.coefficients, fit.order.seasonSamples);
  const integration = integrationWeights(fit.order);
  const differenced = stateForecast(fit, weights.ar, horizon);
  return {
    mean: integrate(differenced, integration, values),
    variance: pathVariance(fit.sigma2, { weights, integration }, horizon),
  };
}

/** The state moved on without errors, plus the mean. */
function stateForecast(fit: ArimaFit, ar: Float64Array, horizon: number): Float64Array {
  const state = Float64Array.from(fit.state);
  const forecast = new Float64Array(horizon);
  for (let step = 0; step < horizon; step++) {
    const first = state[0]!;
    forecast[step] = first + fit.mean;
    for (let i = 0; i < state.length; i++) state[i] = (state[i + 1] ?? 0) + (ar[i] ?? 0) * first;
  }
  return forecast;
}

function integrate(
  differenced: Float64Array,
  integration: Float64Array,
  values: Float64Array,
): Float64Array {
  const path = Float64Array.from(differenced);
  for (let step = 0; step < path.length; step++) {
    for (const [i, weight] of integration.entries()) {
      const at = step - 1 - i;
      path[step]! += weight * (at >= 0 ? path[at]! : values[values.length + at]!);
    }
  }
  return path;
}

/** sigma² times the running sum of squared psi weights (Box and Jenkins, section 5.1). */
function pathVariance(
  sigma2: number,
  { weights, integration }: { weights: LagWeights; integration: Float64Array },
  horizon: number,
): Float64Array {
  const ar = combine(weights.ar, integration);
  const psi = new Float64Array(horizon);
  let sum = 0;
  return psi.map((_, step) => {
    let weight = step === 0 ? 1 : (weights.ma[step - 1] ?? 0);
    const reach = Math.min(step, ar.length);
    for (let i = 0; i < reach; i++) weight += ar[i]! * psi[step - 1 - i]!;
    psi[step] = weight;
    sum += weight * weight;
    return sigma2 * sum;
  });
}

/** AR weights with the differences multiplied in. */
function combine(ar: Float64Array, integration: Float64Array): Float64Array {
  const product = new Float64Array(ar.length + integration.length);
  product.set(ar);
  for (const [j, weight] of integration.entries()) {
    product[j]! += weight;
    for (const [i, other] of ar.entries()) product[i + j + 1]! -= weight * other;
  }
  return product;
}
