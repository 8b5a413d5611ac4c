import { autoForecast, evenlySpaced } from "@avx/analysis";
import type { ForecastJob } from "./forecast-jobs.ts";

/** One forecast: whether the gate admitted it, and how far off it then was. */
interface Outcome {
  readonly isAdmitted: boolean;
  /** Mean of |error| / value over steps above 0, as a ratio. */
  readonly percentageError: number;
}

const TOLERANCE = 0.1;

/** A Markdown table by kind and horizon: share admitted, and what became of those. */
export function gateTable(jobs: readonly ForecastJob[]): string {
  const groups = new Map<string, Outcome[]>();
  for (const job of jobs) {
    for (const horizon of new Set([job.shortHorizon ?? job.horizon, job.horizon])) {
      const key = `${job.kind} | ${horizon}`;
      groups.set(key, [...(groups.get(key) ?? []), outcome(job, horizon)]);
    }
  }
  const all = [...groups.values()].flat();
  const rows = [...groups, ["all | " as string, all] as const].map(([key, outcomes]) => {
    return `| ${key} | ${row(outcomes)} |`;
  });
  return [
    "| kind | steps | series | admitted | of these: median MAPE | within 10 % | not admitted: within 10 % |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
  ].join("\n");
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

function row(outcomes: readonly Outcome[]): string {
  const admitted = outcomes.filter(({ isAdmitted }) => isAdmitted);
  const others = outcomes.filter(({ isAdmitted }) => !isAdmitted);
  const errors = admitted.map(({ percentageError }) => percentageError).sort((a, b) => a - b);
  const middle = errors[errors.length >> 1];
  return [
    outcomes.length,
    share(admitted.length, outcomes.length),
    middle === undefined ? "-" : `${(100 * middle).toFixed(1)} %`,
    share(admitted.filter(isWithin).length, admitted.length),
    share(others.filter(isWithin).length, others.length),
  ].join(" | ");
}

function isWithin({ percentageError }: Outcome): boolean {
  return percentageError < TOLERANCE;
}

function share(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(0)} %`;
}
