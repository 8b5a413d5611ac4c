import type { ForecasterName } from "@avx/analysis";
import type { QueryEngine } from "@avx/promql";
import type { ForecastQueryAnswer } from "../contract.ts";
import type { FitPool } from "./fit-pool.ts";
import { type ForecastHistory, forecastHistory } from "./forecast-history.ts";
import type { ForecastRequest } from "./forecast-request.ts";
import {
  backtestAnswer,
  fitOf,
  forecastColumns,
  forecastSeries,
  missingSteps,
} from "./forecast-series.ts";
import { latestRun } from "./latest-run.ts";

/** Where the history is read and the fit is made. */
export interface ExpressionPorts {
  readonly engine: QueryEngine;
  readonly fits: FitPool;
}

/** Forecasts the one series of an expression, or says why not. */
export async function forecastExpression(
  { engine, fits }: ExpressionPorts,
  request: ForecastRequest,
  signal?: AbortSignal,
): Promise<ForecastQueryAnswer> {
  const { query, startMs, endMs, stepMs } = request;
  const range = { query, startMs, endMs, stepMs };
  const history = await forecastHistory(engine, signal ? { ...range, signal } : range);
  const task = { history, request, signal, fits };
  const { model } = request;
  return model === "auto" || model === "fast" ? automatic(task, model) : byName(task, model);
}

interface ForecastTask {
  readonly history: ForecastHistory;
  readonly request: ForecastRequest;
  readonly signal: AbortSignal | undefined;
  readonly fits: FitPool;
}

async function automatic(
  { history, request, signal, fits }: ForecastTask,
  mode: "auto" | "fast",
): Promise<ForecastQueryAnswer> {
  const { steps, level, stepMs, seasonSamples } = request;
  const haveSamples = history.series.values.length;
  const seasons = seasonSamples ? { seasonSamples } : {};
  const identity = identityOf(history, request);
  const options = { steps, level, mode, urgent: true, signal, identity, ...seasons };
  const forecast = await forecastSeries(history, options, fits);
  const { found } = forecast;
  const backtest = found.backtest === undefined ? null : backtestAnswer(found.backtest);
  if (forecast.kind === "refused") {
    const { reason, neededSamples = null } = forecast.found;
    return { kind: "refused", reason, haveSamples, neededSamples, backtest };
  }
  const { model, members, filledRatio, forecastability } = forecast.found;
  return {
    ...{ kind: "forecast", model, members, level, stepMs, filledRatio },
    seasonSamples: forecast.found.seasonSamples,
    historySamples: haveSamples,
    ...forecast.columns,
    backtest,
    isForecastable: backtest === null ? null : forecastability.isForecastable,
  };
}

/** The same series asked the same again, at a later time. */
function identityOf({ series }: ForecastHistory, request: ForecastRequest): string {
  const { startMs, endMs, ...asked } = request;
  const labels = "labels" in series ? series.labels : null;
  return JSON.stringify([asked, endMs - startMs, labels]);
}

/** One model knows nothing of gaps, so it learns from the samples since the last one. */
async function byName(
  { history, request, signal, fits }: ForecastTask,
  name: ForecasterName,
): Promise<ForecastQueryAnswer> {
  const { steps: asked, level, stepMs, seasonSamples = [] } = request;
  const series = latestRun(history.series, stepMs);
  const haveSamples = series.values.length;
  const steps = asked + missingSteps(history);
  const job = { kind: "named", series, name, seasonSamples, steps, level } as const;
  const { found } = await fitOf(job, { urgent: true, signal }, fits);
  if (found.kind === "insufficient-history") {
    const { neededSamples } = found;
    return { kind: "refused", reason: found.kind, haveSamples, neededSamples, backtest: null };
  }
  const { model, forecast } = found;
  return {
    ...{ kind: "forecast", model, members: [{ name, share: 1 }], seasonSamples, level, stepMs },
    historySamples: haveSamples,
    filledRatio: 0,
    ...forecastColumns(forecast, history),
    backtest: null,
    isForecastable: null,
  };
}
