import type { CapacityOutlook } from "../contract.ts";
import type { FitPool } from "../forecasts/fit-pool.ts";
import type { ForecastHistory } from "../forecasts/forecast-history.ts";
import {
  backtestAnswer,
  type ForecastColumns,
  forecastSeries,
  type SeriesForecast,
  type SeriesForecastOptions,
} from "../forecasts/forecast-series.ts";

/** Fewer say nothing of a trend. */
export const NEEDED_SAMPLES = 30;
/** Nobody should look further ahead than half of what was seen ... */
const HORIZON_SHARE = 0.5;
/** ... and further than half a week of five-minute samples decides nothing today. */
const MAX_HORIZON_STEPS = 1008;
const LEVEL = 0.95;

/** The limit of a resource, where one is known, and how hard to try. */
export interface OutlookOptions {
  readonly limit: number | undefined;
  readonly mode: "auto" | "fast";
}

/** When the use of a resource meets its limit. */
export async function outlookOf(
  history: ForecastHistory,
  { limit, mode }: OutlookOptions,
  fits: FitPool,
): Promise<CapacityOutlook> {
  if (limit === undefined) return { kind: "no-limit" };
  const { series, stepMs, endMs } = history;
  const haveSamples = series.values.length;
  const current = series.values.at(-1);
  if (current !== undefined && current >= limit) return { kind: "reached" };
  if (haveSamples < NEEDED_SAMPLES) {
    return { kind: "insufficient-history", haveSamples, neededSamples: NEEDED_SAMPLES, stepMs };
  }
  const steps = Math.min(Math.floor(haveSamples * HORIZON_SHARE), MAX_HORIZON_STEPS);
  const options = { steps, level: LEVEL, mode, urgent: false };
  const forecast = await betterForecast(history, options, fits);
  if (forecast.kind === "refused") {
    const { reason, neededSamples = NEEDED_SAMPLES } = forecast.found;
    return reason === "insufficient-history"
      ? { kind: reason, haveSamples, neededSamples, stepMs }
      : { kind: "refused", reason };
  }
  const { model, backtest } = forecast.found;
  const basis = {
    model,
    level: LEVEL,
    untilMs: endMs + steps * stepMs,
    backtest: backtest === undefined ? null : backtestAnswer(backtest),
  };
  const crossing = crossingOf(forecast.columns, limit);
  return crossing === undefined
    ? { kind: "holds", ...basis }
    : { kind: "runs-out", ...crossing, ...basis };
}

/**
 * With the seasons that are found and without any, whichever did better on the past: what fills has
 * a trend that a supposed season hides.
 */
async function betterForecast(
  history: ForecastHistory,
  options: SeriesForecastOptions,
  fits: FitPool,
): Promise<SeriesForecast> {
  const seasonal = await forecastSeries(history, options, fits);
  const plain = await forecastSeries(history, { ...options, seasonSamples: [] }, fits);
  if (seasonal.kind !== plain.kind) return seasonal.kind === "forecast" ? seasonal : plain;
  return errorOf(plain) < errorOf(seasonal) ? plain : seasonal;
}

const errorOf = ({ found }: SeriesForecast): number =>
  found.backtest?.meanAbsoluteError ?? Number.POSITIVE_INFINITY;

/** When forecast and bounds first meet a limit. */
export interface Crossing {
  readonly atMs: number | null;
  readonly earliestMs: number;
  readonly latestMs: number | null;
}

/** `undefined` when not even the upper bound meets the limit. */
export function crossingOf(columns: ForecastColumns, limit: number): Crossing | undefined {
  const firstAt = (values: readonly number[]): number | null =>
    columns.timestampsMs[values.findIndex((value) => value >= limit)] ?? null;
  const earliestMs = firstAt(columns.upper);
  if (earliestMs === null) return undefined;
  return { earliestMs, atMs: firstAt(columns.mean), latestMs: firstAt(columns.lower) };
}
