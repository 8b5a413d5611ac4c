import { mean } from "../../statistics/moments.ts";

/** Autocorrelations at lags 0 to `maxLag` with divisor n; all `NaN` when the values do not vary. */
export function autocorrelations(values: Float64Array, maxLag: number): Float64Array {
  const centre = mean(values);
  const centred = values.map((value) => value - centre);
  const shared = new Float64Array(maxLag + 1);
  for (let lag = 0; lag <= maxLag; lag++) {
    let sum = 0;
    for (let i = lag; i < centred.length; i++) sum += centred[i]! * centred[i - lag]!;
    shared[lag] = sum;
  }
  const total = shared[0]!;
  return shared.map((sum) => (total > 0 ? sum / total : Number.NaN));
}
