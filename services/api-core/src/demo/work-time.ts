/** A kind of work: its median time, and how far single requests scatter around it. */
export interface WorkProfile {
  readonly medianMs: number;
  /** Standard deviation of the logarithm: 0.5 puts the 99th percentile at 3.2 times the median. */
  readonly spread: number;
}

/** Requests in flight that double the work time: a pool of this size is busy then. */
const CONTENTION_REQUESTS = 40;

/**
 * A realistic service time in milliseconds: log-normal, longer while more requests are in flight.
 * `random` gives numbers in [0, 1).
 */
export function workTimeMs(
  profile: WorkProfile,
  requestsInFlight: number,
  random: () => number,
): number {
  // Box-Muller; 1 - random() is in (0, 1], so that the logarithm is finite.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const contention = 1 + Math.max(0, requestsInFlight - 1) / CONTENTION_REQUESTS;
  return profile.medianMs * Math.exp(profile.spread * normal) * contention;
}
