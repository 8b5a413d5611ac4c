import type {
  AnomaliesAnswer,
  ServicesAnswer,
  TraceAnswer,
  TracesAnswer,
} from "@avx/server/contract";
import type { ResolvedRange } from "../state/time-range.ts";
import { type ApiRequest, timeParameter } from "./api-client.ts";
import {
  type Check,
  type Checked,
  list,
  nullable,
  number,
  object,
  optional,
  record,
  text,
  word,
} from "./checked-json.ts";

const service = object({
  service: text,
  status: word("ok", "degraded", "failing", "stale"),
  requestsPerSecond: nullable(number),
  errorRatio: nullable(number),
  p50Seconds: nullable(number),
  p95Seconds: nullable(number),
  p99Seconds: nullable(number),
  rateSparkline: list(nullable(number)),
  lastSeenMs: nullable(number),
  openAnomalies: number,
});
const services: Check<ServicesAnswer> = object({ nowMs: number, services: list(service) });

const signal = word("latency", "traffic", "errors", "saturation", "metric");
const operation = object({
  id: text,
  kind: word("deploy", "config", "note"),
  service: text,
  timestampMs: number,
  title: text,
});
const related = object({
  id: text,
  service: text,
  signal,
  metric: text,
  timestampMs: number,
  reason: text,
  closeness: number,
});
const joint = object({
  score: number,
  shares: list(
    object({ signal: word("latency", "traffic", "errors", "saturation"), share: number }),
  ),
});
/** The fields of an anomaly without its explanation. */
export const anomalyFields = {
  id: text,
  service: text,
  signal,
  metric: optional(text, ""),
  timestampMs: number,
  endMs: nullable(number),
  value: number,
  peakValue: number,
  unit: word("s", "1/s", "ratio", "1"),
  expectedLower: nullable(number),
  expectedUpper: nullable(number),
  detector: text,
  reason: optional(text, ""),
  score: number,
  threshold: number,
  joint: nullable(joint),
};
const anomaly = object({
  ...anomalyFields,
  explanation: object({
    changes: list(operation),
    related: list(related),
    similarCount: number,
    similarLastMs: nullable(number),
  }),
  feedback: nullable(word("expected", "useful")),
});
const anomalies: Check<AnomaliesAnswer> = object({
  anomalies: list(anomaly),
  verdicts: object({ useful: number, expected: number }),
});

/** Of a back-test the page shows only how much better than repeating the past it was. */
const backtest = object({ skill: number });

const forecastKind = object({ kind: word("forecast", "insufficient-history", "refused") });
const forecastReady = object({
  kind: word("forecast"),
  model: text,
  level: number,
  timestampsMs: list(number),
  mean: list(number),
  lower: list(number),
  upper: list(number),
  backtest: nullable(backtest),
});
const forecastShort = object({
  kind: word("insufficient-history"),
  haveSamples: number,
  neededSamples: number,
});
const forecastRefused = object({
  kind: word("refused"),
  reason: word("infinite-values", "too-many-gaps", "no-better-than-naive"),
});

/** A forecast with its interval. */
export type ReadyForecast = Checked<typeof forecastReady>;

/** The forecast of a service's request rate, or why there is none. */
export type RateForecast =
  | ReadyForecast
  | Checked<typeof forecastShort>
  | Checked<typeof forecastRefused>;

const forecast: Check<RateForecast> = (value, path) => {
  switch (forecastKind(value, path).kind) {
    case "forecast":
      return forecastReady(value, path);
    case "insufficient-history":
      return forecastShort(value, path);
    case "refused":
      return forecastRefused(value, path);
  }
};

const traceRow = object({
  traceId: text,
  rootService: text,
  rootName: text,
  startMs: number,
  durationMs: number,
  spanCount: number,
  errorCount: number,
  services: list(text),
});
const traces: Check<TracesAnswer> = object({ traces: list(traceRow) });

const span = object({
  spanId: text,
  parentSpanId: text,
  service: text,
  name: text,
  kind: text,
  startMs: number,
  durationMs: number,
  status: word("unset", "ok", "error"),
  statusMessage: text,
  attributes: record(text),
  events: list(object({ name: text, timeMs: number })),
});
const trace: Check<TraceAnswer> = object({ traceId: text, spans: list(span) });

function rangeParameters(range: ResolvedRange): { readonly start: string; readonly end: string } {
  return { start: timeParameter(range.startMs), end: timeParameter(range.endMs) };
}

/** All services, worst first. */
export function servicesRequest(range: ResolvedRange): ApiRequest<ServicesAnswer> {
  return { path: "/api/avx/services", parameters: rangeParameters(range), check: services };
}

/** Anomalies, newest first; of one service, or with `null` of all. */
export function anomaliesRequest(
  serviceName: string | null,
  range: ResolvedRange,
  limit: number,
): ApiRequest<AnomaliesAnswer> {
  const parameters = { service: serviceName, ...rangeParameters(range), limit };
  return { path: "/api/avx/anomalies", parameters, check: anomalies };
}

/** The forecast of a service's request rate. */
export function forecastRequest(
  serviceName: string,
  steps: number,
  stepMs: number,
): ApiRequest<RateForecast> {
  const parameters = { service: serviceName, steps, stepMs };
  return { path: "/api/avx/forecast", parameters, check: forecast };
}

/** Which traces to list. */
export interface TraceFilter {
  readonly service: string | null;
  readonly minDurationMs: number | null;
  readonly errorsOnly: boolean;
  readonly limit: number;
}

/** Traces, newest first. */
export function tracesRequest(filter: TraceFilter, range: ResolvedRange): ApiRequest<TracesAnswer> {
  const parameters = {
    service: filter.service,
    ...rangeParameters(range),
    minDurationMs: filter.minDurationMs,
    errors: filter.errorsOnly ? true : null,
    limit: filter.limit,
  };
  return { path: "/api/avx/traces", parameters, check: traces };
}

/** The spans of one trace. */
export function traceRequest(traceId: string): ApiRequest<TraceAnswer> {
  return { path: `/api/avx/traces/${encodeURIComponent(traceId)}`, parameters: {}, check: trace };
}
