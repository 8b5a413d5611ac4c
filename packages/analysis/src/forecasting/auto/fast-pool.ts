import type { Forecaster } from "../forecaster.ts";
import { gentleTrend } from "../gentle-trend.ts";
import { lagRegression } from "../lag-regression.ts";
import { logTransformed } from "../log-transformed.ts";
import { naive } from "../naive/naive.ts";
import { seasonalMedian } from "../naive/seasonal-median.ts";
import { seasonalNaive } from "../naive/seasonal-naive.ts";
import { classicallyDeseasonalised } from "../seasonal/classically-deseasonalised.ts";
import { stlDeseasonalised } from "../seasonal/stl-deseasonalised.ts";
import { steadyTrend } from "../steady-trend.ts";
import { theta } from "../theta/theta-method.ts";
import { leanDoubleSeasonDesign, rareSeasonDesign } from "./lag-designs.ts";
import {
  levelMedians,
  MIN_TELEMETRY_SAMPLES,
  type PoolRequest,
  smoothedMedian,
} from "./member-pool.ts";

const MAX_SHORT_SEASON = 12;
const WEEKS_OF_YEAR = 52;

/** A few cheap and different members for a series of that shape, for fast mode. */
export function fastPool({ sampleCount, seasonSamples }: PoolRequest): Forecaster[] {
  const [season, longer] = seasonSamples;
  if (season === undefined) {
    const isTelemetry = sampleCount >= MIN_TELEMETRY_SAMPLES;
    const trends = [naive(), theta(), gentleTrend(), steadyTrend()];
    return isTelemetry ? [...trends, ...levelMedians(sampleCount)] : trends;
  }
  if (season <= MAX_SHORT_SEASON) {
    return [
      seasonalNaive({ seasonSamples: season }),
      logTransformed(stlDeseasonalised({ seasonSamples: [season], inner: theta() })),
      classicallyDeseasonalised({ seasonSamples: season, inner: gentleTrend() }),
    ];
  }
  if (season === WEEKS_OF_YEAR) {
    return [naive(), gentleTrend(), lagRegression(rareSeasonDesign(season))];
  }
  return [
    naive(),
    seasonalNaive({ seasonSamples: season }),
    smoothedMedian(season, { days: 7, sidesPerDay: 48 }),
    seasonalMedian({ seasonSamples: 1, windowSeasons: 7 * season }),
    longer === undefined
      ? classicallyDeseasonalised({ seasonSamples: season, inner: naive() })
      : logTransformed(lagRegression(leanDoubleSeasonDesign(season, longer))),
  ];
}
