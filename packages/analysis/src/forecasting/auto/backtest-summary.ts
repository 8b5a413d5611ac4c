import type { PastForecast } from "./combined-forecast.ts";

/** How the forecast did on the past, and how a naive one would have done. */
export interface BacktestSummary {
  readonly origins: number;
  /** Mean absolute error, in the unit of the series. */
  readonly meanAbsoluteError: number;
  /** Mean absolute error of the better of naive and seasonal naive. */
  readonly naiveError: number;
  /** 1 - error / naive error: above 0 is better than naive. */
  readonly skill: number;
  /** Mean of |error| / value over samples above 0, as a ratio; `NaN` when fewer than half are. */
  readonly meanAbsolutePercentageError: number;
  /** Sum of |error| / sum of |value|, as a ratio; `NaN` when all values are 0. */
  readonly weightedPercentageError: number;
}

/** Sums up the past forecasts; `undefined` when there is none. */
export function summarizeBacktest(
  values: Float64Array,
  past: readonly PastForecast[],
  seasonSamples: number,
): BacktestSummary | undefined {
  if (past.length === 0) return undefined;
  let errors = 0;
  let sizes = 0;
  let shares = 0;
  let positive = 0;
  let steps = 0;
  const naive = { last: 0, season: 0 };
  for (const { trained, mean } of past) {
    for (let step = 0; step < mean.length; step++) {
      const value = values[trained + step]!;
      const error = Math.abs(value - mean[step]!);
      errors += error;
      sizes += Math.abs(value);
      if (value > 0) {
        shares += error / value;
        positive++;
      }
      naive.last += Math.abs(value - values[trained - 1]!);
      const sameSeason = trained - seasonSamples + (step % seasonSamples);
      naive.season += Math.abs(value - values[Math.max(0, sameSeason)]!);
    }
    steps += mean.length;
  }
  const naiveError = Math.min(naive.last, naive.season) / steps;
  const meanAbsoluteError = errors / steps;
  return {
    origins: past.length,
    meanAbsoluteError,
    naiveError,
    skill: naiveError > 0 ? 1 - meanAbsoluteError / naiveError : 0,
    meanAbsolutePercentageError: positive * 2 >= steps ? shares / positive : Number.NaN,
    weightedPercentageError: sizes > 0 ? errors / sizes : Number.NaN,
  };
}
