import { type Labels, labelsFromRecord, METRIC_NAME } from "@avx/model";
import { SERVICE_LABEL } from "@avx/sre";
import type { WatchedSeries } from "./series-watch.ts";
import type { AddedWatch, RestoredWatch } from "./watch-messages.ts";

/**
 * One detector for each series; new ones beyond are not watched. 225 MB in their thread, measured by
 * bench/anomaly-scale.ts.
 */
export const MAX_WATCHES = 100_000;
/**
 * Score and band of so many series of `--detect` are stored; of those beyond only events are kept,
 * since three stored series for each would weigh more than the watched one.
 */
export const MAX_STORED_RESULTS = 10_000;

/** Names of the stored results, in the order of `resultLabels`. */
export const RESULT_NAMES = [
  "avx_anomaly_score",
  "avx_expected_lower",
  "avx_expected_upper",
] as const;

/** A watched series, and what the server knows of its watch without asking. */
export interface WatchEntry {
  readonly id: number;
  readonly series: WatchedSeries;
  /** Time of the newest sample that was given to its watch; 0 before the first. */
  lastMs: number;
  /** Labels of its stored score and band; undefined when they are not stored. */
  readonly resultLabels: readonly Labels[] | undefined;
}

/** Which series are watched, and under which numbers. */
export class WatchRegistry {
  readonly #byKey = new Map<string, WatchEntry>();
  readonly #entries: WatchEntry[] = [];
  readonly #thresholdOf: (key: string) => number;
  /** From this number on the room does not know the series yet. */
  #told = 0;
  #storedMetrics = 0;

  constructor(thresholdOf: (key: string) => number) {
    this.#thresholdOf = thresholdOf;
  }

  get size(): number {
    return this.#entries.length;
  }

  get entries(): readonly WatchEntry[] {
    return this.#entries;
  }

  of(key: string): WatchEntry | undefined {
    return this.#byKey.get(key);
  }

  /** Finds a series or takes it in; undefined when there are too many. */
  watch(series: WatchedSeries): WatchEntry | undefined {
    const known = this.#byKey.get(series.key);
    if (known !== undefined || this.#entries.length >= MAX_WATCHES) return known;
    return this.#add(series, 0);
  }

  /** Series that came since it was asked last, to be told to the room before their samples. */
  takeAdded(): readonly AddedWatch[] {
    const added = this.#entries.slice(this.#told);
    this.#told = this.#entries.length;
    return added.map(({ id, series }) => ({
      ...{ id, series, threshold: this.#thresholdOf(series.key) },
    }));
  }

  /** Takes over what an empty room has read from a file. */
  restored(watches: readonly RestoredWatch[]): void {
    for (const { series, lastMs } of watches) this.#add(series, lastMs);
    this.#told = this.#entries.length;
  }

  /** A new room knows none of the series. */
  forgetRoom(): void {
    this.#told = 0;
  }

  #add(series: WatchedSeries, lastMs: number): WatchEntry {
    const isStored = series.signal !== "metric" || this.#storedMetrics++ < MAX_STORED_RESULTS;
    const resultLabels = isStored ? labelsOf(series) : undefined;
    const entry = { id: this.#entries.length, series, lastMs, resultLabels };
    this.#entries.push(entry);
    this.#byKey.set(series.key, entry);
    return entry;
  }
}

function labelsOf({ service, signal, metric }: WatchedSeries): readonly Labels[] {
  return RESULT_NAMES.map((name) =>
    labelsFromRecord({ [METRIC_NAME]: name, [SERVICE_LABEL]: service, signal, metric }),
  );
}
