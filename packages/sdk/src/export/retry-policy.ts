/** Statuses that OTLP lets a client retry; every other 4xx and 5xx is final. */
const RETRYABLE = new Set([429, 502, 503, 504]);

/** First wait; each further one is half as long again. Values of the OpenTelemetry exporters. */
const FIRST_BACKOFF_MS = 1000;
const BACKOFF_FACTOR = 1.5;
const MAX_BACKOFF_MS = 5000;
/** Up to this share is added or taken at random, so that a fleet does not retry in step. */
const JITTER_RATIO = 0.2;
/** A server that asks for a longer pause is not waited for: the batch would be stale by then. */
export const MAX_RETRY_AFTER_MS = 60_000;
/** Attempts for one batch, the first one included. */
export const MAX_ATTEMPTS = 5;

/** Whether OTLP allows another attempt after this status. Network errors are retryable too. */
export function isRetryableStatus(status: number): boolean {
  return RETRYABLE.has(status);
}

/** The wait before attempt `attempt` (1 = the first retry); `random` is in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  const plain = Math.min(FIRST_BACKOFF_MS * BACKOFF_FACTOR ** (attempt - 1), MAX_BACKOFF_MS);
  return plain * (1 + JITTER_RATIO * (2 * random - 1));
}

/**
 * The wait that a `Retry-After` header asks for, in seconds or as an HTTP date; undefined when it
 * is absent or unreadable. A date in the past is no wait.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
