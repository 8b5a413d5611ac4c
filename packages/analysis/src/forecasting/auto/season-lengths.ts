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

/**
 * The season of values of unknown cadence: the first high peak of the autocorrelation around the
 * trend line, with at least three seasons in the series. `undefined` when none stands out.
 */
export function detectSeason(values: Float64Array): number | undefined {
  const maxLag = Math.min(MAX_DETECTED_SEASON, Math.floor(values.length / 3));
  if (maxLag < MIN_DETECTED_SEASON) return undefined;
  const { intercept, slope } = trendLine(values);
  const detrended = values.map((value, i) => value - intercept - slope * (i + 1));
  const correlations = autocorrelations(detrended, maxLag);
  const peaks: number[] = [];
  let highest = 0;
  for (let lag = MIN_DETECTED_SEASON; lag < maxLag; lag++) {
    const height = correlations[lag]!;
    const isPeak = height > correlations[lag - 1]! && height >= correlations[lag + 1]!;
    if (!isPeak || height < MIN_AUTOCORRELATION) continue;
    peaks.push(lag);
    highest = Math.max(highest, height);
  }
  return peaks.find((lag) => correlations[lag]! >= PEAK_SHARE * highest);
}

/**
 * The seasons to model, ascending: those of the calendar that fit twice into the series, or, when the
 * calendar has none for the step or the history is too short for them, the one that is detected.
 */
export function seasonLengths(values: Float64Array, stepMs: number): number[] {
  const calendar = calendarSeasons(stepMs);
  if (calendar?.length === 0) return [];
  const usable = usableSeasons(values.length, calendar ?? []);
  if (usable.length > 0) return usable;
  const detected = detectSeason(values);
  return detected === undefined ? [] : [detected];
}
