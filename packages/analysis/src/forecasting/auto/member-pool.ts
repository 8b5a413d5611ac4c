import { autoEts } from "../auto-ets.ts";
import { complexExponentialSmoothing } from "../complex-exponential-smoothing.ts";
import { doubleExponentialSmoothing } from "../double-exponential-smoothing.ts";
import type { Forecaster } from "../forecaster.ts";
import { gentleTrend } from "../gentle-trend.ts";
import { lagRegression } from "../lag-regression.ts";
import { levelShape } from "../level-shape.ts";
import { logTransformed } from "../log-transformed.ts";
import { drift } from "../naive/drift.ts";
import { naive } from "../naive/naive.ts";
import { seasonalMedian } from "../naive/seasonal-median.ts";
import { seasonalNaive } from "../naive/seasonal-naive.ts";
import { classicallyDeseasonalised } from "../seasonal/classically-deseasonalised.ts";
import { stlDeseasonalised } from "../seasonal/stl-deseasonalised.ts";
import { simpleExponentialSmoothing } from "../simple-exponential-smoothing.ts";
import { steadyTrend } from "../steady-trend.ts";
import { temporallyAggregated } from "../temporal-aggregation.ts";
import { optimisedTheta } from "../theta/optimised-theta.ts";
import { theta } from "../theta/theta-method.ts";
import { type ArimaChoices, arimaMembers } from "./arima-members.ts";
import {
  doubleSeasonDesign,
  leanDoubleSeasonDesign,
  longAnchorDesign,
  rareSeasonDesign,
  seasonalAnchorDesign,
  seasonalChangeDesign,
} from "./lag-designs.ts";

/** What decides which members are tried: the same request gives the same pool, in the same order. */
export interface PoolRequest {
  readonly sampleCount: number;
  /** Seasons that fit twice into the series, ascending. */
  readonly seasonSamples: readonly number[];
  /** Orders chosen beforehand, for series that `hasArima`. */
  readonly arima?: ArimaChoices;
}

/** Seasons of up to a year of months are short: each is seen often enough to be smoothed. */
const MAX_SHORT_SEASON = 12;
const DAYS_OF_WEEK = 7;
const QUARTERS_OF_YEAR = 4;
const HOURS_OF_DAY = 24;
const WEEKS_OF_YEAR = 52;
/** Searches over ARIMA and ETS models of longer series cost more than the rest of the pool. */
const MAX_ARIMA_SAMPLES = 130;
const MAX_ETS_SAMPLES = 500;
/** More samples than this without a season are those of a machine, not of a business. */
export const MIN_TELEMETRY_SAMPLES = 120;
/** A season seen less often than this has no profile worth the name. */
const MIN_LEVEL_SEASONS = 5;

/** The members of automatic mode for a series of that shape. */
export function memberPool({ sampleCount, seasonSamples, arima = {} }: PoolRequest): Forecaster[] {
  const [season, longer] = seasonSamples;
  if (season === undefined) return unseasonalPool(sampleCount);
  if (season === DAYS_OF_WEEK) return dailyPool(season);
  if (season <= MAX_SHORT_SEASON) {
    const isLong = sampleCount > MAX_ARIMA_SAMPLES;
    return isLong ? manySeasonsPool(season) : shortSeasonPool(season, arima);
  }
  if (season === WEEKS_OF_YEAR) return weeklyPool(sampleCount, season);
  if (longer === undefined) return dayPool(season);
  return doubleSeasonPool(season, longer);
}

/** Whether ARIMA is among the members of automatic mode for a series of that shape. */
export function hasArima({ sampleCount, seasonSamples }: PoolRequest): boolean {
  const [season] = seasonSamples;
  const isShort = season !== undefined && season <= MAX_SHORT_SEASON && season !== DAYS_OF_WEEK;
  return isShort && sampleCount <= MAX_ARIMA_SAMPLES;
}

