/** A sample as start timestamps are judged by: when it was taken, and since when it counts. */
export interface StartedSample {
  readonly timeMs: number;
  /** 0 when unknown. */
  readonly startMs: number;
}

/**
 * Whether the start timestamp of `current` says that counting began anew after `previous`. A start
 * at the very time of the previous sample is a reset for delta series only, which is when that
 * sample's own start is known and lies before it.
 */
export function isStartReset(previous: StartedSample, current: StartedSample): boolean {
  const { startMs } = current;
  if (startMs === 0 || startMs >= current.timeMs) return false;
  if (startMs !== previous.timeMs) return startMs > previous.timeMs;
  if (previous.startMs > previous.timeMs) return false;
  return previous.startMs !== 0 && previous.startMs !== previous.timeMs;
}

/** Whether a sample claims to count since before the previous one was taken, without sharing its start. */
export function overlapsPrevious(previous: StartedSample, current: StartedSample): boolean {
  const { startMs } = current;
  return startMs !== 0 && startMs < previous.timeMs && startMs !== previous.startMs;
}
