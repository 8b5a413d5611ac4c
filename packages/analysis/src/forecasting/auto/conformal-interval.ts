import { quantileOfSorted } from "../../statistics/quantile.ts";
import type { Forecast } from "../forecaster.ts";
import { student4Quantile } from "../student-quantile.ts";
import type { PastForecast } from "./combined-forecast.ts";

/** From what the width of the interval is learnt. */
export interface IntervalRequest {
  readonly values: Float64Array;
  readonly mean: Float64Array;
  readonly past: readonly PastForecast[];
  /** The shortest season in samples, 1 for none. */
  readonly seasonSamples: number;
  readonly level: number;
}

/** Overlapping windows tell less than new ones: each further origin counts as this many. */
const FURTHER_ORIGIN_WEIGHT = 0.4;
/** The variance of naive changes counts as this many origins. */
const PRIOR_ORIGINS = 1.1;
/** Widening for the parameters' own uncertainty: 1 + this / samples. */
const SHORT_SERIES_SAMPLES = 10;
/** From this many samples the residuals' own quantiles shape the interval, not only their variance. */
const MIN_QUANTILE_SAMPLES = 350;
/** Share of the residuals' quantile, in a geometric mean with the normal one. */
const QUANTILE_SHARE = 0.3;
/** Half the width of the normal 95 % interval, in deviations: the level that widths are tuned at. */
const NORMAL_95 = 1.96;
/** Other levels follow Student's t with 4 degrees of freedom: scaled errors have such heavy tails. */
const TUNED_LEVEL = 0.95;
/** Errors grow with the level of their forecast to this power … */
const LEVEL_POWER = 0.15;
/** … and the changes of a series that drifts with the level around them to this one. */
const CHANGE_POWER = 0.6;
/** Errors that grow at least this fast with the step are those of a series that drifts. */
const DRIFTING_GROWTH = 0.35;
/** Levels are compared with this share of the mean level added, so that none is near 0. */
const LEVEL_FLOOR = 0.1;
/** Widening chosen for 95 % coverage, without and with the residuals' quantiles. */
const NORMAL_WIDENING = 1;
/** A short history with the season of a day has not seen two weeks: what a weekday does is unknown. */
const UNSEEN_WEEK_WIDENING = 1.25;
const QUANTILE_WIDENING = 1.06;
/** A residual quantile is not believed below this share of the normal one. */
const MIN_QUANTILE_RATIO = 0.3;

/**
 * The prediction interval from rolling-origin errors, in the manner of conformal prediction (Stankevičiūtė,
 * Alaa and van der Schaar 2021; Xu and Xie 2021): errors of the combination at past origins are scaled
 * by their step's growth and, for values that are never negative, half by the size of the forecast and
 * a little by its level; their variance is shrunk towards that of naive changes, each seen at the level
 * of the forecast, and on long series their own lower and upper quantile make the interval lopsided
 * where the errors are.
 */
export function conformalInterval(request: IntervalRequest): Forecast {
  return withInterval(request.mean, learnInterval(request));
}

/** What was learnt of the errors: plain data, good for a while after the samples it was learnt from. */
export interface IntervalShape extends Scaling {
  /** How far the interval reaches below and above the mean, for a step of size 1. */
  readonly below: number;
  readonly above: number;
}

/** How wide intervals must be, see `conformalInterval`. */
export function learnInterval(request: IntervalRequest): IntervalShape {
  const { values, past } = request;
  const isNonNegative = values.every((value) => value >= 0);
  const floor = LEVEL_FLOOR * meanSize(values);
  const scaling = { growth: growthExponent(request), isNonNegative, floor };
  const scaled = scaledErrors(values, past, scaling);
  const deviation = Math.sqrt(shrunkVariance(scaled, request, scaling));
  return { ...scaling, ...reaches(scaled, { deviation, request }) };
}

/** The interval of that shape around a mean. */
export function withInterval(mean: Float64Array, shape: IntervalShape): Forecast {
  const { below, above, isNonNegative } = shape;
  const sizes = stepSizes(mean, shape);
  return {
    mean,
    lower: mean.map((value, step) => {
      const bound = value - below * sizes[step]!;
      return isNonNegative ? Math.max(0, bound) : bound;
    }),
    upper: mean.map((value, step) => value + above * sizes[step]!),
  };
}

interface Scaling {
  /** Deviations grow with the step to this power. */
  readonly growth: number;
  readonly isNonNegative: boolean;
  /** Added to levels before they are compared, in the unit of the series. */
  readonly floor: number;
}

/** Seasons up to a year of months; see `member-pool.ts` for the same classes. */
const MAX_SHORT_SEASON = 12;
const QUARTERS_OF_YEAR = 4;
const DAYS_OF_WEEK = 7;
const WEEKS_OF_YEAR = 52;

/** With few steps in a season errors add up like a random walk's; with many they hardly grow. */
function growthExponent({ values, past, seasonSamples }: IntervalRequest): number {
  if (seasonSamples === 1 && values.length >= MIN_QUANTILE_SAMPLES && past.length > 0) {
    return learntGrowth(values, past);
  }
  if (seasonSamples <= QUARTERS_OF_YEAR || seasonSamples === WEEKS_OF_YEAR) return 0.5;
  if (seasonSamples <= MAX_SHORT_SEASON && seasonSamples !== DAYS_OF_WEEK) return 0.35;
  return 0.15;
}

