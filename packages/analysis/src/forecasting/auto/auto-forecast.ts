import { AnalysisError, requireInteger } from "../../analysis-error.ts";
import type { TimeSeries } from "../../time-series.ts";
import { usableSeasons } from "../decomposition/mstl.ts";
import { requireForecastRequest } from "../forecaster.ts";
import type { AutoForecast } from "./auto-forecast-result.ts";
import { type BacktestSummary, summarizeBacktest } from "./backtest-summary.ts";
import { combineForecasts } from "./combined-forecast.ts";
import { conformalInterval } from "./conformal-interval.ts";
import { fastPool } from "./fast-pool.ts";
import { assessForecastability, DEFAULT_TOLERANCE } from "./forecastability.ts";
import { guardRails, keepWithin } from "./guard-rails.ts";
import { memberPool } from "./member-pool.ts";
import { type RegularSeries, regularSeries } from "./regular-grid.ts";
import { seasonLengths } from "./season-lengths.ts";

/** What to forecast and how hard to try. */
export interface AutoForecastOptions {
  readonly horizon: number;
  /** Share of outcomes that the bounds should hold: 0.95 by default. */
  readonly level?: number;
  /** Seasons in samples; without them they are read from the cadence, or detected. */
  readonly seasonSamples?: readonly number[];
  /** `auto` backtests a dozen members; `fast` (about 2 ms for 1000 samples) a few cheap ones. */
  readonly mode?: "fast" | "auto";
}

const DEFAULT_LEVEL = 0.95;
const MIN_SAMPLES = 4;
/** More filling than this and the model would learn the filling. */
const MAX_FILLED_RATIO = 0.5;
/** Older samples cost time and say little: three long seasons or this many samples are kept. */
const MAX_TRAINING_SAMPLES = 4500;
const KEPT_SEASONS = 3;
const AUTO_ORIGINS = 4;
const FAST_ORIGINS = 2;
/** Fewest samples behind a backtest forecast. */
const MIN_TRAINING_SAMPLES = 8;

/**
 * Forecasts any series: fills gaps, finds the seasons, backtests a pool of members from rolling
 * origins, combines the good ones by weighted median, holds the result within guard rails and puts a
 * conformal interval around it. Says why when it has nothing to say: too little history, infinite
 * values, mostly gaps, or no better than repeating the past.
 *
 * Throws `invalid_parameter` for a horizon, level or season that cannot be, `invalid_series` for
 * columns of different lengths or timestamps that descend.
 */
export function autoForecast(series: TimeSeries, options: AutoForecastOptions): AutoForecast {
  const level = options.level ?? DEFAULT_LEVEL;
  requireForecastRequest(options.horizon, level);
  for (const season of options.seasonSamples ?? []) requireInteger("seasonSamples", season, 1);
  requireColumns(series);
  if (series.values.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY)) {
    return { kind: "refused", reason: "infinite-values" };
  }
  const regular = regularSeries(series);
  if (regular === undefined || regular.series.values.length < MIN_SAMPLES) {
    return { kind: "refused", reason: "insufficient-history", neededSamples: MIN_SAMPLES };
  }
  if (regular.filledRatio > MAX_FILLED_RATIO) return { kind: "refused", reason: "too-many-gaps" };
  return forecastRegular(regular, { ...options, level });
}

function requireColumns({ timestampsMs, values }: TimeSeries): void {
  if (timestampsMs.length !== values.length) {
    const index = Math.min(timestampsMs.length, values.length);
    const reason = `${timestampsMs.length} timestamps for ${values.length} values`;
    throw new AnalysisError("invalid_series", { index, reason });
  }
  for (const [index, time] of timestampsMs.entries()) {
    const before = timestampsMs[index - 1] ?? Number.NEGATIVE_INFINITY;
    if (Number.isFinite(time) && time >= before) continue;
    throw new AnalysisError("invalid_series", { index, reason: `${time} follows ${before}` });
  }
}

