import type { TimeSeries } from "../../time-series.ts";
import type { Forecaster } from "../forecaster.ts";
import { combine, type MemberWeight, memberWeights } from "./combination.ts";
import { backtestErrors, forecastAtOrigins, pointForecast } from "./rolling-origin.ts";

/** What the combination did at one past moment. */
export interface PastForecast {
  /** Samples that had been seen. */
  readonly trained: number;
  readonly mean: Float64Array;
}

/** A combined point forecast with its past performance. */
export interface CombinedForecast {
  readonly mean: Float64Array;
  /** Names and shares of the members that took part, largest first; shares add up to 1. */
  readonly members: readonly { readonly name: string; readonly share: number }[];
  /** Weights of members by their place in the pool. */
  readonly weights: readonly MemberWeight[];
  /** Newest first; empty when the series was too short for a backtest. */
  readonly past: readonly PastForecast[];
}

/** What is combined and how it is judged. */
export interface CombinationRequest {
  readonly pool: readonly Forecaster[];
  readonly horizon: number;
  readonly maxOrigins: number;
  readonly minTrainingSamples: number;
}

/** Members whose backtest error is more than this many times the best one's are dropped. */
const PRUNE_RATIO = 1.5;
/** On short series errors of few origins are mostly chance, so pruning on them does harm … */
const MIN_PRUNED_SAMPLES = 350;
/** … and weighing by them does little good. */
const MIN_EXPONENT = 0.5;
/** On longer ones the exponent grows with the history, in samples per unit. */
const SAMPLES_PER_EXPONENT = 250;
const MAX_EXPONENT = 2;

/**
 * Backtests every member from rolling origins, weighs and prunes them by their errors, and combines
 * their forecasts by the weighted median. `undefined` when no member could forecast.
 */
export function combineForecasts(
  series: TimeSeries,
  request: CombinationRequest,
): CombinedForecast | undefined {
  const { pool, horizon } = request;
  const { values } = series;
  const origins = forecastAtOrigins(series, pool, request);
  const errors = backtestErrors(values, origins);
  const means = pool.map((forecaster) => pointForecast(forecaster, series, horizon));
  // A member that has no forecast now must not prune others by what it did before.
  const judged = pool.map((_, i) => (means[i] === undefined ? undefined : errors[i]));
  const isShort = values.length < MIN_PRUNED_SAMPLES;
  const weights = memberWeights(judged, {
    exponent: isShort ? MIN_EXPONENT : Math.min(MAX_EXPONENT, values.length / SAMPLES_PER_EXPONENT),
    pruneRatio: isShort ? Number.POSITIVE_INFINITY : PRUNE_RATIO,
  });
  const mean = combine(means, weights);
  if (mean === undefined) return undefined;
  const past: PastForecast[] = [];
  for (const origin of origins) {
    const combined = combine(origin.means, weights);
    if (combined !== undefined) past.push({ trained: origin.trained, mean: combined });
  }
  return { mean, members: namedShares(pool, weights), weights, past };
}

/**
 * The forecast of a combination whose weights are known: only members that have one are fitted, and
 * nothing is tested on the past. `undefined` when none of them could forecast.
 */
export function combineChosen(
  series: TimeSeries,
  { pool, weights, horizon }: ChosenRequest,
): Pick<CombinedForecast, "mean" | "members"> | undefined {
  const means: (Float64Array | undefined)[] = pool.map(() => undefined);
  for (const { member } of weights) {
    means[member] = pointForecast(pool[member]!, series, horizon);
  }
  const mean = combine(means, weights);
  return mean && { mean, members: namedShares(pool, weights) };
}

/** A pool as it was when the weights were found. */
interface ChosenRequest {
  readonly pool: readonly Forecaster[];
  readonly weights: readonly MemberWeight[];
  readonly horizon: number;
}

function namedShares(
  pool: readonly Forecaster[],
  weights: readonly MemberWeight[],
): { name: string; share: number }[] {
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  return weights
    .map(({ member, weight }) => ({ name: pool[member]!.name, share: weight / total }))
    .sort((a, b) => b.share - a.share);
}
