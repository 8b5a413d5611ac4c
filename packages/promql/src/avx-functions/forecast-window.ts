import { median, resampleSeries, type TimeSeries } from "@avx/analysis";

/** Samples of one window, few enough to be learnt from at once. */
export interface ForecastWindow {
  readonly series: TimeSeries;
  /** Distance of two samples. */
  readonly stepMs: number;
  /** The time that the newest sample stands for. */
  readonly newestMs: number;
}

/** A week of 5-minute samples: more cost time and say little of the next hours. */
export const MAX_WINDOW_SAMPLES = 2016;

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Steps that divide a day, so that days and weeks stay whole numbers of samples. */
const EVEN_STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR_MS),
];
const DAY_MS = 24 * HOUR_MS;

/**
 * The samples as they are, or when there are more than `MAX_WINDOW_SAMPLES` their means over even buckets.
 * `undefined` for fewer than two samples, which have no step.
 */
export function forecastWindow({ timestampsMs, values }: TimeSeries): ForecastWindow | undefined {
  const count = timestampsMs.length;
  if (count < 2) return undefined;
  const newestMs = timestampsMs[count - 1]!;
  if (count <= MAX_WINDOW_SAMPLES) {
    const stepMs = median(timestampsMs.subarray(1).map((time, i) => time - timestampsMs[i]!));
    return { series: { timestampsMs, values }, stepMs, newestMs };
  }
  const stepMs = evenStepMs((newestMs - timestampsMs[0]!) / (MAX_WINDOW_SAMPLES - 1));
  const series = resampleSeries({ timestampsMs, values }, stepMs, "mean");
  const lastBucketMs = series.timestampsMs.at(-1);
  if (lastBucketMs === undefined) return undefined;
  return { series, stepMs, newestMs: lastBucketMs + stepMs / 2 };
}

function evenStepMs(leastMs: number): number {
  const even = EVEN_STEPS_MS.find((stepMs) => stepMs >= leastMs);
  return even ?? Math.ceil(leastMs / DAY_MS) * DAY_MS;
}
