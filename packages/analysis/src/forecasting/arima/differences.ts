import { variance } from "../../statistics/moments.ts";
import { stl } from "../decomposition/stl.ts";
import { differenceOnce } from "./differencing.ts";
import { isLevelStationary } from "./kpss.ts";

/** Seasonal strength from which R's `nsdiffs` takes a seasonal difference. */
const STRONG_SEASON = 0.64;
const MAX_DIFFERENCES = 2;

/** Ordinary differences until the KPSS test accepts the level, at most two (R: `ndiffs`). */
export function countDifferences(values: Float64Array): number {
  let rest = values;
  for (let d = 0; d < MAX_DIFFERENCES; d++) {
    if (isConstant(rest) || isLevelStationary(rest)) return d;
    rest = differenceOnce(rest, 1);
  }
  return MAX_DIFFERENCES;
}

/** One seasonal difference when the season is strong, else none (R: `nsdiffs(test = "seas")`). */
export function countSeasonalDifferences(values: Float64Array, seasonSamples: number): number {
  if (seasonSamples < 2 || values.length < 2 * seasonSamples + 2) return 0;
  return seasonalStrength(values, seasonSamples) > STRONG_SEASON ? 1 : 0;
}

/**
 * The share of the detrended variance that the season explains (Wang, Smith and Hyndman 2006), from 0
 * to 1. Needs two seasons.
 */
export function seasonalStrength(values: Float64Array, seasonSamples: number): number {
  const { seasonal, remainder } = stl(values, { seasonSamples });
  const whole = variance(seasonal.map((term, i) => term + remainder[i]!));
  return whole > 0 ? Math.max(0, 1 - variance(remainder) / whole) : 0;
}

function isConstant(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}
