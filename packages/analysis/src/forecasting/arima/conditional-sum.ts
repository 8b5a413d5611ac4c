import type { LagWeights } from "./coefficients.ts";

/**
 * The conditional sum of squares (Box and Jenkins): runs the ARMA recursion with errors before the
 * first `skipped` samples taken as 0, writes the errors, and returns the mean of their squares.
 * `skipped` is at least the longest AR lag.
 */
export function conditionalMeanSquare(
  centred: Float64Array,
  { ar, ma }: LagWeights,
  { errors, skipped }: { errors: Float64Array; skipped: number },
): number {
  const count = centred.length;
  // A multiplied seasonal polynomial is mostly zeros.
  const arLags = nonZeroLags(ar);
  const maLags = nonZeroLags(ma);
  let squares = 0;
  errors.fill(0, 0, skipped);
  for (let t = skipped; t < count; t++) {
    let error = centred[t]!;
    for (let k = 0; k < arLags.length; k++) {
      const i = arLags[k]!;
      error -= ar[i]! * centred[t - 1 - i]!;
    }
    const reach = t - skipped;
    for (let k = 0; k < maLags.length; k++) {
      const j = maLags[k]!;
      if (j >= reach) break;
      error -= ma[j]! * errors[t - 1 - j]!;
    }
    errors[t] = error;
    squares += error * error;
  }
  return squares / Math.max(1, count - skipped);
}

/** Positions of the weights that are not 0, ascending. */
function nonZeroLags(weights: Float64Array): Int32Array {
  const lags: number[] = [];
  for (const [i, weight] of weights.entries()) if (weight !== 0) lags.push(i);
  return Int32Array.from(lags);
}
