import { AnalysisError } from "../analysis-error.ts";
import type { TimeSeries } from "../time-series.ts";
import { type FitResult, type Forecast, requireForecastRequest } from "./forecaster.ts";
import { normalQuantile } from "./normal-quantile.ts";

/** Means and variances of the next steps, both in the unit of the series (squared for variances). */
export interface ForecastPath {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** What a model whose errors are taken as normal has to say of itself. */
export interface GaussianModel {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly residuals: Float64Array;
  path(horizon: number): ForecastPath;
}

/** Wraps a model with normal errors as a fit: bounds are `mean ± z · sqrt(variance)`. */
export function gaussianFit(model: GaussianModel): FitResult {
  return {
    kind: "fitted",
    model: {
      name: model.name,
      parameters: model.parameters,
      residuals: model.residuals,
      forecast(horizon: number, level: number): Forecast {
        requireForecastRequest(horizon, level);
        return normalBounds(model.path(horizon), level);
      },
    },
  };
}

/** Bounds `mean ± z · sqrt(variance)` of the central `level` interval. */
export function normalBounds({ mean, variance }: ForecastPath, level: number): Forecast {
  const z = normalQuantile((1 + level) / 2);
  const halfWidths = variance.map((value) => (value > 0 ? z * Math.sqrt(value) : 0));
  return {
    mean,
    lower: mean.map((value, step) => value - halfWidths[step]!),
    upper: mean.map((value, step) => value + halfWidths[step]!),
  };
}

/** The values of a series that can be trained on; throws `invalid_series` on one that is not finite. */
export function trainingValues(series: TimeSeries): Float64Array {
  const index = series.values.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) {
    const reason = `value ${series.values[index]} is not finite; fill gaps before the fit`;
    throw new AnalysisError("invalid_series", { index, reason });
  }
  return series.values;
}

/** The answer "too little history". */
export function insufficientHistory(neededSamples: number): FitResult {
  return { kind: "insufficient-history", neededSamples };
}

/** Mean of the squares of the finite values; 0 when there is none. */
export function meanSquare(values: Float64Array, degreesOfFreedomLost = 0): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += value * value;
    count++;
  }
  return count === 0 ? 0 : sum / Math.max(1, count - degreesOfFreedomLost);
}
