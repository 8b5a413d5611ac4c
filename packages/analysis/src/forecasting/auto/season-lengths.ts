import { autocorrelation } from "../../statistics/autocorrelation.ts";
import { variance } from "../../statistics/moments.ts";
import { usableSeasons } from "../decomposition/mstl.ts";
import { autocorrelations } from "../seasonal/autocorrelations.ts";
import { trendLine } from "../theta/trend-line.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Months, quarters and years are of unequal length, so a step is matched to within this share. */
const STEP_TOLERANCE = 0.06;
const CALENDAR_STEPS: readonly { readonly stepMs: number; readonly seasons: readonly number[] }[] =
  [
    { stepMs: DAY_MS, seasons: [7] },
    { stepMs: 7 * DAY_MS, seasons: [52] },
    { stepMs: 30.44 * DAY_MS, seasons: [12] },
    { stepMs: 91.3 * DAY_MS, seasons: [4] },
    { stepMs: 365.25 * DAY_MS, seasons: [] },
  ];

/**
 * Seasons that people and machines keep, for samples `stepMs` apart: a day and a week below a day, a
 * week of days, a year of weeks, months or quarters. `undefined` when the step divides none of them.
 */
export function calendarSeasons(stepMs: number): readonly number[] | undefined {
  const known = CALENDAR_STEPS.find((entry) => {
    return Math.abs(stepMs / entry.stepMs - 1) <= STEP_TOLERANCE;
  });
  if (known !== undefined) return known.seasons;
  const perDay = DAY_MS / stepMs;
  return perDay >= 2 && Number.isInteger(perDay) ? [perDay, 7 * perDay] : undefined;
}

/** Longer lags are not searched: the cost grows with the square. */
const MAX_DETECTED_SEASON = 1500;
const MIN_DETECTED_SEASON = 4;
/** An autocorrelation below this is no season worth modelling. */
const MIN_AUTOCORRELATION = 0.3;
/** Of peaks almost as high as the highest, the first is the season and the others its multiples. */
const PEAK_SHARE = 0.9;

/** Before a peak the autocorrelation falls below this share of it, else it is a slow series' ripple. */
const MAX_TROUGH_SHARE = 0.5;

/**
 * The season of values of unknown cadence: the first high peak of the autocorrelation around the
 * trend line, with at least three seasons in the series. `undefined` when none stands out.
 */
export function detectSeason(
  values: Float64Array,
  minAutocorrelation = MIN_AUTOCORRELATION,
): number | undefined {
  const maxLag = Math.min(MAX_DETECTED_SEASON, Math.floor(values.length / 3));
  if (maxLag < MIN_DETECTED_SEASON) return undefined;
  const correlations = autocorrelations(aroundLine(values), maxLag);
  const peaks: number[] = [];
  let highest = 0;
  let lowest = 1;
  for (let lag = 1; lag < maxLag; lag++) {
    const height = correlations[lag]!;
    lowest = Math.min(lowest, height);
    const isPeak = height > correlations[lag - 1]! && height >= correlations[lag + 1]!;
    const isRipple = lag < MIN_DETECTED_SEASON || lowest > MAX_TROUGH_SHARE * height;
    if (!isPeak || isRipple || height < minAutocorrelation) continue;
    peaks.push(lag);
    highest = Math.max(highest, height);
  }
  return peaks.find((lag) => correlations[lag]! >= PEAK_SHARE * highest);
}

function aroundLine(values: Float64Array): Float64Array {
  const { intercept, slope } = trendLine(values);
  return values.map((value, i) => value - intercept - slope * (i + 1));
}

/** Noise has autocorrelations within this many times 1 / sqrt(samples), but for one in twenty. */
const NOISE_BAND = 2;
/** Less variance around the line than this share is what the series is about: the line. */
const MAX_NOISE_SHARE = 0.5;
/** Less than this share is the rounding of a straight line, and has patterns of its own. */
const ROUNDING_SHARE = 1e-12;
/** A season that the calendar does not know must be this plain, twice as plain as those it knows. */
const MIN_FOREIGN_AUTOCORRELATION = 0.6;

/**
 * The season, or none, of a machine that does not keep the calendar: undefined where it does, or where
 * noise hides whether it does.
 */
function seasonsAgainstCalendar(
  values: Float64Array,
  calendar: readonly number[],
): readonly number[] | undefined {
  const around = aroundLine(values);
  const noiseShare = variance(around) / variance(values);
  if (noiseShare < ROUNDING_SHARE) return [];
  const highest = Math.max(...calendar.map((season) => autocorrelation(around, season)));
  if (highest > MIN_FOREIGN_AUTOCORRELATION / 2) return undefined;
  const detected = detectSeason(values, MIN_FOREIGN_AUTOCORRELATION);
  if (detected !== undefined) return [detected];
  const isNoise = highest <= NOISE_BAND / Math.sqrt(values.length);
  return isNoise && noiseShare <= MAX_NOISE_SHARE ? [] : undefined;
}

/**
 * The seasons to model, ascending: those of the calendar that fit twice into the series, or, when the
 * calendar has none for the step or the history is too short for them, the one that is detected. A
 * series of samples of a day or less that plainly does something else, a straight line or another
 * season, is taken at its word; weeks, months and quarters are too few to say.
 */
export function seasonLengths(values: Float64Array, stepMs: number): number[] {
  const calendar = calendarSeasons(stepMs);
  if (calendar?.length === 0) return [];
  const usable = usableSeasons(values.length, calendar ?? []);
  const isMachineTime = stepMs <= DAY_MS * (1 + STEP_TOLERANCE);
  if (usable.length > 0) {
    return [...((isMachineTime ? seasonsAgainstCalendar(values, usable) : undefined) ?? usable)];
  }
  const detected = detectSeason(values);
  return detected === undefined ? [] : [detected];
}
