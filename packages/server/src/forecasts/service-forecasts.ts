import type { LabelledSeries } from "@avx/model";
import type { QueryEngine } from "@avx/promql";
import type { MetricStore } from "@avx/store";
import { rangeByService, type StepRange } from "../signals/by-service.ts";
import { FORECAST_METADATA, FORECAST_METRICS, forecastSample } from "./forecast-samples.ts";
import { type ForecastColumns, forecastSeries } from "./forecast-series.ts";
import { type MeasuredNow, realisedErrors } from "./realised-error.ts";
import { SERVICE_SIGNALS } from "./service-signals.ts";

/** How often every service is forecast. */
export const FORECAST_INTERVAL_MS = 300_000;
const STEP_MS = 60_000;
/** Six hours: enough for models without a daily season, little enough to read for all services. */
const HISTORY_STEPS = 360;
/** The stored horizons, in steps; the first tells tomorrow's on-call little, the last little of now. */
const HORIZONS = [
  { horizon: "5m", steps: 5 },
  { horizon: "30m", steps: 30 },
  { horizon: "1h", steps: 60 },
] as const;
const LEVEL = 0.95;
/** A run ends after this long; the next one begins with what it left. */
const MAX_RUN_MS = 20_000;

/** Where histories are read, forecasts go, and what keeps a run short. */
export interface ServiceForecastPorts {
  readonly engine: QueryEngine;
  readonly metrics: Pick<MetricStore, "append">;
  readonly nowMs: () => number;
  /** Lets other work have its turn. */
  readonly pause: () => Promise<void>;
}

/** What a run did; `left` waits for the next one. */
export interface ForecastRun {
  readonly forecast: number;
  readonly refused: number;
  readonly left: number;
}

/** Forecasts the signals of all services, again and again. */
export interface ServiceForecasts {
  /**
   * Stores the forecasts made at `timeMs`, stamped with that time and not the one they are for, so
   * that nobody takes them for measurements; and how wrong those for `timeMs` turned out.
   */
  run(timeMs: number): Promise<ForecastRun>;
}

interface Job {
  readonly signal: string;
  readonly service: string;
  readonly series: LabelledSeries;
}

/** The state is what the last run had no time for. */
export function createServiceForecasts(ports: ServiceForecastPorts): ServiceForecasts {
  let firstOfNext = "";
  return {
    async run(timeMs) {
      const startedMs = ports.nowMs();
      const endMs = Math.floor(timeMs / STEP_MS) * STEP_MS;
      const jobs = rotated(await readJobs(ports.engine, endMs), firstOfNext);
      const samples = await judge(ports.engine, jobs, endMs);
      let done = 0;
      let refused = 0;
      for (; done < jobs.length && ports.nowMs() - startedMs < MAX_RUN_MS; done++) {
        const job = jobs[done]!;
        const stored = forecastJob(job, endMs);
        if (stored.length === 0) refused++;
        else samples.push(...stored);
        await ports.pause();
      }
      const next = jobs[done];
      firstOfNext = next === undefined ? "" : identity(next);
      if (samples.length > 0) {
        await ports.metrics.append({ series: samples, metadata: FORECAST_METADATA, exemplars: [] });
      }
      return { forecast: done - refused, refused, left: jobs.length - done };
    },
  };
}

const identity = ({ signal, service }: Job): string => `${service} ${signal}`;

/** The same jobs, beginning with the one that the last run did not reach. */
function rotated(jobs: readonly Job[], first: string): readonly Job[] {
  const at = Math.max(
    0,
    jobs.findIndex((job) => identity(job) >= first),
  );
  return [...jobs.slice(at), ...jobs.slice(0, at)];
}

async function readJobs(engine: QueryEngine, endMs: number): Promise<readonly Job[]> {
  const range: StepRange = { startMs: endMs - HISTORY_STEPS * STEP_MS, endMs, stepMs: STEP_MS };
  const jobs: Job[] = [];
  for (const { name, query } of SERVICE_SIGNALS) {
    for (const [service, series] of await rangeByService(engine, query, range)) {
      jobs.push({ signal: name, service, series });
    }
  }
  return jobs.sort((a, b) => (identity(a) < identity(b) ? -1 : 1));
}

/** One fit a horizon, as a model may be good for five minutes and no good for an hour. */
function forecastJob(job: Job, timestampMs: number): LabelledSeries[] {
  const history = { series: job.series, stepMs: STEP_MS, endMs: timestampMs };
  return HORIZONS.flatMap((horizon) => {
    const { steps } = horizon;
    if (job.series.values.length < 2 * steps) return [];
    const forecast = forecastSeries(history, { steps, level: LEVEL, mode: "fast" });
    if (forecast.kind === "refused") return [];
    return storedSamples(job, forecast.columns, { ...horizon, timestampMs });
  });
}

interface Stored {
  readonly horizon: string;
  readonly steps: number;
  readonly timestampMs: number;
}

function storedSamples(
  { signal, service }: Job,
  columns: ForecastColumns,
  { horizon, steps, timestampMs }: Stored,
): LabelledSeries[] {
  return (["mean", "lower", "upper"] as const).map((part) => {
    // Every column reaches as far as the horizon, and no signal can be below 0.
    const value = Math.max(0, columns[part][steps - 1]!);
    const key = { service, signal, horizon };
    return forecastSample(FORECAST_METRICS[part], key, { timestampMs, value });
  });
}

async function judge(
  engine: QueryEngine,
  jobs: readonly Job[],
  nowMs: number,
): Promise<LabelledSeries[]> {
  const measured = measuredNow(jobs, nowMs);
  const judged: LabelledSeries[] = [];
  for (const { horizon, steps } of HORIZONS) {
    const judgement = { nowMs, horizon, horizonMs: steps * STEP_MS, toleranceMs: STEP_MS };
    judged.push(...(await realisedErrors(engine, measured, judgement)));
  }
  return judged;
}

function measuredNow(jobs: readonly Job[], nowMs: number): MeasuredNow {
  const measured = new Map<string, Map<string, number>>();
  for (const { signal, service, series } of jobs) {
    if (series.timestampsMs.at(-1) !== nowMs) continue;
    const byService = measured.get(signal) ?? new Map<string, number>();
    byService.set(service, series.values.at(-1)!); // As many values as timestamps.
    measured.set(signal, byService);
  }
  return measured;
}
