import { isStaleAt, type LabelledSeries, labelValue, type Matcher, METRIC_NAME } from "@avx/model";
import type { SeriesReader } from "@avx/promql";
import { watchedSeries } from "./detection-tap.ts";
import type { PastSamples } from "./live-detection.ts";
import type { WatchRegistry } from "./watch-registry.ts";

/** Where the past lies, of what, and who learns it. */
export interface WatchedHistoryPorts {
  readonly reader: SeriesReader;
  readonly selectors: readonly (readonly Matcher[])[];
  readonly registry: WatchRegistry;
  readonly learn: (past: readonly PastSamples[]) => Promise<void>;
}

/** What was learned; `skipped` selectors have too many series or samples. */
export interface LearnedHistory {
  readonly samples: number;
  readonly skipped: number;
}

const DAY_MS = 86_400_000;
/** Two of each weekday, as for golden signals. */
const HISTORY_DAYS = 14;
/** A sample in a minute of 250 series, or in 15 s of 60: about ten seconds of the detectors' work. */
const MAX_SAMPLES = 5_000_000;

/**
 * Teaches the past of all series that are watched directly, day by day, so that they are judged from
 * their first sample on. A selector with more samples than can be learned while a server starts is
 * left out: its series begin without history.
 */
export async function replayWatched(
  { reader, selectors, registry, learn }: WatchedHistoryPorts,
  nowMs: number,
): Promise<LearnedHistory> {
  const signal = new AbortController().signal;
  let samples = 0;
  let skipped = 0;
  for (const selector of selectors) {
    const range = { startMs: nowMs - HISTORY_DAYS * DAY_MS, endMs: nowMs };
    const estimate = await reader.estimate(selector, range);
    if (samples + estimate.samples > MAX_SAMPLES) {
      skipped++;
      continue;
    }
    for (let startMs = range.startMs; startMs <= nowMs; startMs += DAY_MS) {
      const day = { startMs, endMs: Math.min(nowMs, startMs + DAY_MS - 1) };
      const found = await reader.select(selector, day, signal);
      const past = found.map((series) => unknownPast(series, registry));
      await learn(past);
      samples += past.reduce((sum, { values }) => sum + values.length, 0);
    }
  }
  return { samples, skipped };
}

/** What a watch that was restored from a file does not know yet. */
function unknownPast(found: LabelledSeries, registry: WatchRegistry): PastSamples {
  const series = watchedSeries(found.labels, labelValue(found.labels, METRIC_NAME));
  const knownMs = registry.of(series.key)?.lastMs ?? 0;
  const isNew = (timeMs: number, i: number): boolean =>
    timeMs > knownMs && !isStaleAt(found.values, i);
  const at = [...found.timestampsMs.keys()].filter((i) => isNew(found.timestampsMs[i]!, i));
  return {
    series,
    timestampsMs: Float64Array.from(at, (i) => found.timestampsMs[i]!),
    values: Float64Array.from(at, (i) => found.values[i]!),
  };
}
