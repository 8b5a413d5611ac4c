import type {
  AnomalyFeedback,
  AnomalyFeedbackAnswer,
  AnomalyMute,
  AnomalyMutesAnswer,
  AnomalySignal,
  AnomalyUnmuteAnswer,
  HeldAnomaliesAnswer,
} from "@avx/server/contract";
import type { ResolvedRange } from "../state/time-range.ts";
import { type ApiRequest, timeParameter } from "./api-client.ts";
import { anomalyFields } from "./avx-requests.ts";
import { type Check, list, nullable, number, object, text, word } from "./checked-json.ts";
import { qualityProblem } from "./quality-request.ts";

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

const mutes: Check<AnomalyMutesAnswer> = object({ mutes: list(mute) });
const unmuted: Check<AnomalyUnmuteAnswer> = object({ ended: mute });
const held: Check<HeldAnomaliesAnswer> = object({
  held: list(
    object({
      ...anomalyFields,
      hold: object({
        reason: word("quality"),
        quality: number,
        problems: list(qualityProblem),
      }),
    }),
  ),
});

/** The mutes that have not ended. */
export const MUTES_REQUEST: ApiRequest<AnomalyMutesAnswer> = {
  path: "/api/avx/mutes",
  parameters: {},
  check: mutes,
};

/** Ends a mute now. */
export function unmuteRequest(id: string): ApiRequest<AnomalyUnmuteAnswer> {
  const path = `/api/avx/mutes/${encodeURIComponent(id)}`;
  return { path, parameters: {}, method: "DELETE", check: unmuted };
}

/** Findings that are listed; a shorter range has the rest. */
const MAX_HELD = 100;

/** Findings that were kept back because of bad data, the newest first; `null`: of all services. */
export function heldRequest(
  service: string | null,
  { startMs, endMs }: ResolvedRange,
): ApiRequest<HeldAnomaliesAnswer> {
  const [start, end] = [timeParameter(startMs), timeParameter(endMs)];
  return {
    path: "/api/avx/anomalies/held",
    parameters: { service, start, end, limit: MAX_HELD },
    check: held,
  };
}