function unseasonalPool(sampleCount: number): Forecaster[] {
  const pool = [
    naive(),
    drift(),
    optimisedTheta({ isDynamic: true }),
    logTransformed(theta()),
    gentleTrend(),
  ];
  if (sampleCount <= MAX_ETS_SAMPLES) pool.push(autoEts());
  if (sampleCount >= MIN_TELEMETRY_SAMPLES) pool.push(steadyTrend(), ...levelMedians(sampleCount));
  return pool;
}

/** The median of all and of the newest samples: the level of noise with spikes. */
export function levelMedians(sampleCount: number): Forecaster[] {
  return [sampleCount, Math.round(sampleCount / 16)].map((windowSeasons) =>
    seasonalMedian({ seasonSamples: 1, windowSeasons }),
  );
}

function shortSeasonPool(season: number, arima: ArimaChoices): Forecaster[] {
  const deseasonalised = (inner: Forecaster): Forecaster =>
    classicallyDeseasonalised({ seasonSamples: season, inner });
  const stl = (inner: Forecaster): Forecaster =>
    stlDeseasonalised({ seasonSamples: [season], inner });
  return [
    logTransformed(stl(gentleTrend())),
    stl(complexExponentialSmoothing()),
    deseasonalised(logTransformed(optimisedTheta({ isDynamic: true }))),
    levelShape({ seasonSamples: season, shapeSeasons: 10, inner: theta() }),
    logTransformed(lagRegression(seasonalAnchorDesign(season))),
    lagRegression(seasonalChangeDesign(season)),
    ...aggregatedMembers(season),
    ...arimaMembers(arima, season),
    // The last four quarters are a forecast; the last twelve months carry too much noise.
    ...(season <= QUARTERS_OF_YEAR ? [seasonalNaive({ seasonSamples: season })] : []),
  ];
}

/** With a decade and more of years the season has moved: STL, which follows it, in all its forms. */
function manySeasonsPool(season: number): Forecaster[] {
  const stl = (inner: Forecaster): Forecaster =>
    stlDeseasonalised({ seasonSamples: [season], inner });
  const shape = (inner: Forecaster): Forecaster =>
    levelShape({ seasonSamples: season, shapeSeasons: 10, inner });
  const blocks = BLOCKS_BY_SEASON.get(season) ?? [1, season];
  return [
    seasonalNaive({ seasonSamples: season }),
    logTransformed(stl(theta())),
    stl(theta()),
    logTransformed(stl(temporallyAggregated({ blocks, inner: theta() }))),
    shape(theta()),
    shape(simpleExponentialSmoothing()),
    classicallyDeseasonalised({ seasonSamples: season, inner: logTransformed(theta()) }),
  ];
}

function aggregatedMembers(season: number): Forecaster[] {
  const blocks = BLOCKS_BY_SEASON.get(season);
  if (blocks === undefined) return [];
  const inner = temporallyAggregated({ blocks, inner: gentleTrend() });
  return [logTransformed(classicallyDeseasonalised({ seasonSamples: season, inner }))];
}

/** Divisors of the usual seasons: months, quarters, half years, years. */
const BLOCKS_BY_SEASON = new Map([
  [4, [1, 2, 4]],
  [12, [1, 2, 3, 4, 6, 12]],
]);

function dailyPool(season: number): Forecaster[] {
  const deseasonalised = (inner: Forecaster): Forecaster =>
    classicallyDeseasonalised({ seasonSamples: season, inner });
  return [
    seasonalNaive({ seasonSamples: season }),
    seasonalMedian({ seasonSamples: season, windowSeasons: 5 }),
    logTransformed(stlDeseasonalised({ seasonSamples: [season], inner: gentleTrend() })),
    deseasonalised(logTransformed(theta())),
    levelShape({
      seasonSamples: season,
      shapeSeasons: 5,
      inner: doubleExponentialSmoothing({ isDamped: true }),
    }),
    levelShape({
      seasonSamples: season,
      shapeSeasons: 5,
      inner: simpleExponentialSmoothing(),
    }),
    logTransformed(lagRegression(seasonalAnchorDesign(season))),
  ];
}

