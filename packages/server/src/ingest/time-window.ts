/** Clocks of senders may be this much ahead; a far-future sample would shadow later ones. */
const FUTURE_TOLERANCE_MS = 10 * 60 * 1000;

/** Which side of the time window a timestamp lies on. */
export type TimestampFault = "timestamp_future" | "timestamp_past";

/** What timestamps are taken now; both bounds are inclusive Unix milliseconds. */
export interface TimeWindow {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** What the time window depends on. */
export interface TimeWindowOptions {
  readonly nowMs: () => number;
  readonly acceptTimestamps: "recent" | "any";
  readonly retentionMs: number | "off";
}

/** Without a bound for "any"; without a lower bound when nothing expires. */
export function timeWindow(options: TimeWindowOptions): TimeWindow {
  const { acceptTimestamps, retentionMs } = options;
  if (acceptTimestamps === "any") {
    return { earliestMs: Number.NEGATIVE_INFINITY, latestMs: Number.POSITIVE_INFINITY };
  }
  const nowMs = options.nowMs();
  const earliestMs = retentionMs === "off" ? Number.NEGATIVE_INFINITY : nowMs - retentionMs;
  return { earliestMs, latestMs: nowMs + FUTURE_TOLERANCE_MS };
}

/** Why a time is not taken, or undefined when it is. */
export function timestampFault(
  timestampMs: number,
  { earliestMs, latestMs }: TimeWindow,
): TimestampFault | undefined {
  if (timestampMs > latestMs) return "timestamp_future";
  return timestampMs < earliestMs ? "timestamp_past" : undefined;
}

/** As `timestampFault`, for Unix nanoseconds; good to a microsecond, the window is minutes wide. */
export function nanosFault(unixNano: bigint, window: TimeWindow): TimestampFault | undefined {
  return timestampFault(Number(unixNano) / 1e6, window);
}
