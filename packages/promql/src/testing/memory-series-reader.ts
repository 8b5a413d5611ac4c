import {
  compareLabels,
  type LabelledSeries,
  labelValue,
  type Matcher,
  type TimeRange,
} from "@avx/model";
import { compileMatcher } from "../matching/compile-matcher.ts";
import type { SelectionEstimate, SeriesReader } from "../series-reader.ts";

/**
 * A reader over series held in memory, for tests and benchmarks. Series need not be sorted; their
 * samples must be. Every select walks over all series.
 */
export function createMemorySeriesReader(series: readonly LabelledSeries[]): SeriesReader {
  const sorted = [...series].sort((a, b) => compareLabels(a.labels, b.labels));

  function matching(matchers: readonly Matcher[], range: TimeRange): LabelledSeries[] {
    const tests = matchers.map((matcher) => ({
      name: matcher.name,
      test: compileMatcher(matcher),
    }));
    return sorted
      .filter(({ labels }) => tests.every(({ name, test }) => test(labelValue(labels, name))))
      .map((one) => within(one, range))
      .filter(({ timestampsMs }) => timestampsMs.length > 0);
  }

  return {
    select: async (matchers, range, signal) => {
      signal.throwIfAborted();
      return matching(matchers, range);
    },
    estimate: async (matchers, range): Promise<SelectionEstimate> => {
      const found = matching(matchers, range);
      const samples = found.reduce((sum, { values }) => sum + values.length, 0);
      return { series: found.length, samples };
    },
  };
}

/** The samples of a series within the inclusive range; no copies are made. */
function within(series: LabelledSeries, { startMs, endMs }: TimeRange): LabelledSeries {
  const { timestampsMs, values, histograms, startTimestampsMs } = series;
  const from = firstAtOrAfter(timestampsMs, startMs);
  const to = firstAtOrAfter(timestampsMs, endMs + 1);
  if (from === 0 && to === timestampsMs.length) return series;
  return {
    labels: series.labels,
    timestampsMs: timestampsMs.subarray(from, to),
    values: values.subarray(from, to),
    ...(histograms ? { histograms: histograms.slice(from, to) } : {}),
    ...(startTimestampsMs ? { startTimestampsMs: startTimestampsMs.subarray(from, to) } : {}),
  };
}

function firstAtOrAfter(timesMs: Float64Array, timeMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timesMs[middle]! < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
