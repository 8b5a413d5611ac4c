import type { AutoForecast, BacktestSummary, Forecast } from "@avx/analysis";
import { AvxError } from "@avx/model";
import type { ForecastBacktest } from "../contract.ts";
import type { FitOptions, FitPool } from "./fit-pool.ts";
import type { ForecastHistory } from "./forecast-history.ts";
import type { FitAnswer, FitJob } from "./run-fit.ts";

/** What to forecast and how. */
export interface SeriesForecastOptions extends FitOptions {
  readonly steps: number;
  readonly level: number;
  readonly mode: "auto" | "fast";
  readonly seasonSamples?: readonly number[];
}

/** The next steps after the end of a history. */
export interface ForecastColumns {
  readonly timestampsMs: readonly number[];
  readonly mean: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** The answer of `autoForecast`, its columns moved to begin after the end of the history. */
export type SeriesForecast =
  | {
      readonly kind: "forecast";
      readonly found: Extract<AutoForecast, { kind: "forecast" }>;
      readonly columns: ForecastColumns;
    }
  | { readonly kind: "refused"; readonly found: Extract<AutoForecast, { kind: "refused" }> };

/** Below this a model can neither be chosen nor tested on the past. */
const FEWEST_SAMPLES = 16;

/**
 * Forecasts a history; refused while that is shorter than the forecast would be. When its newest
 * samples are missing, the forecast reaches over that gap.
 */
export async function forecastSeries(
  history: ForecastHistory,
  { steps, urgent, signal, identity, ...options }: SeriesForecastOptions,
  fits: FitPool,
): Promise<SeriesForecast> {
  const missing = missingSteps(history);
  const neededSamples = Math.max(FEWEST_SAMPLES, steps);
  if (history.series.values.length < neededSamples) {
    const reason = "insufficient-history";
    return { kind: "refused", found: { kind: "refused", reason, neededSamples } };
  }
  const { series } = history;
  const job = { kind: "auto", series, options: { ...options, horizon: steps + missing } } as const;
  const { found } = await fitOf(job, { urgent, signal, identity }, fits);
  if (found.kind === "refused") return { kind: "refused", found };
  return { kind: "forecast", found, columns: forecastColumns(found, history) };
}

/** The answer to a job. Throws AvxError `invalid_parameter` when its options fit no series. */
export async function fitOf<J extends FitJob>(
  job: J,
  options: FitOptions,
  fits: FitPool,
): Promise<Extract<FitAnswer, { kind: J["kind"] }>> {
  const answer = await fits.fit(job, options);
  if (answer.kind === "bad-request") {
    throw new AvxError("invalid_parameter", { parameter: "forecast", reason: answer.reason });
  }
  // Proof of the `as`: a job is answered by its own kind.
  return answer as Extract<FitAnswer, { kind: J["kind"] }>;
}

/** Columns of any forecast from the newest sample of the history on, from the end of it on. */
export function forecastColumns(forecast: Forecast, history: ForecastHistory): ForecastColumns {
  const missing = missingSteps(history);
  const { stepMs, endMs } = history;
  const mean = [...forecast.mean.subarray(missing)];
  return {
    timestampsMs: mean.map((_, i) => endMs + (i + 1) * stepMs),
    mean,
    lower: [...forecast.lower.subarray(missing)],
    upper: [...forecast.upper.subarray(missing)],
  };
}

/** Steps between the newest sample and the end of the history. */
export function missingSteps({ series, stepMs, endMs }: ForecastHistory): number {
  let newest = series.values.length - 1;
  while (newest >= 0 && !Number.isFinite(series.values[newest])) newest--;
  const newestMs = series.timestampsMs[newest];
  return newestMs === undefined ? 0 : Math.max(0, Math.round((endMs - newestMs) / stepMs));
}

/** A backtest as JSON can say it. */
export function backtestAnswer(backtest: BacktestSummary): ForecastBacktest {
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const { origins, meanAbsoluteError, naiveError, skill } = backtest;
  return {
    ...{ origins, meanAbsoluteError, naiveError, skill },
    meanAbsolutePercentageError: finite(backtest.meanAbsolutePercentageError),
    worstPercentageError: finite(backtest.worstPercentageError),
    weightedPercentageError: finite(backtest.weightedPercentageError),
    coverage: finite(backtest.coverage),
  };
}
