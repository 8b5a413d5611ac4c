import type {
  AnomalyFeedback,
  AnomalyFeedbackAnswer,
  AnomalyMute,
  AnomalySignal,
  QualityAnswer,
} from "@avx/server/contract";
import type { ApiRequest } from "./api-client.ts";
import { boolean, type Check, list, nullable, number, object, text, word } from "./checked-json.ts";

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
const quality: Check<QualityAnswer> = object({
  spanMs: number,
  signals: list(
    object({
      signal: word("latency", "traffic", "errors", "saturation"),
      accuracy: number,
      completeness: number,
      consistency: number,
      validity: number,
      overall: number,
      meetsStandard: boolean,
      timelinessMs: number,
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
