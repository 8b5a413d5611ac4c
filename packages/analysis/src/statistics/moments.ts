/** The arithmetic mean; `NaN` when empty or when any value is `NaN`. */
export function mean(values: Float64Array): number {
  if (values.length === 0) return Number.NaN;
  let sum = 0;
  for (const value of values) sum += value;
  const rough = sum / values.length;
  // Second pass (Chan, Golub and LeVeque 1983): removes the rounding error of the first, which the
  // NIST NumAcc sets show to matter. An infinite first pass has nothing to correct.
  if (!Number.isFinite(rough)) return rough;
  let rest = 0;
  for (const value of values) rest += value - rough;
  return rough + rest / values.length;
}

/** The smallest value; `NaN` when empty or when any value is `NaN`. */
export function minimum(values: Float64Array): number {
  return values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.min(a, b));
}

/** The largest value; `NaN` when empty or when any value is `NaN`. */
export function maximum(values: Float64Array): number {
  return values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.max(a, b));
}

/** The sample variance (divisor n - 1); `NaN` for fewer than two values or when any is `NaN`. */
export function variance(values: Float64Array): number {
  if (values.length < 2) return Number.NaN;
  return sumOfSquares(values) / (values.length - 1);
}

/** The sample standard deviation (divisor n - 1); `NaN` for fewer than two values. */
export function standardDeviation(values: Float64Array): number {
  return Math.sqrt(variance(values));
}

/** The population standard deviation (divisor n): 0 for one value, `NaN` when empty. */
export function populationStandardDeviation(values: Float64Array): number {
  return values.length === 0 ? Number.NaN : Math.sqrt(sumOfSquares(values) / values.length);
}

/** Squared deviations from the mean, with the correction term of Chan, Golub and LeVeque (1983). */
function sumOfSquares(values: Float64Array): number {
  const center = mean(values);
  let squares = 0;
  let rest = 0;
  for (const value of values) {
    squares += (value - center) ** 2;
    rest += value - center;
  }
  return squares - rest ** 2 / values.length;
}
