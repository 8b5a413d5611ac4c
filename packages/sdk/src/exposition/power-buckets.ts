import type { ExponentialHistogramSeries } from "../metrics/exponential-histogram.ts";
import { exponentialUpperBound } from "../metrics/exponential-index.ts";

/**
 * An exponential histogram is shown with these `le` bounds, powers of two from 1/1024 to 64: at
 * every scale >= 0 no bucket crosses a power of two, so the counts are exact.
 */
const POWER_BOUNDS = Array.from({ length: 17 }, (_, i) => 2 ** (i - 10));

/** Upper bounds and cumulative counts, the last one +Inf with all. */
export function powerCounts(series: ExponentialHistogramSeries): [number, number][] {
  const { counts, offset, scale } = series;
  let cumulative = series.zeroCount;
  let i = 0;
  const buckets = POWER_BOUNDS.map((bound): [number, number] => {
    while (i < counts.length && exponentialUpperBound(offset + i, scale) <= bound) {
      cumulative += counts[i++]!;
    }
    return [bound, cumulative];
  });
  return [...buckets, [Number.POSITIVE_INFINITY, series.count]];
}
