import type {
  AnomalyFeedback,
  AnomalyFeedbackAnswer,
  AnomalyMute,
  AnomalySignal,
  QualityAnswer,
} from "@avx/server/contract";
import type { ApiRequest } from "./api-client.ts";
import {
  boolean,
  type Check,
  list,
  nullable,
  number,
  object,
  oneOf,
  text,
  word,
} from "./checked-json.ts";

const signal = word("latency", "traffic", "errors", "saturation", "metric");
const verdict = word("expected", "useful");
const feedback: Check<AnomalyFeedbackAnswer> = object({ id: text, verdict, threshold: number });
const mute: Check<AnomalyMute> = object({
  id: text,
  service: text,
  signal: nullable(signal),
  untilMs: number,
  note: text,
});
const bounds = object({ lower: number, upper: number });
const chart = object({
  center: number,
  sigma: number,
  threeSigma: bounds,
  sixSigma: bounds,
  timestampsMs: list(number),
  values: list(nullable(number)),
  violations: list(
    object({
      rule: oneOf(1, 2, 3, 4),
      side: word("above", "below"),
      timestampMs: number,
      value: number,
    }),
  ),
  beyondSixSigma: number,
});
const problem = object({
  dimension: word("accuracy", "completeness", "consistency", "validity", "timeliness"),
  amount: number,
});
const quality: Check<QualityAnswer> = object({
  spanMs: number,
  heldPages: number,
  signals: list(
    object({
      signal,
      metric: text,
      accuracy: number,
      completeness: number,
      consistency: number,
      validity: number,
      overall: number,
      meetsStandard: boolean,
      timelinessMs: number,
      problems: list(problem),
      chart: nullable(chart),
    }),
  ),
});

/** Says what an anomaly was worth. */
export function feedbackRequest(
  id: string,
  given: AnomalyFeedback,
): ApiRequest<AnomalyFeedbackAnswer> {
  const path = `/api/avx/anomalies/${encodeURIComponent(id)}/feedback`;
  return { path, parameters: {}, body: { verdict: given }, check: feedback };
}

/** Hides what is found on a signal of a service for a while. */
export function muteRequest(
  of: { readonly service: string; readonly signal: AnomalySignal },
  durationMs: number,
): ApiRequest<AnomalyMute> {
  return { path: "/api/avx/mutes", parameters: {}, body: { ...of, durationMs }, check: mute };
}

/** The data quality of a service's golden signals now. */
export function qualityRequest(service: string): ApiRequest<QualityAnswer> {
  return { path: "/api/avx/quality", parameters: { service }, check: quality };
}