/** A year of weeks moves like a stock with a yearly echo: most members are anchored at the last week. */
function weeklyPool(sampleCount: number, season: number): Forecaster[] {
  const pool = [
    classicallyDeseasonalised({
      seasonSamples: season,
      inner: doubleExponentialSmoothing({ isDamped: true }),
    }),
    logTransformed(stlDeseasonalised({ seasonSamples: [season], inner: theta() })),
    lagRegression(rareSeasonDesign(season)),
    logTransformed(lagRegression(rareSeasonDesign(season))),
    lagRegression(seasonalChangeDesign(season)),
    logTransformed(lagRegression(seasonalChangeDesign(season))),
    optimisedTheta({ isDynamic: true }),
  ];
  if (sampleCount >= MIN_LEVEL_SEASONS * season) {
    const inner = doubleExponentialSmoothing({ isDamped: true });
    pool.push(levelShape({ seasonSamples: season, shapeSeasons: 10, inner }));
  }
  return pool;
}

/** A day with less than two weeks of history. */
function dayPool(season: number): Forecaster[] {
  const deseasonalised = (inner: Forecaster): Forecaster =>
    classicallyDeseasonalised({ seasonSamples: season, inner });
  return [
    naive(),
    seasonalNaive({ seasonSamples: season }),
    smoothedMedian(season, { days: 7, sidesPerDay: 48 }),
    deseasonalised(naive()),
    deseasonalised(logTransformed(gentleTrend())),
    logTransformed(stlDeseasonalised({ seasonSamples: [season], inner: gentleTrend() })),
    ...(season <= HOURS_OF_DAY ? hourMembers(season) : minuteMembers(season)),
  ];
}

/** Hours are few and smooth enough for lags, and for a level a day. */
function hourMembers(season: number): Forecaster[] {
  return [
    levelShape({ seasonSamples: season, shapeSeasons: 10, inner: simpleExponentialSmoothing() }),
    logTransformed(lagRegression(seasonalChangeDesign(season))),
  ];
}

/** Minutes are noisy: medians over neighbours, days, and everything. */
function minuteMembers(season: number): Forecaster[] {
  return [
    smoothedMedian(season, { days: 1, sidesPerDay: 48 }),
    smoothedMedian(season, { days: 7, sidesPerDay: 24 }),
    ...flatMedians(season),
  ];
}

/** The median of the phase on some days, with one `sidesPerDay`-th of a day on each side. */
export function smoothedMedian(
  season: number,
  { days, sidesPerDay }: { days: number; sidesPerDay: number },
): Forecaster {
  const neighbours = Math.max(1, Math.round(season / sidesPerDay));
  return seasonalMedian({ seasonSamples: season, windowSeasons: days, neighbours });
}

/** The median of the last week and of the last quarter of a day: what a series without season does. */
function flatMedians(season: number): Forecaster[] {
  return [7 * season, Math.round(season / 4)].map((windowSeasons) =>
    seasonalMedian({ seasonSamples: 1, windowSeasons }),
  );
}

/** A day within a week, in samples of hours or minutes. */
function doubleSeasonPool(season: number, longer: number): Forecaster[] {
  const level = lagRegression({ anchor: 1, changes: [1], levels: [], profiles: [1] });
  return [
    naive(),
    seasonalNaive({ seasonSamples: season }),
    smoothedMedian(season, { days: 7, sidesPerDay: 48 }),
    ...flatMedians(season),
    seasonalMedian({ seasonSamples: longer, windowSeasons: 5 }),
    classicallyDeseasonalised({ seasonSamples: season, inner: naive() }),
    logTransformed(stlDeseasonalised({ seasonSamples: [season, longer], inner: gentleTrend() })),
    levelShape({
      seasonSamples: season,
      shapeSeasons: 10,
      shapeCycle: Math.round(longer / season),
      inner: logTransformed(level),
    }),
    logTransformed(lagRegression(doubleSeasonDesign(season, longer))),
    logTransformed(lagRegression(leanDoubleSeasonDesign(season, longer))),
    logTransformed(lagRegression(longAnchorDesign(season, longer))),
    logTransformed(lagRegression(seasonalChangeDesign(season))),
  ];
}
