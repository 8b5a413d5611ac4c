/** How far ahead of our clock a sample may be: skewed senders, but never a poisoned far future. */
export const FUTURE_TOLERANCE_MS = 10 * 60_000;

/** Times beyond this are no dates (ECMA-262, time values); also keeps all arithmetic exact. */
const MAX_DATE_MS = 8.64e15;

/** Which timestamps are taken, inclusive. */
export interface AcceptanceWindow {
  readonly oldestMs: number;
  readonly newestMs: number;
}

/** From when to when samples are taken. */
export interface AcceptanceOptions {
  /** Samples older than this are dropped; "off" keeps everything. */
  readonly retentionMs: number | "off";
  /**
   * "any" takes every timestamp, "window" those within retention and 10 minutes ahead. By default
   * "window" with a retention, "any" without.
   */
  readonly acceptTimestamps?: "any" | "window";
  readonly nowMs: () => number;
}

/** The window that holds now. */
export function acceptanceWindow(options: AcceptanceOptions): AcceptanceWindow {
  const { retentionMs, nowMs } = options;
  const accept = options.acceptTimestamps ?? (retentionMs === "off" ? "any" : "window");
  if (accept === "any") return { oldestMs: -MAX_DATE_MS, newestMs: MAX_DATE_MS };
  return {
    oldestMs: retentionMs === "off" ? -MAX_DATE_MS : nowMs() - retentionMs,
    newestMs: nowMs() + FUTURE_TOLERANCE_MS,
  };
}

/** Why a timestamp is refused, "" when it is taken. */
export function refusalOf(timestampMs: number, window: AcceptanceWindow): string {
  if (!Number.isInteger(timestampMs)) return `${timestampMs} is not a time in whole milliseconds`;
  if (timestampMs < window.oldestMs) return `${timestampMs} ms is older than the retention`;
  if (timestampMs > window.newestMs) return `${timestampMs} ms is too far in the future`;
  return "";
}
