import { AnalysisError, requireInteger, requireUnitInterval } from "../analysis-error.ts";
import type { TimeSeries } from "../time-series.ts";

/** Learns from a series of evenly spaced samples; the next sample would follow one step later. */
export interface Forecaster {
  readonly name: string;
  /** Throws `invalid_series` on a value that is not finite: fill or clean gaps before. */
  fit(series: TimeSeries): FitResult;
}

/** Too little history is an answer, not an error. */
export type FitResult =
  | { readonly kind: "fitted"; readonly model: FittedModel }
  | { readonly kind: "insufficient-history"; readonly neededSamples: number };

/** A model with its parameters estimated; asking it for forecasts does not change it. */
export interface FittedModel {
  /** What was really fitted, e.g. `ARIMA(1,1,0)`; an automatic forecaster names its choice here. */
  readonly name: string;
  /** Estimates under the names of the cited source. */
  readonly parameters: Readonly<Record<string, number>>;
  /** One-step errors on the training samples, in their unit; `NaN` where none is defined. */
  readonly residuals: Float64Array;
  /**
   * The next `horizon` steps. `level` is the share of outcomes that the bounds should hold, such as
   * 0.95. Throws `invalid_parameter` unless `horizon` is whole and at least 1 and `level` in [0, 1].
   */
  forecast(horizon: number, level: number): Forecast;
}

/** Point forecasts and the bounds of their `level` prediction interval; all of length `horizon`. */
export interface Forecast {
  readonly mean: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** A forecast of this many steps is a mistake of the caller: no model here says anything so far. */
export const MAX_HORIZON_STEPS = 100_000;

/** Throws `invalid_parameter` unless both can be asked of a `FittedModel`. */
export function requireForecastRequest(horizon: number, level: number): void {
  requireInteger("horizon", horizon, 1);
  if (horizon > MAX_HORIZON_STEPS) {
    const reason = `must be at most ${MAX_HORIZON_STEPS}, got ${horizon}`;
    throw new AnalysisError("invalid_parameter", { parameter: "horizon", reason });
  }
  requireUnitInterval("level", level);
}
