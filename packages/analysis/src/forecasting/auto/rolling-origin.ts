import type { TimeSeries } from "../../time-series.ts";
import type { Forecaster } from "../forecaster.ts";

/** How far, from where and how often a forecaster is tested on the past. */
export interface BacktestOptions {
  readonly horizon: number;
  /** Fewest samples that a fit may have. */
  readonly minTrainingSamples: number;
  readonly maxOrigins: number;
}

/** Forecasts made at one past moment; `undefined` for a forecaster that had too little history. */
export interface OriginForecasts {
  /** Samples that the forecasters had seen: the first forecast is of the sample with this index. */
  readonly trained: number;
  readonly means: readonly (Float64Array | undefined)[];
}

/** Horizons shorter than this step a quarter of themselves between origins, longer ones a half. */
const LONG_HORIZON = 24;

/**
 * Origins for a rolling backtest (Tashman 2000), newest first: the newest leaves exactly `horizon`
 * samples to test on; the others step back by a part of the horizon. Empty when the series is too
 * short.
 */
export function backtestOrigins(sampleCount: number, options: BacktestOptions): number[] {
  const { horizon, minTrainingSamples, maxOrigins } = options;
  const share = horizon >= LONG_HORIZON ? 2 : 4;
  const step = Math.max(1, Math.round(horizon / share));
  const origins: number[] = [];
  for (let k = 0; k < maxOrigins; k++) {
    const trained = sampleCount - horizon - k * step;
    if (trained < minTrainingSamples) break;
    origins.push(trained);
  }
  return origins;
}

/** Fits every forecaster at every origin and keeps the point forecasts. */
export function forecastAtOrigins(
  series: TimeSeries,
  forecasters: readonly Forecaster[],
  options: BacktestOptions,
): OriginForecasts[] {
  return backtestOrigins(series.values.length, options).map((trained) => {
    const past = {
      timestampsMs: series.timestampsMs.subarray(0, trained),
      values: series.values.subarray(0, trained),
    };
    const means = forecasters.map((forecaster) => pointForecast(forecaster, past, options.horizon));
    return { trained, means };
  });
}

/** The mean path, or `undefined` when there is too little history or a value is not finite. */
export function pointForecast(
  forecaster: Forecaster,
  series: TimeSeries,
  horizon: number,
): Float64Array | undefined {
  const result = forecaster.fit(series);
  if (result.kind !== "fitted") return undefined;
  const { mean } = result.model.forecast(horizon, 0);
  return mean.every(Number.isFinite) ? mean : undefined;
}

/**
 * The mean absolute error of each forecaster over all origins, in the unit of the series; `undefined`
 * for one that gave no forecast at any origin.
 */
export function backtestErrors(
  values: Float64Array,
  origins: readonly OriginForecasts[],
): (number | undefined)[] {
  const count = origins[0]?.means.length ?? 0;
  return Array.from({ length: count }, (_, member) => {
    let sum = 0;
    let steps = 0;
    for (const { trained, means } of origins) {
      const mean = means[member];
      if (mean === undefined) continue;
      for (let step = 0; step < mean.length; step++) {
        sum += Math.abs(values[trained + step]! - mean[step]!);
      }
      steps += mean.length;
    }
    return steps > 0 ? sum / steps : undefined;
  });
}
