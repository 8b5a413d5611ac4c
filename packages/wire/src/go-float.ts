/** Prometheus' JSON has an exponent from this magnitude on (as ECMAScript). */
const EXPONENT_FROM = 1e21;
const EXPONENT_BELOW = 1e-4;

/**
 * A number as Prometheus writes it: shortest text that reads back the same, exponents of at least
 * two digits, "NaN", "+Inf", "-Inf".
 */
export function formatGoFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  if (Object.is(value, -0)) return "-0";
  const magnitude = Math.abs(value);
  if (magnitude === 0 || (magnitude >= EXPONENT_BELOW && magnitude < EXPONENT_FROM)) {
    return String(value);
  }
  return withExponent(value);
}

/** strconv.FormatFloat(v, 'g', -1, 64), which decides as for a precision of 6 digits. */
const SHORTEST_EXPONENT_FROM = 1e6;

/**
 * The same as OpenMetrics writes it in `le` and `quantile`: "1.0" for 1, so that it is a float, and
 * "1e+06" from a million on.
 */
export function formatOpenMetricsFloat(value: number): string {
  const text =
    Number.isFinite(value) && Math.abs(value) >= SHORTEST_EXPONENT_FROM
      ? withExponent(value)
      : formatGoFloat(value);
  return Number.isFinite(value) && !/[.e]/.test(text) ? `${text}.0` : text;
}

function withExponent(value: number): string {
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}
