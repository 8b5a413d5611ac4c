import type { AnomaliesAnswer, TracesAnswer } from "@avx/server/contract";
import { useMemo } from "preact/hooks";
import { type AppState, useApp } from "../app-context.ts";
import { formatTimePoint } from "../state/time-range.ts";
import {
  anomaliesRequest,
  forecastRequest,
  type RateForecast,
  type TraceFilter,
  tracesRequest,
} from "./avx-requests.ts";
import { type GridAnswer, type InstantSample, instantQuery, rangeQuery } from "./prometheus.ts";
import { type StepGrid, stepGrid } from "./query-step.ts";
import type { QueryScope } from "./signal-queries.ts";
import { type Answer, useAnswer } from "./use-answer.ts";

/** Findings that are asked for: an hour of four signals at one a few seconds. */
const MAX_ANOMALIES = 1000;

/** What identifies the window of a question: the range as chosen, so that live data refreshes. */
function rangeSubject({ view }: AppState): string {
  return `${formatTimePoint(view.range.from)} ${formatTimePoint(view.range.to)}`;
}

/** The grid of the charts at this moment; the same object until it moves on. */
export function useGrid(): StepGrid {
  const { range, nowMs } = useApp();
  const { startMs, endMs, stepMs } = stepGrid(range, nowMs);
  return useMemo(() => ({ startMs, endMs, stepMs }), [startMs, endMs, stepMs]);
}

/** The answer of a range query on `grid`, asked again whenever the grid moves. */
export function useRangeQuery(
  query: (scope: QueryScope) => string,
  service: string | null,
  grid: StepGrid,
): Answer<GridAnswer> {
  const app = useApp();
  const text = query({ service, stepMs: grid.stepMs });
  const turns = { always: app.refreshes, afterFailure: app.nowMs };
  return useAnswer(`range ${text} ${rangeSubject(app)}`, rangeQuery(text, grid), turns);
}

/** How often a table of instant values is asked again. */
const INSTANT_EVERY_MS = 15_000;

/** The answer of an instant query at the end of the range. */
export function useInstantQuery(query: string): Answer<readonly InstantSample[]> {
  const app = useApp();
  const endMs = Math.floor(app.range.endMs / INSTANT_EVERY_MS) * INSTANT_EVERY_MS;
  const turns = { always: app.refreshes, afterFailure: app.nowMs };
  return useAnswer(`instant ${query} ${rangeSubject(app)}`, instantQuery(query, endMs), turns);
}

/** How long before the range findings are asked for, so that "since when" is true for it. */
const ANOMALY_LOOKBACK_MS = 6 * 3_600_000;

/** The anomalies of the range and what led up to it; of one service, or with `null` of all. */
export function useAnomalies(service: string | null): Answer<AnomaliesAnswer> {
  const app = useApp();
  const turns = { always: app.nowMs, afterFailure: app.nowMs };
  const { startMs, endMs } = app.range;
  const asked = { startMs: startMs - ANOMALY_LOOKBACK_MS, endMs };
  const request = anomaliesRequest(service, asked, MAX_ANOMALIES);
  return useAnswer(`anomalies ${JSON.stringify(service)} ${rangeSubject(app)}`, request, turns);
}

/** The newest traces that pass `filter`. */
export function useTraces(filter: TraceFilter): Answer<TracesAnswer> {
  const app = useApp();
  const turns = { always: app.nowMs, afterFailure: app.nowMs };
  const subject = `traces ${JSON.stringify(filter)} ${rangeSubject(app)}`;
  return useAnswer(subject, tracesRequest(filter, app.range), turns);
}

/** Part of the range that a forecast looks ahead. */
const HORIZON = 0.25;
/** Finest step of a forecast: below it a rate over a minute hardly changes. */
const LEAST_FORECAST_STEP_MS = 10_000;
/** The server's limits for `stepMs` and `steps`. */
const MAX_FORECAST_STEP_MS = 3_600_000;
const MAX_FORECAST_STEPS = 1_440;
/** A forecast is asked again so often; models need seconds, rates hardly move. */
const FORECAST_EVERY_MS = 30_000;

/** The forecast of a service's request rate over the next quarter of the range. */
export function useForecast(service: string, grid: StepGrid): Answer<RateForecast> {
  const app = useApp();
  const stepMs = Math.min(Math.max(grid.stepMs, LEAST_FORECAST_STEP_MS), MAX_FORECAST_STEP_MS);
  const horizonMs = (grid.endMs - grid.startMs) * HORIZON;
  const steps = Math.min(Math.max(Math.round(horizonMs / stepMs), 1), MAX_FORECAST_STEPS);
  const turns = {
    always: Math.floor(app.nowMs / FORECAST_EVERY_MS) + app.refreshes,
    afterFailure: app.nowMs,
  };
  const subject = `forecast ${JSON.stringify(service)} ${steps} ${stepMs}`;
  return useAnswer(subject, forecastRequest(service, steps, stepMs), turns);
}
