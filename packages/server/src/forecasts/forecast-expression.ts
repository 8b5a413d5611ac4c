import { AnalysisError, createForecaster, type ForecasterName } from "@avx/analysis";
import { AvxError } from "@avx/model";
import type { QueryEngine } from "@avx/promql";
import type { ForecastQueryAnswer } from "../contract.ts";
import { type ForecastHistory, forecastHistory } from "./forecast-history.ts";
import type { ForecastRequest } from "./forecast-request.ts";
import {
  backtestAnswer,
  forecastColumns,
  forecastSeries,
  missingSteps,
} from "./forecast-series.ts";
import { latestRun } from "./latest-run.ts";

/** Forecasts the one series of an expression, or says why not. */
export async function forecastExpression(
  engine: QueryEngine,
  request: ForecastRequest,
  signal?: AbortSignal,
): Promise<ForecastQueryAnswer> {
  const { query, startMs, endMs, stepMs, model } = request;
  const range = { query, startMs, endMs, stepMs };
  const history = await forecastHistory(engine, signal ? { ...range, signal } : range);
  try {
    return model === "auto" || model === "fast"
      ? automatic(history, request, model)
      : byName(history, request, model);
  } catch (error) {
    throw asAvxError(error);
  }
}

function automatic(
  history: ForecastHistory,
  { steps, level, stepMs, seasonSamples }: ForecastRequest,
  mode: "auto" | "fast",
): ForecastQueryAnswer {
  const haveSamples = history.series.values.length;
  const options = { steps, level, mode, ...(seasonSamples ? { seasonSamples } : {}) };
  const forecast = forecastSeries(history, options);
  const { found } = forecast;
  const backtest = found.backtest === undefined ? null : backtestAnswer(found.backtest);
  if (forecast.kind === "refused") {
    const { reason, neededSamples = null } = forecast.found;
    return { kind: "refused", reason, haveSamples, neededSamples, backtest };
  }
  const { model, members, seasonSamples: seasons, filledRatio, forecastability } = forecast.found;
  return {
    ...{ kind: "forecast", model, members, seasonSamples: seasons, level, stepMs, filledRatio },
    historySamples: haveSamples,
    ...forecast.columns,
    backtest,
    isForecastable: backtest === null ? null : forecastability.isForecastable,
  };
}

/** One model knows nothing of gaps, so it learns from the samples since the last one. */
function byName(
  history: ForecastHistory,
  { steps, level, stepMs, seasonSamples = [] }: ForecastRequest,
  name: ForecasterName,
): ForecastQueryAnswer {
  const run = latestRun(history.series, stepMs);
  const haveSamples = run.values.length;
  const fit = createForecaster(name, seasonSamples).fit(run);
  if (fit.kind === "insufficient-history") {
    const { neededSamples } = fit;
    return { kind: "refused", reason: fit.kind, haveSamples, neededSamples, backtest: null };
  }
  const forecast = fit.model.forecast(steps + missingSteps(history), level);
  const model = fit.model.name;
  return {
    ...{ kind: "forecast", model, members: [{ name, share: 1 }], seasonSamples, level, stepMs },
    historySamples: haveSamples,
    filledRatio: 0,
    ...forecastColumns(forecast, history),
    backtest: null,
    isForecastable: null,
  };
}

function asAvxError(error: unknown): unknown {
  if (!(error instanceof AnalysisError)) return error;
  return new AvxError(
    "invalid_parameter",
    { parameter: "forecast", reason: error.message },
    { cause: error },
  );
}
