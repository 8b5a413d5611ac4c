import type { LabelledSeries } from "@avx/model";
import type { QueryEngine } from "@avx/promql";
import type { MetricStore } from "@avx/store";
import { rangeByService, type StepRange } from "../signals/by-service.ts";
import type { FitPool } from "./fit-pool.ts";
import { FORECAST_METADATA, FORECAST_METRICS, forecastSample } from "./forecast-samples.ts";
import { type ForecastColumns, forecastSeries } from "./forecast-series.ts";
import { inLanes } from "./in-lanes.ts";
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
/** A run ends after this long, before the next is due, which begins with what it left. */
const MAX_RUN_MS = 120_000;

/** Where histories are read, fits are made, and forecasts go. */
export interface ServiceForecastPorts {
  readonly engine: QueryEngine;
  readonly fits: FitPool;
  readonly metrics: Pick<MetricStore, "append">;
  readonly nowMs: () => number;
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
  /**
   * The next steps of a signal from the newest run on, as far as they lie after `afterMs`; undefined
   * when there is no such forecast.
   */
  next(key: SignalKey, afterMs: number, steps: number): NextSteps | undefined;
  /** Whether a run has looked at this signal, so that there is none for a reason. */
  knows(key: SignalKey): boolean;
}

/** One signal of one service. */
export interface SignalKey {
  readonly signal: string;
  readonly service: string;
}

/** Forecast values one minute apart. */
export interface NextSteps {
  readonly model: string;
  readonly level: number;
  readonly mean: readonly number[];
}

interface Job extends SignalKey {
  readonly series: LabelledSeries;
}

/** The state is what the last run had no time for, and what the newest fit of each signal said. */
export function createServiceForecasts(ports: ServiceForecastPorts): ServiceForecasts {
  const latest = new Map<string, readonly Fitted[]>();
  let firstOfNext = "";
  return {
    async run(timeMs) {
      const startedMs = ports.nowMs();
      const endMs = Math.floor(timeMs / STEP_MS) * STEP_MS;
      const jobs = rotated(await readJobs(ports.engine, endMs), firstOfNext);
      const samples = await judge(ports.engine, jobs, endMs);
      const isLate = (): boolean => ports.nowMs() - startedMs >= MAX_RUN_MS;
      const done = await inLanes(jobs, ports.fits.size, async (job) => {
        if (isLate()) return undefined;
        const fitted = await fitJob(job, endMs, ports.fits);
        latest.set(identity(job), fitted);
        return { job, fitted };
      });
      const finished = done.filter((outcome) => outcome !== undefined);
      for (const { job, fitted } of finished) samples.push(...storedSamples(job, fitted, endMs));
      const next = jobs[done.indexOf(undefined)];
      firstOfNext = next === undefined ? "" : identity(next);
      if (samples.length > 0) {
        await ports.metrics.append({ series: samples, metadata: FORECAST_METADATA, exemplars: [] });
      }
      const refused = finished.filter(({ fitted }) => fitted.length === 0).length;
      const left = jobs.length - finished.length;
      return { forecast: finished.length - refused, refused, left };
    },
    next(key, afterMs, steps) {
      for (const { model, columns } of latest.get(identity(key)) ?? []) {
        const from = columns.timestampsMs.findIndex((timeMs) => timeMs > afterMs);
        const mean = columns.mean.slice(from, from + steps);
        if (from < 0 || mean.length < steps) continue;
        return { model, level: LEVEL, mean: mean.map((value) => Math.max(0, value)) };
      }
      return undefined;
    },
    knows: (key) => latest.has(identity(key)),
  };
}

/** The fit for one horizon. */
interface Fitted {
  readonly horizon: (typeof HORIZONS)[number];
  readonly model: string;
  readonly columns: ForecastColumns;
}

const identity = ({ signal, service }: SignalKey): string => `${service} ${signal}`;

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
async function fitJob(job: Job, endMs: number, fits: FitPool): Promise<readonly Fitted[]> {
  const history = { series: job.series, stepMs: STEP_MS, endMs };
  const fitted: Fitted[] = [];
  for (const horizon of HORIZONS) {
    const { steps } = horizon;
    if (job.series.values.length < 2 * steps) continue;
    const asked = { identity: `${identity(job)} ${horizon.horizon}`, urgent: false };
    const options = { steps, level: LEVEL, mode: "fast", ...asked } as const;
    const forecast = await forecastSeries(history, options, fits);
    if (forecast.kind === "refused") continue;
    fitted.push({ horizon, model: forecast.found.model, columns: forecast.columns });
  }
  return fitted;
}

function storedSamples(
  { signal, service }: Job,
  fitted: readonly Fitted[],
  timestampMs: number,
): LabelledSeries[] {
  return fitted.flatMap(({ horizon: { horizon, steps }, columns }) =>
    (["mean", "lower", "upper"] as const).map((part) => {
      // Every column reaches as far as the horizon, and no signal can be below 0.
      const value = Math.max(0, columns[part][steps - 1]!);
      const key = { service, signal, horizon };
      return forecastSample(FORECAST_METRICS[part], key, { timestampMs, value });
    }),
  );
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
