import { bfgs } from "../optimisation/bfgs.ts";
import { countCoefficients, type FullOrder } from "./arima-order.ts";
import { type ArmaCoefficients, coefficientsOf, lagWeights } from "./coefficients.ts";
import { conditionalMeanSquare } from "./conditional-sum.ts";
import { difference } from "./differencing.ts";
import { kalmanFilter } from "./kalman-filter.ts";

/** A fitted model at the end of its training samples. */
export interface ArimaFit {
  readonly order: FullOrder;
  readonly coefficients: ArmaCoefficients;
  /** Mean of the differenced series; 0 when none is estimated. */
  readonly mean: number;
  readonly sigma2: number;
  readonly logLikelihood: number;
  readonly aicc: number;
  /** One-step errors of the differenced series, standardised at its start; same length as it. */
  readonly errors: Float64Array;
  /** Harvey's state after the last sample, of the centred differenced series. */
  readonly state: Float64Array;
  /** Where the search ended; a start for a fit to a similar series. */
  readonly point: Float64Array;
}

/** Which likelihood is maximised, and from where. */
export interface ArimaFitOptions {
  /** `css` alone is many times faster; `css-ml` (default) ends with the exact likelihood. */
  readonly method?: "css" | "css-ml";
  readonly start?: Float64Array;
}

const SEARCH = { maxIterations: 60, differenceStep: 1e-4, relativeTolerance: 1e-9 };
const QUICK_SEARCH = {
  maxIterations: 15,
  differenceStep: 1e-4,
  isOneSided: true,
  relativeTolerance: 1e-5,
};

/**
 * Fits as R's `arima(method = "CSS-ML")` does: the conditional sum of squares gives the start for the
 * exact likelihood of the differenced series (Kalman filter). The caller has checked the length.
 */
export function fitArima(
  values: Float64Array,
  order: FullOrder,
  options: ArimaFitOptions = {},
): ArimaFit {
  const problem = new ArimaProblem(difference(values, order), order);
  const start = options.start ?? problem.origin();
  const isExact = options.method !== "css";
  const settings = isExact ? SEARCH : QUICK_SEARCH;
  const quick = bfgs((point) => problem.conditional(point), start, settings);
  if (!isExact) return problem.result(quick.point);
  const exact = bfgs((point) => problem.exact(point), quick.point, settings);
  return problem.result(exact.point);
}

/** Samples that a fit needs: the differences, the longest lag twice, and a few to judge by. */
export function arimaNeededSamples(order: FullOrder): number {
  const { p, d, q, P, D, Q, seasonSamples } = order;
  const lag = Math.max(p + seasonSamples * P, q + seasonSamples * Q);
  return d + D * seasonSamples + lag + countCoefficients(order) + MIN_FREE_SAMPLES;
}

const MIN_FREE_SAMPLES = 3;
/** A perfect fit has no likelihood; this keeps it finite, and by far the best. */
const SMALLEST_VARIANCE = 1e-300;

/** Objectives are half the mean of -2 log-likelihood of the scaled series, constants left out. */
class ArimaProblem {
  private readonly order: FullOrder;
  private readonly scaled: Float64Array;
  private readonly centred: Float64Array;
  private readonly errors: Float64Array;
  private readonly scale: number;
  private readonly origins: Float64Array;
  private readonly skipped: number;

  constructor(differenced: Float64Array, order: FullOrder) {
    this.order = order;
    const average = order.includesMean ? meanOf(differenced) : 0;
    const spread = Math.sqrt(meanOf(differenced.map((value) => (value - average) ** 2)));
    this.scale = spread > 0 ? spread : 1;
    this.scaled = differenced.map((value) => value / this.scale);
    this.centred = new Float64Array(differenced.length);
    this.errors = new Float64Array(differenced.length);
    this.skipped = order.p + order.seasonSamples * order.P;
    this.origins = new Float64Array(countCoefficients(order) + (order.includesMean ? 1 : 0));
    if (order.includesMean) this.origins[this.origins.length - 1] = average / this.scale;
  }

  origin(): Float64Array {
    return this.origins;
  }

  private centre(point: Float64Array): number {
    const mean = this.order.includesMean ? point[point.length - 1]! : 0;
    for (let i = 0; i < this.centred.length; i++) this.centred[i] = this.scaled[i]! - mean;
    return mean;
  }

  conditional(point: Float64Array): number {
    this.centre(point);
    const weights = lagWeights(coefficientsOf(this.order, point), this.order.seasonSamples);
    const { errors, skipped } = this;
    return 0.5 * Math.log(conditionalMeanSquare(this.centred, weights, { errors, skipped }));
  }

  exact(point: Float64Array): number {
    this.centre(point);
    const weights = lagWeights(coefficientsOf(this.order, point), this.order.seasonSamples);
    const { sigma2, meanLogVariance } = kalmanFilter(this.centred, weights, this.errors);
    return 0.5 * (Math.log(sigma2) + meanLogVariance);
  }

  /**
   * The filter runs once more, so that errors, state and likelihood are the exact ones of `point`:
   * conditional sums of models with different lags leave out different samples and cannot be compared.
   */
  result(point: Float64Array): ArimaFit {
    const { order, scale } = this;
    const mean = this.centre(point);
    const coefficients = coefficientsOf(order, point);
    const weights = lagWeights(coefficients, order.seasonSamples);
    const { sigma2, meanLogVariance, state } = kalmanFilter(this.centred, weights, this.errors);
    const count = this.centred.length;
    const variance = Math.max(sigma2 * scale * scale, SMALLEST_VARIANCE);
    const perSample = Math.log(2 * Math.PI * variance) + 1 + meanLogVariance;
    const logLikelihood = -0.5 * count * perSample;
    const free = point.length + 1;
    const penalty = count > free + 1 ? (2 * free * count) / (count - free - 1) : Infinity;
    return {
      order,
      coefficients,
      mean: mean * scale,
      sigma2: sigma2 * scale * scale,
      logLikelihood,
      aicc: -2 * logLikelihood + penalty,
      errors: this.errors.map((error) => error * scale),
      state: state.map((element) => element * scale),
      point,
    };
  }
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}
