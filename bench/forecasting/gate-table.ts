import { autoForecast, evenlySpaced } from "@avx/analysis";
import type { ForecastJob } from "./forecast-jobs.ts";

/** One forecast: whether the gate admitted it, and how far off it then was. */
interface Outcome {
  readonly isAdmitted: boolean;
  /** Mean of |error| / value over steps above 0, as a ratio. */
  readonly percentageError: number;
}

const TOLERANCE = 0.1;

/** Horizons of one kind, what the gate admitted, and what became of it. */
export interface GateRow {
  readonly kind: string;
  readonly steps: number | null;
  readonly series: number;
  readonly admitted: string;
  readonly "of these: median MAPE": string;
  readonly "of these: within 10 %": string;
  readonly "not admitted: within 10 %": string;
}

/** By kind and horizon, and over all: share admitted, and what became of those. */
export function gateRows(jobs: readonly ForecastJob[]): GateRow[] {
  const groups = new Map<string, { kind: string; steps: number | null; outcomes: Outcome[] }>();
  for (const job of jobs) {
    for (const steps of new Set([job.shortHorizon ?? job.horizon, job.horizon])) {
      const key = `${job.kind} ${steps}`;
      const group = groups.get(key) ?? { kind: job.kind, steps, outcomes: [] };
      group.outcomes.push(outcome(job, steps));
      groups.set(key, group);
    }
  }
  const all = [...groups.values()].flatMap(({ outcomes }) => outcomes);
  return [...groups.values(), { kind: "all", steps: null, outcomes: all }].map(row);
}

function outcome({ train, test, stepMs }: ForecastJob, horizon: number): Outcome {
  const result = autoForecast(evenlySpaced(train, { stepMs }), { horizon });
  const forecast = result.kind === "forecast" ? result : result.fallback;
  let sum = 0;
  let count = 0;
  for (let step = 0; step < horizon; step++) {
    const value = test[step] ?? 0;
    if (value <= 0 || forecast === undefined) continue;
    sum += Math.abs(value - (forecast.mean[step] ?? 0)) / value;
    count++;
  }
  return {
    isAdmitted: result.forecastability?.isForecastable ?? false,
    percentageError: count > 0 ? sum / count : Number.POSITIVE_INFINITY,
  };
}

function row(group: { kind: string; steps: number | null; outcomes: readonly Outcome[] }): GateRow {
  const { kind, steps, outcomes } = group;
  const admitted = outcomes.filter(({ isAdmitted }) => isAdmitted);
  const others = outcomes.filter(({ isAdmitted }) => !isAdmitted);
  const errors = admitted.map(({ percentageError }) => percentageError).sort((a, b) => a - b);
  const middle = errors[errors.length >> 1];
  return {
    ...{ kind, steps, series: outcomes.length },
    admitted: share(admitted.length, outcomes.length),
    "of these: median MAPE": middle === undefined ? "-" : `${(100 * middle).toFixed(1)} %`,
    "of these: within 10 %": share(admitted.filter(isWithin).length, admitted.length),
    "not admitted: within 10 %": share(others.filter(isWithin).length, others.length),
  };
}

function isWithin({ percentageError }: Outcome): boolean {
  return percentageError < TOLERANCE;
}

function share(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(0)} %`;
}
