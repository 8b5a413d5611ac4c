import { AnalysisError, requireInteger } from "../../analysis-error.ts";
import type { TimeSeries } from "../../time-series.ts";
import { usableSeasons } from "../decomposition/mstl.ts";
import { type Forecaster, requireForecastRequest } from "../forecaster.ts";
import { chooseArimas } from "./arima-members.ts";
import type { AutoForecast } from "./auto-forecast-result.ts";
import { type BacktestSummary, summarizeBacktest } from "./backtest-summary.ts";
import { type CombinedForecast, combineChosen, combineForecasts } from "./combined-forecast.ts";
import { learnInterval, withInterval } from "./conformal-interval.ts";
import { fastPool } from "./fast-pool.ts";
import { type ChoiceRequest, type ForecastChoice, isStillGood } from "./forecast-choice.ts";
import { assessForecastability, DEFAULT_TOLERANCE } from "./forecastability.ts";
import { guardRails, keepWithin } from "./guard-rails.ts";
import { hasArima, memberPool, type PoolRequest } from "./member-pool.ts";
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
  /**
   * The `choice` of an earlier forecast of this series. While it is good, see `mostNewSamples`, its
   * members are fitted to the new samples and nothing is searched or backtested; then it is passed over.
   */
  readonly choice?: ForecastChoice | undefined;
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
  regular: RegularSeries,
  options: AutoForecastOptions & { readonly level: number },
): AutoForecast {
  const { series, filledRatio } = regular;
  const all = series.values;
  if (all.every((value) => value === all[0])) {
    return constantForecast(all[0]!, options.horizon, filledRatio);
  }
  const { horizon, level, mode = "auto", seasonSamples } = options;
  const asked = { horizon, level, mode, seasonSamples };
  const chosen = refitted(regular, asked, options.choice) ?? chooseAnew(regular, asked);
  if (chosen === undefined) {
    const neededSamples = 2 * MIN_TRAINING_SAMPLES;
    return { kind: "refused", reason: "insufficient-history", neededSamples };
  }
  const { choice, mean, members } = chosen;
  const { backtest, forecastability } = choice;
  const forecast = withInterval(mean, choice.interval);
  if (backtest !== undefined && !choice.isAccepted) {
    const reason = "no-better-than-naive";
    return { kind: "refused", reason, backtest, forecastability, fallback: forecast, choice };
  }
  return {
    kind: "forecast",
    model: members.map(({ name, share }) => `${Math.round(100 * share)} % ${name}`).join(" + "),
    members,
    seasonSamples: choice.seasonSamples,
    ...(backtest === undefined ? {} : { backtest }),
    forecastability,
    filledRatio,
    choice,
    ...forecast,
  };
}

/** A point forecast within the guard rails, and what it was made with. */
interface Chosen extends Pick<CombinedForecast, "mean" | "members"> {
  readonly choice: ForecastChoice;
}

/** The members of an earlier choice, fitted to what is known now; `undefined` when it has had its time. */
function refitted(
  regular: RegularSeries,
  asked: ChoiceRequest,
  choice: ForecastChoice | undefined,
): Chosen | undefined {
  if (choice === undefined || !isStillGood(choice, regular, asked)) return undefined;
  const { seasonSamples, weights, trainedSamples: sampleCount, arima = {} } = choice;
  const recent = newestSamples(regular.series, seasonSamples);
  const pool = poolOf({ sampleCount, seasonSamples, arima }, asked.mode);
  const combined = combineChosen(recent, { pool, weights, horizon: asked.horizon });
  if (combined === undefined) return undefined;
  return { ...combined, mean: keepWithin(combined.mean, guardRails(recent.values)), choice };
}

function chooseAnew({ series, stepMs }: RegularSeries, asked: ChoiceRequest): Chosen | undefined {
  const all = series.values;
  const seasonSamples = asked.seasonSamples
    ? usableSeasons(all.length, asked.seasonSamples)
    : seasonLengths(all, stepMs);
  const recent = newestSamples(series, seasonSamples);
  const { values } = recent;
  const shape = shapeOf(values, seasonSamples, asked.mode);
  const combined = combineForecasts(recent, combinationRequest(shape, asked));
  if (combined === undefined) return undefined;
  const { members, past, weights } = combined;
  const season = seasonSamples[0] ?? 1;
  const { level } = asked;
  const backtest = summarizeBacktest({ values, past, seasonSamples: season, level });
  const mean = keepWithin(combined.mean, guardRails(values));
  const choice = {
    request: asked,
    startMs: series.timestampsMs[0]!,
    newestMs: series.timestampsMs[all.length - 1]!,
    stepMs,
    trainedSamples: values.length,
    seasonSamples,
    ...(shape.arima === undefined ? {} : { arima: shape.arima }),
    weights,
    interval: learnInterval({ values, mean, past, seasonSamples: season, level }),
    ...(backtest === undefined ? {} : { backtest }),
    forecastability: assessForecastability(values, backtest),
    isAccepted: backtest === undefined || backtest.skill > 0 || isExact(backtest),
  };
  return { choice, mean, members };
}

function shapeOf(
  values: Float64Array,
  seasonSamples: readonly number[],
  mode: ChoiceRequest["mode"],
): PoolRequest {
  const shape = { sampleCount: values.length, seasonSamples };
  const [season] = seasonSamples;
  if (mode === "fast" || season === undefined || !hasArima(shape)) return shape;
  return { ...shape, arima: chooseArimas(values, season) };
}

function poolOf(shape: PoolRequest, mode: ChoiceRequest["mode"]): Forecaster[] {
  return mode === "fast" ? fastPool(shape) : memberPool(shape);
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

function combinationRequest(shape: PoolRequest, { horizon, mode }: ChoiceRequest) {
  const season = shape.seasonSamples[0] ?? 1;
  // A backtest should see two seasons, but one of fewer is better than none.
  const wanted = season > 1 ? Math.min(2 * season + 2, shape.sampleCount - horizon) : 0;
  return {
    pool: poolOf(shape, mode),
    horizon,
    maxOrigins: mode === "fast" ? FAST_ORIGINS : AUTO_ORIGINS,
    minTrainingSamples: Math.max(MIN_TRAINING_SAMPLES, wanted),
  };
}
