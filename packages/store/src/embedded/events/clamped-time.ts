/** What DateTime64(9) can hold (1900 to 2262), in whole milliseconds. */
export function clampedMs(timeMs: number): number {
  return Math.round(Math.min(Math.max(timeMs, -2_208_988_800_000), 9_223_372_036_000));
}
