import type { FastifyInstance } from "fastify";
import { forecastQuery } from "./forecast-query.ts";
import type { AskForecast } from "./server-forecast.ts";

/** History that the models learn from, in steps. */
const HISTORY_STEPS = 720;
const MAX_STEPS = 500;
const MAX_METRIC_CHARACTERS = 1024;
const MAX_STEP_SECONDS = 3600;

interface ForecastQuery {
  readonly metric: string;
  readonly steps: number;
  readonly step_seconds: number;
}

/** Whose metrics are forecast, and by whom. */
export interface ForecastRouteOptions {
  readonly serviceName: string;
  readonly forecast: AskForecast;
  readonly nowMs: () => number;
}

const schema = {
  tags: ["forecast"],
  summary: "Forecasts a metric from stored history",
  querystring: {
    type: "object",
    properties: {
      metric: {
        type: "string",
        minLength: 1,
        maxLength: MAX_METRIC_CHARACTERS,
        default: "request_rate",
        description: "request_rate, error_ratio, latency_p95_seconds, or a PromQL expression",
      },
      steps: { type: "integer", minimum: 1, maximum: MAX_STEPS, default: 5 },
      step_seconds: { type: "integer", minimum: 1, maximum: MAX_STEP_SECONDS, default: 10 },
    },
  },
};

/** `GET /core/forecast?metric=&steps=`; too little history is a 409 that says how much is missing. */
export function registerForecastRoute(app: FastifyInstance, options: ForecastRouteOptions): void {
  app.get<{ Querystring: ForecastQuery }>("/core/forecast", { schema }, async (request) => {
    const { metric, steps, step_seconds: stepSeconds } = request.query;
    const stepMs = stepSeconds * 1000;
    const query = forecastQuery(metric, { serviceName: options.serviceName, stepSeconds });
    const endMs = Math.floor(options.nowMs() / stepMs) * stepMs;
    const startMs = endMs - HISTORY_STEPS * stepMs;
    const forecast = await options.forecast({ query, startMs, endMs, stepMs, steps });
    const { model, level, historySamples, timestampsMs, mean, lower, upper, backtest } = forecast;
    return {
      metric,
      query,
      model,
      level,
      step_seconds: stepSeconds,
      history_samples: historySamples,
      backtest: backtest && {
        skill: backtest.skill,
        mean_absolute_percentage_error: backtest.meanAbsolutePercentageError,
        coverage: backtest.coverage,
      },
      forecast: mean.map((value, i) => ({
        timestamp: new Date(timestampsMs[i] ?? 0).toISOString(),
        mean: value,
        lower: lower[i],
        upper: upper[i],
      })),
    };
  });
}
