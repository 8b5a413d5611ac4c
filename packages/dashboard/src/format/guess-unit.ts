import type { Unit } from "./units.ts";

/**
 * The unit of an expression, by the suffix that OpenTelemetry and Prometheus give to names; `1` when
 * nothing tells it. A rate of counts is per second, a rate of seconds a ratio of time.
 */
export function guessUnit(expression: string): Unit {
  const isRate = /\b(?:rate|irate|deriv)\s*\(/.test(expression);
  if (/\bhistogram_quantile\s*\(/.test(expression) && /_seconds(?:_bucket)?\b/.test(expression))
    return "s";
  if (/_ratio\b/.test(expression)) return "ratio";
  if (/_bytes(?:_total|_sum|_bucket)?\b/.test(expression)) return isRate ? "By/s" : "By";
  if (/_seconds(?:_total|_sum)?\b/.test(expression) && !/\//.test(expression))
    return isRate ? "ratio" : "s";
  return isRate ? "1/s" : "1";
}
