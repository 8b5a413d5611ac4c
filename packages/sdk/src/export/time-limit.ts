/** The signal of a time limit; none when there is no limit. */
export function limitSignal(timeoutMs: number): { signal?: AbortSignal } {
  return timeoutMs === Number.POSITIVE_INFINITY ? {} : { signal: AbortSignal.timeout(timeoutMs) };
}
