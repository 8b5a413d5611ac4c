import { requestRateQuery } from "@avx/sre";
import type { ForecastAnswer } from "../contract.ts";
import type { ExpressionPorts } from "../forecasts/forecast-expression.ts";
import { forecastHistory } from "../forecasts/forecast-history.ts";
import {
  backtestAnswer,
  forecastSeries,
  type SeriesForecast,
} from "../forecasts/forecast-series.ts";

/** History that the models learn from, in steps. */
const HISTORY_STEPS = 720;
const LEVEL = 0.95;

/** Whose rate, how many steps of what length, from which time on. */
export interface RateForecastRequest {
  readonly service: string;
  readonly steps: number;
  readonly stepMs: number;
  readonly nowMs: number;
  /** `fast` where many services are forecast at once. */
  readonly mode: "auto" | "fast";
  /** Whether somebody waits for it. */
  readonly urgent: boolean;
}

/** Forecasts the request rate of a service from its stored history. */
export async function forecastRequestRate(
  { engine, fits }: ExpressionPorts,
  request: RateForecastRequest,
): Promise<ForecastAnswer> {
  const { service, steps, stepMs, nowMs, mode, urgent } = request;
  const endMs = Math.floor(nowMs / stepMs) * stepMs;
  const query = requestRateQuery({ service, windowMs: Math.max(60_000, stepMs) });
  const range = { startMs: endMs - HISTORY_STEPS * stepMs, endMs, stepMs };
  const history = await forecastHistory(engine, { query, ...range });
  const options = { steps, level: LEVEL, mode, urgent };
  const forecast = await forecastSeries(history, options, fits);
  const haveSamples = history.series.values.length;
  if (forecast.kind === "refused") return refusalAnswer(forecast.found, haveSamples);
  const { found, columns } = forecast;
  const atLeastZero = (values: readonly number[]) => values.map((value) => Math.max(0, value));
  return {
    kind: "forecast",
    model: found.model,
    level: LEVEL,
    timestampsMs: columns.timestampsMs,
    mean: atLeastZero(columns.mean),
    lower: atLeastZero(columns.lower),
    upper: atLeastZero(columns.upper),
    ...(found.backtest === undefined ? {} : { backtest: backtestAnswer(found.backtest) }),
  };
}

type Refused = Extract<SeriesForecast, { kind: "refused" }>["found"];

function refusalAnswer(
  { reason, neededSamples, backtest }: Refused,
  haveSamples: number,
): ForecastAnswer {
  if (reason === "insufficient-history") {
    return { kind: reason, haveSamples, neededSamples: neededSamples ?? haveSamples + 1 };
  }
  const tested = backtest === undefined ? {} : { backtest: backtestAnswer(backtest) };
  return { kind: "refused", reason, haveSamples, ...tested };
}
