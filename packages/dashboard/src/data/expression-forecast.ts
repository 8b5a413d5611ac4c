import type { ForecastBody } from "@avx/server/contract";
import { useApp } from "../app-context.ts";
import type { ApiRequest } from "./api-client.ts";
import type { ReadyForecast } from "./avx-requests.ts";
import { type Check, list, nullable, number, object, text, word } from "./checked-json.ts";
import type { StepGrid } from "./query-step.ts";
import { type Answer, useAnswer } from "./use-answer.ts";

const ready = object({
  kind: word("forecast"),
  model: text,
  level: number,
  timestampsMs: list(number),
  mean: list(number),
  lower: list(number),
  upper: list(number),
  backtest: nullable(object({ skill: number })),
});
const refused = object({
  kind: word("refused"),
  reason: word("insufficient-history", "infinite-values", "too-many-gaps", "no-better-than-naive"),
  haveSamples: number,
  neededSamples: nullable(number),
});
const kinds = object({ kind: word("forecast", "refused") });

/** The forecast of an expression, or why there is none. */
export type ExpressionForecast = ReadyForecast | ReturnType<typeof refused>;

const forecast: Check<ExpressionForecast> = (value, path) =>
  kinds(value, path).kind === "forecast" ? ready(value, path) : refused(value, path);

/** Part of the range that a forecast looks ahead. */
const HORIZON = 0.25;
/** The server's limits. */
const MAX_STEPS = 1_440;
const LEAST_STEP_MS = 1_000;
/** Models need a moment, and a forecast hardly moves. */
const ASK_EVERY_MS = 30_000;

/** The request for a forecast that goes on after `grid`. */
export function expressionForecastRequest(
  expression: string,
  { startMs, endMs, stepMs }: StepGrid,
): ApiRequest<ExpressionForecast> {
  const wideMs = Math.max(stepMs, LEAST_STEP_MS);
  const steps = Math.round(((endMs - startMs) * HORIZON) / wideMs);
  const body: ForecastBody = {
    query: expression,
    stepMs: wideMs,
    steps: Math.min(Math.max(steps, 1), MAX_STEPS),
    end: endMs / 1000,
  };
  return { path: "/api/avx/forecast", parameters: {}, body, check: forecast };
}

/** The forecast of an expression with one series after `grid`; `null` asks nothing. */
export function useExpressionForecast(
  expression: string | null,
  grid: StepGrid,
): Answer<ExpressionForecast> {
  const { nowMs, refreshes } = useApp();
  const request = expression === null ? null : expressionForecastRequest(expression, grid);
  const turns = { always: Math.floor(nowMs / ASK_EVERY_MS) + refreshes, afterFailure: nowMs };
  const lengthMs = grid.endMs - grid.startMs;
  return useAnswer(`forecast of ${expression} ${grid.stepMs} ${lengthMs}`, request, turns);
}
