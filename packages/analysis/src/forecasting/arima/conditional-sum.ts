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
  let squares = 0;
  errors.fill(0, 0, skipped);
  for (let t = skipped; t < count; t++) {
    let error = centred[t]!;
    for (let i = 0; i < ar.length; i++) error -= ar[i]! * centred[t - 1 - i]!;
    const reach = Math.min(ma.length, t - skipped);
    for (let j = 0; j < reach; j++) error -= ma[j]! * errors[t - 1 - j]!;
    errors[t] = error;
    squares += error * error;
  }
  return squares / Math.max(1, count - skipped);
}