const GROWTHS = [0, 0.15, 0.25, 0.35, 0.5];

/**
 * The growth under which the past errors are likeliest: a long series without a season may be a random
 * walk, or noise around a level, whose errors do not grow at all.
 */
function learntGrowth(values: Float64Array, past: readonly PastForecast[]): number {
  const costs = GROWTHS.map((growth) => {
    let squares = 0;
    let logSizes = 0;
    let count = 0;
    for (const { trained, mean } of past) {
      for (let step = 0; step < mean.length; step++) {
        const size = (step + 1) ** growth;
        squares += ((values[trained + step]! - mean[step]!) / size) ** 2;
        logSizes += Math.log(size);
        count++;
      }
    }
    return (count / 2) * Math.log(squares / count + Number.MIN_VALUE) + logSizes;
  });
  return GROWTHS[costs.indexOf(Math.min(...costs))]!;
}

function meanSize(values: Float64Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
}

/** The size of an error of 1 at each step. */
function stepSizes(mean: Float64Array, { growth, isNonNegative, floor }: Scaling): Float64Array {
  const average = meanSize(mean);
  const level = isNonNegative && floor > 0 ? (average + floor) ** LEVEL_POWER : 1;
  return mean.map((value, step) => {
    const size = isNonNegative && average > 0 ? (1 + Math.abs(value) / average) / 2 : 1;
    return level * size * (step + 1) ** growth;
  });
}

function scaledErrors(
  values: Float64Array,
  past: readonly PastForecast[],
  scaling: Scaling,
): Float64Array {
  const errors: number[] = [];
  for (const { trained, mean } of past) {
    const sizes = stepSizes(mean, scaling);
    for (let step = 0; step < mean.length; step++) {
      errors.push((values[trained + step]! - mean[step]!) / sizes[step]!);
    }
  }
  return Float64Array.from(errors).sort();
}

/** Mean square of the errors, shrunk towards the mean square of naive changes. */
function shrunkVariance(
  errors: Float64Array,
  { values, mean, past, seasonSamples }: IntervalRequest,
  scaling: Scaling,
): number {
  const lag = seasonSamples <= mean.length ? seasonSamples : 1;
  const middleStep = lag > 1 ? mean.length / 2 : 1;
  const level = scaling.isNonNegative ? (meanSize(mean) + scaling.floor) ** LEVEL_POWER : 1;
  const size = (level > 0 ? level : 1) * middleStep ** scaling.growth;
  const prior = changeVariance(values, { ...scaling, lag, level: meanSize(mean) }) / size ** 2;
  if (errors.length === 0) return prior;
  const own = errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
  const weight = 1 + (past.length - 1) * FURTHER_ORIGIN_WEIGHT;
  return (own * weight + prior * PRIOR_ORIGINS) / (weight + PRIOR_ORIGINS);
}

/** Mean square of the changes over `lag` samples, those of a drifting series as if at `level`. */
function changeVariance(
  values: Float64Array,
  { lag, level, growth, isNonNegative, floor }: Scaling & { lag: number; level: number },
): number {
  const isRelative = isNonNegative && growth >= DRIFTING_GROWTH && floor > 0;
  let squares = 0;
  for (let i = lag; i < values.length; i++) {
    const [before, after] = [values[i - lag]!, values[i]!];
    const ratio = isRelative ? ((before + after) / 2 + floor) / (level + floor) : 1;
    squares += ((after - before) / ratio ** CHANGE_POWER) ** 2;
  }
  return squares / Math.max(1, values.length - lag);
}

/** How far the interval reaches below and above the mean, for a step of size 1. */
function reaches(
  errors: Float64Array,
  { deviation, request }: { deviation: number; request: IntervalRequest },
): { below: number; above: number } {
  const { level, seasonSamples } = request;
  const sampleCount = request.values.length;
  const tail = student4Quantile((1 + level) / 2) / student4Quantile((1 + TUNED_LEVEL) / 2);
  const z = NORMAL_95 * tail * (1 + SHORT_SERIES_SAMPLES / sampleCount);
  const normal = z * deviation;
  if (errors.length === 0 || sampleCount < MIN_QUANTILE_SAMPLES) {
    const isDay = seasonSamples > MAX_SHORT_SEASON && seasonSamples !== WEEKS_OF_YEAR;
    const reach = (isDay ? UNSEEN_WEEK_WIDENING : NORMAL_WIDENING) * normal;
    return { below: reach, above: reach };
  }
  const blend = (reach: number): number => {
    const own = Math.max(reach, MIN_QUANTILE_RATIO * normal);
    return QUANTILE_WIDENING * own ** QUANTILE_SHARE * normal ** (1 - QUANTILE_SHARE);
  };
  return {
    below: blend(-quantileOfSorted(errors, (1 - level) / 2)),
    above: blend(quantileOfSorted(errors, (1 + level) / 2)),
  };
}
