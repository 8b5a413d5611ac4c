import type { ForecastPath } from "../gaussian-model.ts";
import type { EtsFit } from "./ets-fit.ts";

/**
 * Means and variances of the next steps. Variances are exact for additive errors (the book's table
 * 6.2, class 1) and for multiplicative errors without a multiplicative season (class 2); with one
 * (class 3) the season's own error is left out, which is small next to the level's.
 */
export function etsPath(fit: EtsFit, horizon: number): ForecastPath {
  const { spec, parameters, state, sigma2 } = fit;
  const period = spec.seasonSamples;
  const trends = new Float64Array(horizon);
  const mean = new Float64Array(horizon);
  let slope = state.slope;
  let level = state.level;
  for (let step = 0; step < horizon; step++) {
    slope *= parameters.phi;
    level += slope;
    trends[step] = level;
    const season = state.seasonal[step % period] ?? 0;
    mean[step] =
      spec.season === "N" ? level : spec.season === "A" ? level + season : level * season;
  }
  const weights = errorWeights(fit, horizon);
  const base = spec.season === "M" ? trends : mean;
  const variance =
    spec.error === "A"
      ? additiveVariance(weights, sigma2)
      : relativeVariance(weights, sigma2, base);
  if (spec.season === "M") {
    for (let step = 0; step < horizon; step++)
      variance[step]! *= state.seasonal[step % period]! ** 2;
  }
  return { mean, variance };
}

/** c_j of the book: what an error j steps ago adds to the present, for j = 1, 2, … */
function errorWeights({ spec, parameters }: EtsFit, horizon: number): Float64Array {
  const { alpha, beta, gamma, phi } = parameters;
  const weights = new Float64Array(horizon);
  let damping = 0;
  let power = 1;
  for (let j = 1; j <= horizon; j++) {
    damping += power;
    power *= phi;
    const isSeason = spec.season === "A" && j % spec.seasonSamples === 0;
    weights[j - 1] = alpha + beta * damping + (isSeason ? gamma : 0);
  }
  return weights;
}

function additiveVariance(weights: Float64Array, sigma2: number): Float64Array {
  let sum = 1;
  return weights.map((_, step) => {
    if (step > 0) sum += weights[step - 1]! ** 2;
    return sigma2 * sum;
  });
}

function relativeVariance(weights: Float64Array, sigma2: number, mean: Float64Array): Float64Array {
  const theta = new Float64Array(mean.length);
  return mean.map((value, step) => {
    let sum = 0;
    for (let j = 1; j <= step; j++) sum += weights[j - 1]! ** 2 * theta[step - j]!;
    theta[step] = value * value + sigma2 * sum;
    return (1 + sigma2) * theta[step]! - value * value;
  });
}
