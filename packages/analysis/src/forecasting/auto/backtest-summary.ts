import { backtestCoverage } from "./backtest-coverage.ts";
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
  /** The largest such mean over one origin's window; `NaN` when one has no such mean. */
  readonly worstPercentageError: number;
  /** Sum of |error| / sum of |value|, as a ratio; `NaN` when all values are 0. */
  readonly weightedPercentageError: number;
  /** Share of the samples that lay within the bounds that were known then, as a ratio: near `level`. */
  readonly coverage: number;
  /** The share that the bounds were to hold: that of the request. */
  readonly level: number;
}

/** The past forecasts and what they are compared with. */
export interface BacktestRecord {
  readonly values: Float64Array;
  readonly past: readonly PastForecast[];
  /** The shortest season in samples, 1 for none. */
  readonly seasonSamples: number;
  /** Of the intervals, see `BacktestSummary.coverage`. */
  readonly level: number;
}

/** Sums up the past forecasts; `undefined` when there is none. */
export function summarizeBacktest(record: BacktestRecord): BacktestSummary | undefined {
  const { values, past, seasonSamples, level } = record;
  if (past.length === 0) return undefined;
  const windows = past.map((forecast) => sumWindow(values, forecast, seasonSamples));
  const total = (pick: (window: Window) => number): number =>
    windows.reduce((sum, window) => sum + pick(window), 0);
  const steps = total((window) => window.steps);
  const positive = total((window) => window.positive);
  const naiveError =
    Math.min(
      total((window) => window.naive),
      total((window) => window.seasonalNaive),
    ) / steps;
  const meanAbsoluteError = total((window) => window.errors) / steps;
  const sizes = total((window) => window.sizes);
  return {
    origins: past.length,
    meanAbsoluteError,
    naiveError,
    skill: naiveError > 0 ? 1 - meanAbsoluteError / naiveError : 0,
    meanAbsolutePercentageError:
      positive * 2 >= steps ? total((window) => window.shares) / positive : Number.NaN,
    worstPercentageError: Math.max(...windows.map(percentageError)),
    weightedPercentageError: sizes > 0 ? (meanAbsoluteError * steps) / sizes : Number.NaN,
    coverage: backtestCoverage(record),
    level,
  };
}

/** Sums over the steps of one origin. */
interface Window {
  readonly steps: number;
  readonly errors: number;
  readonly sizes: number;
  /** Of |error| / value, over the `positive` steps whose value is above 0. */
  readonly shares: number;
  readonly positive: number;
  readonly naive: number;
  readonly seasonalNaive: number;
}

function percentageError({ shares, positive, steps }: Window): number {
  return positive * 2 >= steps ? shares / positive : Number.NaN;
}

function sumWindow(
  values: Float64Array,
  { trained, mean }: PastForecast,
  seasonSamples: number,
): Window {
  const sums = { errors: 0, sizes: 0, shares: 0, positive: 0, naive: 0, seasonalNaive: 0 };
  for (let step = 0; step < mean.length; step++) {
    const value = values[trained + step]!;
    const error = Math.abs(value - mean[step]!);
    sums.errors += error;
    sums.sizes += Math.abs(value);
    if (value > 0) {
      sums.shares += error / value;
      sums.positive++;
    }
    const sameSeason = Math.max(0, trained - seasonSamples + (step % seasonSamples));
    sums.naive += Math.abs(value - values[trained - 1]!);
    sums.seasonalNaive += Math.abs(value - values[sameSeason]!);
  }
  return { steps: mean.length, ...sums };
}