function forecastRegular(
  { series, stepMs, filledRatio }: RegularSeries,
  options: AutoForecastOptions & { readonly level: number },
): AutoForecast {
  const all = series.values;
  if (all.every((value) => value === all[0])) {
    return constantForecast(all[0]!, options.horizon, filledRatio);
  }
  const seasonSamples = options.seasonSamples
    ? usableSeasons(all.length, options.seasonSamples)
    : seasonLengths(all, stepMs);
  const recent = newestSamples(series, seasonSamples);
  const combined = combineForecasts(recent, combinationRequest(recent, seasonSamples, options));
  if (combined === undefined) {
    const neededSamples = 2 * MIN_TRAINING_SAMPLES;
    return { kind: "refused", reason: "insufficient-history", neededSamples };
  }
  const { values } = recent;
  const { members, past } = combined;
  const season = seasonSamples[0] ?? 1;
  const { level } = options;
  const backtest = summarizeBacktest({ values, past, seasonSamples: season, level });
  const forecastability = assessForecastability(values, backtest);
  const mean = keepWithin(combined.mean, guardRails(values));
  const forecast = conformalInterval({ values, mean, past, seasonSamples: season, level });
  if (backtest !== undefined && backtest.skill <= 0 && !isExact(backtest)) {
    const reason = "no-better-than-naive";
    return { kind: "refused", reason, backtest, forecastability, fallback: forecast };
  }
  return {
    kind: "forecast",
    model: members.map(({ name, share }) => `${Math.round(100 * share)} % ${name}`).join(" + "),
    members,
    seasonSamples,
    ...(backtest === undefined ? {} : { backtest }),
    forecastability,
    filledRatio,
    ...forecast,
  };
}

/** Errors below this share of the values are those of floating point. */
const EXACT_RATIO = 1e-9;

/** What hit every sample cannot be beaten: a level or a season that repeats without any noise. */
function isExact({ weightedPercentageError, meanAbsoluteError }: BacktestSummary): boolean {
  return meanAbsoluteError === 0 || weightedPercentageError < EXACT_RATIO;
}

/** What has never moved is taken to stay: no width, and no doubt to express. */
function constantForecast(value: number, horizon: number, filledRatio: number): AutoForecast {
  const mean = new Float64Array(horizon).fill(value);
  return {
    kind: "forecast",
    model: "constant",
    members: [],
    seasonSamples: [],
    forecastability: {
      isForecastable: value > 0,
      expectedPercentageError: 0,
      tolerance: DEFAULT_TOLERANCE,
    },
    filledRatio,
    mean,
    lower: mean.slice(),
    upper: mean.slice(),
  };
}

function newestSamples(series: TimeSeries, seasonSamples: readonly number[]): TimeSeries {
  const longest = seasonSamples[seasonSamples.length - 1] ?? 1;
  const kept = Math.max(MAX_TRAINING_SAMPLES, KEPT_SEASONS * longest);
  const first = Math.max(0, series.values.length - kept);
  return {
    timestampsMs: series.timestampsMs.subarray(first),
    values: series.values.subarray(first),
  };
}

function combinationRequest(
  { values }: TimeSeries,
  seasonSamples: readonly number[],
  { horizon, mode = "auto" }: AutoForecastOptions,
) {
  const season = seasonSamples[0] ?? 1;
  const shape = { values, seasonSamples };
  // A backtest should see two seasons, but one of fewer is better than none.
  const wanted = season > 1 ? Math.min(2 * season + 2, values.length - horizon) : 0;
  return {
    pool: mode === "fast" ? fastPool(shape) : memberPool(shape),
    horizon,
    maxOrigins: mode === "fast" ? FAST_ORIGINS : AUTO_ORIGINS,
    minTrainingSamples: Math.max(MIN_TRAINING_SAMPLES, wanted),
  };
}
