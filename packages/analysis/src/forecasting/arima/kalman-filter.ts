import type { LagWeights } from "./coefficients.ts";
import { stationaryCovariance } from "./stationary-covariance.ts";

/** What the filter saw: the likelihood's parts and the predicted state after the last sample. */
export interface FilterResult {
  /** Maximum likelihood estimate of the error variance. */
  readonly sigma2: number;
  /** Mean of the logarithms of the one-step variances, in units of `sigma2`. */
  readonly meanLogVariance: number;
  /** Harvey's state one step ahead; its first element is the next forecast. */
  readonly state: Float64Array;
}

/** Once a one-step variance is this near to 1 the gain has settled and is kept (steady state). */
const STEADY_VARIANCE = 1e-9;

/**
 * The exact Gaussian likelihood of a zero-mean ARMA process by the Kalman filter (Harvey and Phillips,
 * Biometrika 66, 1979; Gardner, AS 154, 1980), with the error variance concentrated out. Writes the
 * one-step errors, each divided by its relative standard deviation, into `errors`.
 */
export function kalmanFilter(
  centred: Float64Array,
  weights: LagWeights,
  errors: Float64Array,
): FilterResult {
  const filter = new ArmaFilter(weights);
  let squares = 0;
  let logVariances = 0;
  for (let t = 0; t < centred.length; t++) {
    const variance = filter.variance();
    const error = centred[t]! - filter.state[0]!;
    squares += (error * error) / variance;
    logVariances += Math.log(variance);
    errors[t] = error / Math.sqrt(variance);
    filter.advance(error);
  }
  const count = Math.max(1, centred.length);
  return {
    sigma2: squares / count,
    meanLogVariance: logVariances / count,
    state: filter.state,
  };
}

class ArmaFilter {
  readonly state: Float64Array;
  private covariance: Float64Array;
  private next: Float64Array;
  private readonly size: number;
  private readonly phi: Float64Array;
  private readonly loadings: Float64Array;
  private isSteady = false;

  constructor({ ar, ma }: LagWeights) {
    this.size = Math.max(ar.length, ma.length + 1);
    this.phi = new Float64Array(this.size);
    this.phi.set(ar);
    this.loadings = new Float64Array(this.size);
    this.loadings[0] = 1;
    this.loadings.set(ma, 1);
    this.state = new Float64Array(this.size);
    this.covariance = stationaryCovariance(ar, this.loadings);
    this.next = new Float64Array(this.covariance.length);
  }

  variance(): number {
    return this.isSteady ? 1 : this.covariance[0]!;
  }

  /** Updates with the error of the present sample, then predicts the next state. */
  advance(error: number): void {
    const { state, phi, loadings, size } = this;
    const first = state[0]! + error;
    if (this.isSteady) {
      // In the steady state the gain is the vector of loadings: the state moves by R·error.
      const prediction = state[0]!;
      for (let i = 0; i < size; i++) {
        const carried = (i + 1 < size ? state[i + 1]! : 0) + phi[i]! * prediction;
        state[i] = carried + (phi[i]! + (i + 1 < size ? loadings[i + 1]! : 0)) * error;
      }
      return;
    }
    const share = error / this.covariance[0]!;
    for (let i = 0; i < size; i++) {
      const updated = i + 1 < size ? state[i + 1]! + this.covariance[(i + 1) * size]! * share : 0;
      state[i] = updated + phi[i]! * first;
    }
    this.advanceCovariance();
    this.isSteady = Math.abs(this.covariance[0]! - 1) < STEADY_VARIANCE;
  }

  /** `P <- T (P - P Z Z' P / F) T' + R R'`; after the update row and column 0 are zero. */
  private advanceCovariance(): void {
    const { covariance, next, loadings, size } = this;
    const scale = 1 / covariance[0]!;
    for (let i = 0; i < size; i++) {
      const row = (i + 1) * size;
      const gain = i + 1 < size ? covariance[row]! * scale : 0;
      const load = loadings[i]!;
      for (let j = i; j < size; j++) {
        let value = load * loadings[j]!;
        if (j + 1 < size) value += covariance[row + j + 1]! - gain * covariance[(j + 1) * size]!;
        next[i * size + j] = value;
        next[j * size + i] = value;
      }
    }
    this.next = covariance;
    this.covariance = next;
  }
}
