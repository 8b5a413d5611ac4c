/** How a service does, in one word; worst first in `STATUS_ORDER`. */
export type ServiceStatus = "failing" | "degraded" | "stale" | "ok";

/** Worst first. */
export const STATUS_ORDER: readonly ServiceStatus[] = ["failing", "degraded", "stale", "ok"];

/** What a status is decided from. */
export interface StatusInput {
  /** Failed / all requests, 0..1; null without requests. */
  readonly errorRatio: number | null;
  /** How many requests failed in the window of the ratio; null without requests. */
  readonly failedRequests: number | null;
  readonly openAnomalies: number;
  /** Age of the newest sample; null when there is none. */
  readonly sampleAgeMs: number | null;
}

/** One request in twenty fails: users notice. */
const FAILING_ERROR_RATIO = 0.05;
/** One request in a hundred: ten times the budget of a 99.9 % objective. */
const DEGRADED_ERROR_RATIO = 0.01;
/**
 * One failure, or two, of the few requests after a start say nothing of a service; a service that
 * fails all of its few requests still shows with the third.
 */
const LEAST_FAILED_REQUESTS = 3;
/** Four missed exports at the usual 15 s. */
const STALE_AFTER_MS = 60_000;

/** Stale comes before the rest: old numbers say nothing about now. */
export function serviceStatus({
  errorRatio,
  failedRequests,
  openAnomalies,
  sampleAgeMs,
}: StatusInput): ServiceStatus {
  if (sampleAgeMs === null || sampleAgeMs > STALE_AFTER_MS) return "stale";
  const ratio = (failedRequests ?? 0) >= LEAST_FAILED_REQUESTS ? (errorRatio ?? 0) : 0;
  if (ratio >= FAILING_ERROR_RATIO) return "failing";
  return ratio >= DEGRADED_ERROR_RATIO || openAnomalies > 0 ? "degraded" : "ok";
}
