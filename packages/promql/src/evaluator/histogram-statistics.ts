import type { LabelledSeries, NativeHistogram } from "@avx/model";
import { detectReset } from "../histogram/detect-reset.ts";
import { compacted, noBuckets } from "../histogram/working-histogram.ts";

const NO_BOUNDS = new Float64Array(0);

/**
 * The series with histograms reduced to count and sum. Resets can no longer be found without
 * buckets, so unknown hints are resolved before (Prometheus, HistogramStatsIterator).
 */
export function withStatisticsOnly(series: LabelledSeries): LabelledSeries {
  if (!series.histograms) return series;
  let previous: NativeHistogram | undefined;
  const histograms = series.histograms.map((histogram) => {
    if (!histogram || histogram.stale) return histogram;
    const counterResetHint = resolvedHint(histogram, previous);
    previous = histogram;
    return reduced(histogram, counterResetHint);
  });
  return { ...series, histograms };
}

function resolvedHint(histogram: NativeHistogram, previous: NativeHistogram | undefined) {
  if (histogram.counterResetHint !== "unknown" || !previous) return histogram.counterResetHint;
  return detectReset(histogram, previous) ? "reset" : "not-reset";
}

function reduced(
  { schema, sum, count }: NativeHistogram,
  counterResetHint: NativeHistogram["counterResetHint"],
): NativeHistogram {
  return compacted({
    schema,
    sum,
    count,
    zeroThreshold: 0,
    zeroCount: 0,
    positive: noBuckets(),
    negative: noBuckets(),
    customBounds: NO_BOUNDS,
    counterResetHint,
  });
}
