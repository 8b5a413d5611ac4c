import type { FullOrder } from "./arima-order.ts";

/** Coefficients as the model is written: `phi(B) Phi(B^s) w_t = theta(B) Theta(B^s) e_t`. */
export interface ArmaCoefficients {
  readonly ar: Float64Array;
  readonly ma: Float64Array;
  readonly seasonalAr: Float64Array;
  readonly seasonalMa: Float64Array;
}

/** Lag polynomials multiplied out: `w_t = sum ar_i w_(t-i) + e_t + sum ma_j e_(t-j)`. */
export interface LagWeights {
  readonly ar: Float64Array;
  readonly ma: Float64Array;
}

/**
 * A point of the search as coefficients. Each block runs through partial autocorrelations `tanh(x)`
 * (Monahan, Biometrika 71, 1984), so every point gives a stationary and invertible model.
 */
export function coefficientsOf(order: FullOrder, point: Float64Array): ArmaCoefficients {
  const { p, q, P, Q } = order;
  return {
    ar: fromPartials(point.subarray(0, p)),
    ma: fromPartials(point.subarray(p, p + q)).map((weight) => -weight),
    seasonalAr: fromPartials(point.subarray(p + q, p + q + P)),
    seasonalMa: fromPartials(point.subarray(p + q + P, p + q + P + Q)).map((weight) => -weight),
  };
}

/** Durbin and Levinson's recursion from partial autocorrelations to autoregressive weights. */
function fromPartials(point: Float64Array): Float64Array {
  const weights = point.map(Math.tanh);
  const previous = Float64Array.from(weights);
  for (let order = 1; order < weights.length; order++) {
    const partial = weights[order]!;
    for (let k = 0; k < order; k++) {
      previous[k]! = weights[k]! - partial * weights[order - 1 - k]!;
    }
    weights.set(previous.subarray(0, order));
  }
  return weights;
}

/** Multiplies the seasonal polynomials into the others. */
export function lagWeights(
  { ar, ma, seasonalAr, seasonalMa }: ArmaCoefficients,
  seasonSamples: number,
): LagWeights {
  return {
    ar: multiply(ar, seasonalAr, { seasonSamples, sign: -1 }),
    ma: multiply(ma, seasonalMa, { seasonSamples, sign: 1 }),
  };
}

/** (1 + sign·sum a_i B^i)(1 + sign·sum b_j B^(sj)), without the leading 1 and with the sign taken off. */
function multiply(
  inner: Float64Array,
  seasonal: Float64Array,
  { seasonSamples, sign }: { seasonSamples: number; sign: 1 | -1 },
): Float64Array {
  if (seasonal.length === 0) return inner;
  const product = new Float64Array(inner.length + seasonSamples * seasonal.length);
  product.set(inner);
  for (const [j, weight] of seasonal.entries()) {
    const lag = (j + 1) * seasonSamples;
    product[lag - 1]! += weight;
    for (const [i, other] of inner.entries()) product[lag + i]! += sign * weight * other;
  }
  return product;
}
