import type { TimeInput } from "@opentelemetry/api";

const NANOS_PER_MS = 1_000_000n;

/**
 * A time as `@opentelemetry/api` lets callers write it, in milliseconds on the clock of
 * `performance.now()`: a Date, an [s, ns] pair, Unix milliseconds, or already such a time. What is no
 * time is now.
 */
export function monotonicMs(time: TimeInput | undefined): number {
  if (time === undefined) return performance.now();
  const unixMs = typeof time === "number" ? time : unixMsOf(time);
  if (!Number.isFinite(unixMs)) return performance.now();
  // As in OpenTelemetry's SDK: a number less than the time origin cannot be Unix time.
  if (typeof time === "number" && time < performance.timeOrigin) return time;
  return unixMs - performance.timeOrigin;
}

/** NaN for what is no time at all. */
function unixMsOf(time: Exclude<TimeInput, number>): number {
  if (Array.isArray(time)) return time[0] * 1e3 + time[1] / 1e6;
  return time instanceof Date ? time.getTime() : Number.NaN;
}

/**
 * How far Unix time is ahead of `performance.now()` at this moment, in milliseconds. Taken when
 * spans are exported, so that a clock set right after start does not shift them for ever.
 */
export function unixOffsetMs(): number {
  return Date.now() - performance.now();
}

/** Milliseconds to Unix nanoseconds, with microsecond precision kept. */
export function toUnixNano(unixMs: number): bigint {
  const whole = Math.floor(unixMs);
  return BigInt(whole) * NANOS_PER_MS + BigInt(Math.round((unixMs - whole) * 1e6));
}
