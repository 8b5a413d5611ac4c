import { AnalysisError, requirePositive } from "../analysis-error.ts";
import { logGamma } from "./log-gamma.ts";

/** Halvings of the search interval: enough for the last bit of a double. */
const MOST_HALVINGS = 200;

/** Terms of the continued fraction; it converges in a few dozen. */
const MOST_TERMS = 500;

/**
 * Quantile of Student's t for a probability in (0, 1), by bisection of the distribution function,
 * which is exact enough for tests of outliers and slow enough not to be called per sample.
 */
export function studentTQuantile(probability: number, freedom: number): number {
  requirePositive("freedom", freedom);
  if (!(probability > 0 && probability < 1)) {
    const reason = `must lie inside 0 and 1, got ${probability}`;
    throw new AnalysisError("invalid_parameter", { parameter: "probability", reason });
  }
  if (probability < 0.5) return -studentTQuantile(1 - probability, freedom);
  let low = 0;
  let high = 1;
  while (studentTDistribution(high, freedom) < probability && high < 1e150) high *= 2;
  for (let i = 0; i < MOST_HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentTDistribution(middle, freedom) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Probability of a Student's t of at most `t`, for t >= 0. */
function studentTDistribution(t: number, freedom: number): number {
  const x = freedom / (freedom + t * t);
  return 1 - 0.5 * regularizedBeta(x, freedom / 2, 0.5);
}

/** The regularised incomplete beta function (Press et al., Numerical Recipes, section 6.4). */
function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const front = a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b);
  return (Math.exp(front) * betaFraction(x, a, b)) / a;
}

/** Lentz's evaluation of the continued fraction. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let numerator = 1;
  let denominator = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = denominator;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    denominator = 1 / away(1 + even * denominator);
    numerator = away(1 + even / numerator);
    fraction *= denominator * numerator;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    denominator = 1 / away(1 + odd * denominator);
    numerator = away(1 + odd / numerator);
    const change = denominator * numerator;
    fraction *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return fraction;
}
