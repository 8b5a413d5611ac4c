import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The cadence of each kind: all that the forecaster is told besides the values. */
const STEP_MS: Readonly<Record<string, number>> = {
  m3_yearly: 365.25 * DAY_MS,
  m3_quarterly: 91.3 * DAY_MS,
  m3_monthly: 30.44 * DAY_MS,
  tourism_monthly: 30.44 * DAY_MS,
  m4_weekly: 7 * DAY_MS,
  obs_daily: DAY_MS,
  m4_hourly: HOUR_MS,
  obs_hourly: HOUR_MS,
  obs_5min: HOUR_MS / 12,
  obs_1min: HOUR_MS / 60,
};

/** One series to forecast, and what came after it, for those who judge. */
export interface ForecastJob {
  readonly kind: string;
  readonly id: string;
  readonly train: readonly number[];
  readonly test: readonly number[];
  readonly horizon: number;
  /** A second, shorter horizon that the kind is judged at. */
  readonly shortHorizon?: number;
  readonly stepMs: number;
}

/** Every series of `<kind>.json.gz` = `{kind, h, m, short?, series: [{id, train, test}]}`. */
export function readJobs(directory: string, kinds?: readonly string[]): ForecastJob[] {
  const files = readdirSync(directory).filter((file) => file.endsWith(".json.gz"));
  const jobs: ForecastJob[] = [];
  for (const file of files.filter((name) => name !== "baselines.json.gz").sort()) {
    const data = JSON.parse(gunzipSync(readFileSync(join(directory, file))).toString("utf8"));
    if (kinds !== undefined && !kinds.includes(data.kind)) continue;
    const stepMs = STEP_MS[data.kind];
    if (stepMs === undefined) throw new Error(`no cadence is known for kind ${data.kind}`);
    const { kind, h: horizon } = data;
    const short = data.short === undefined ? {} : { shortHorizon: data.short };
    for (const { id, train, test } of data.series) {
      jobs.push({ kind, id, train, test, horizon, ...short, stepMs });
    }
  }
  return jobs;
}
