import { requireInteger } from "../analysis-error.ts";
import { mean } from "./moments.ts";

/**
 * The sample autocorrelation at one lag with divisor n (Box and Jenkins; R: `acf`), between -1 and
 * 1. `NaN` when the lag leaves no pair, when the values do not vary, or when any is `NaN`.
 */
export function autocorrelation(values: Float64Array, lag: number): number {
  requireInteger("lag", lag, 0);
  if (lag >= values.length) return Number.NaN;
  const center = mean(values);
  let total = 0;
  for (const value of values) total += (value - center) ** 2;
  if (total === 0) return Number.NaN;
  let shared = 0;
  for (let i = lag; i < values.length; i++) {
    shared += (values[i]! - center) * (values[i - lag]! - center);
  }
  return shared / total;
}
