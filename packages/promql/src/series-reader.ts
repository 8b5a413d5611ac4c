import type { LabelledSeries, Matcher, TimeRange } from "@avx/model";

/**
 * What the PromQL engine asks of storage. Answers are complete: recent samples of the head and
 * older blocks merged, one entry per series, sorted by labels, samples within the inclusive range.
 * Their columns never change afterwards: the engine remembers what it found in them for as long as
 * the reader keeps them.
 */
export interface SeriesReader {
  /**
   * Series that match all matchers and have at least one sample in `range`.
   * Rejects with the reason of `signal` when it is aborted.
   */
  select(
    matchers: readonly Matcher[],
    range: TimeRange,
    signal: AbortSignal,
  ): Promise<readonly LabelledSeries[]>;
  /** An upper bound of series and samples that `select` would return; cheap, asked before evaluation. */
  estimate(matchers: readonly Matcher[], range: TimeRange): Promise<SelectionEstimate>;
}

/** What has changed of the samples that a reader gives. */
export interface SampleChanges {
  /** A number that grows with every change. */
  readonly mark: number;
  /** The time of the earliest sample that may have changed: Infinity = none, -Infinity = any. */
  readonly earliestMs: number;
}

/** Upper bounds for one selection. */
export interface SelectionEstimate {
  readonly series: number;
  readonly samples: number;
  /** Something that the asker should know of these samples: it becomes an info of the answer. */
  readonly remark?: string;
}
