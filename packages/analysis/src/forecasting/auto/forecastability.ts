import type { BacktestSummary } from "./backtest-summary.ts";

/** Whether a forecast can be promised to within a share of the values, and what is expected. */
export interface Forecastability {
  readonly isForecastable: boolean;
  /** The worst backtest window's mean absolute percentage error, as a ratio, with its surcharge. */
  readonly expectedPercentageError: number;
  /** What was asked for, as a ratio: 0.1 is 10 %. */
  readonly tolerance: number;
}

/** The promise of the product: within 10 % of the values on average. */
export const DEFAULT_TOLERANCE = 0.1;
/** The expected error must stay below this share of the tolerance. */
const SAFETY_SHARE = 0.75;
/** A percentage of 0 is nothing: this share of the samples must be above 0. */
const MIN_POSITIVE_SHARE = 0.9;
/** Surcharge for what a short series cannot know of itself: 1 + this / samples. */
const SHORT_SERIES_SAMPLES = 11;

/**
 * The gate: a series is forecastable to `tolerance` when every backtest window was, with a margin.
 * The worst window counts, not the mean, since the next one may be like it. Never without a backtest.
 */
export function assessForecastability(
  values: Float64Array,
  backtest: BacktestSummary | undefined,
  tolerance: number = DEFAULT_TOLERANCE,
): Forecastability {
  const worst = backtest?.worstPercentageError ?? Number.NaN;
  const expectedPercentageError = worst * (1 + SHORT_SERIES_SAMPLES / values.length);
  let positive = 0;
  for (const value of values) if (value > 0) positive++;
  const isMeaningful = positive >= MIN_POSITIVE_SHARE * values.length;
  return {
    isForecastable: isMeaningful && expectedPercentageError < SAFETY_SHARE * tolerance,
    expectedPercentageError,
    tolerance,
  };
}
