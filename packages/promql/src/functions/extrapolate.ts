/** Samples may be this much farther from the window's edge than their average distance. */
const EXTRAPOLATION_THRESHOLD = 1.1;

/** The window and the samples in it, as the extrapolation of `rate` sees them; times in ms. */
export interface ExtrapolationInput {
  readonly startMs: number;
  readonly endMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Number of samples minus one. */
  readonly intervals: number;
  /**
   * For counters: the share of the first value in the increase; a counter does not start below
   * zero. Infinity where there is nothing to limit.
   */
  readonly zeroRatio: number;
}

/**
 * The factor from the increase between the first and the last sample to that of the whole window:
 * up to the window's edge when a sample is near it, else half an average interval (Prometheus,
 * extrapolatedRate).
 */
export function extrapolationFactor(input: ExtrapolationInput): number {
  const sampledSeconds = (input.lastMs - input.firstMs) / 1000;
  const averageSeconds = sampledSeconds / input.intervals;
  const threshold = averageSeconds * EXTRAPOLATION_THRESHOLD;
  let toStart = (input.firstMs - input.startMs) / 1000;
  let toEnd = (input.endMs - input.lastMs) / 1000;
  if (toStart >= threshold) toStart = averageSeconds / 2;
  const toZero = sampledSeconds * input.zeroRatio;
  if (toZero < toStart) toStart = toZero;
  if (toEnd >= threshold) toEnd = averageSeconds / 2;
  return (sampledSeconds + toStart + toEnd) / sampledSeconds;
}

/** Extrapolation towards the end only, when a start timestamp gives the beginning. */
export function knownStartFactor(
  times: { readonly firstMs: number; readonly lastMs: number; readonly endMs: number },
  firstSampleMs: number,
  intervals: number,
): number {
  const sampledSeconds = (times.lastMs - times.firstMs) / 1000;
  const averageSeconds = intervals > 0 ? (times.lastMs - firstSampleMs) / 1000 / intervals : 0;
  let toEnd = (times.endMs - times.lastMs) / 1000;
  if (toEnd >= averageSeconds * EXTRAPOLATION_THRESHOLD) toEnd = averageSeconds / 2;
  return sampledSeconds === 0 ? 1 : (sampledSeconds + toEnd) / sampledSeconds;
}
