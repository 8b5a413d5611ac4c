import type { SampleColumns, TimeRange } from "@avx/model";
import type { HeadSeries } from "../../head/head-series.ts";
import { BLOCK_MS, blockStartOf } from "../../head/sample-block.ts";
import type { EqualColumns } from "./chunk-store.ts";

/** One read leaves a quarter to what others need again. */
const MAX_SHARE_OF_ONE_READ = 0.75;

/** A stretch of time that begins and ends with a block. */
export interface BlockRange {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

/** The blocks that a range touches. */
export function wholeBlocks({ startMs, endMs }: TimeRange): BlockRange {
  return { startMs: blockStartOf(startMs), endMs: blockStartOf(endMs) + BLOCK_MS };
}

/** Decoded samples of one series over whole blocks. */
export interface CachedRun extends BlockRange {
  /** `undefined` where the series has none there. */
  readonly columns: SampleColumns | undefined;
  readonly revision: number;
}

/** How much a cache holds, and by which number a run is seen to be outdated. */
export interface RunCacheOptions {
  readonly maxSamples: number;
  readonly revisionOf: (series: HeadSeries) => number;
}

/** Runs in the order of their last use, the oldest first. */
export class RunCache {
  readonly #maxSamples: number;
  readonly #revisionOf: (series: HeadSeries) => number;
  readonly #runs = new Map<HeadSeries, CachedRun>();
  #samples = 0;
  /** Grows when anything is forgotten: what was read before may miss the change. */
  changes = 0;

  constructor({ maxSamples, revisionOf }: RunCacheOptions) {
    this.#maxSamples = maxSamples;
    this.#revisionOf = revisionOf;
  }

  /** The run that holds these blocks; `undefined` when there is none, or when it is outdated. */
  find(series: HeadSeries, { startMs, endMs }: BlockRange): CachedRun | undefined {
    const run = this.#runs.get(series);
    if (run === undefined || run.startMs > startMs || run.endMs < endMs) return undefined;
    if (run.revision !== this.#revisionOf(series)) return undefined;
    this.#runs.delete(series);
    this.#runs.set(series, run);
    return run;
  }

  /** Keeps what was read of these series, as of now; nothing when it is too much. */
  keep(
    asked: readonly HeadSeries[],
    blocks: BlockRange,
    columns: ReadonlyMap<HeadSeries, SampleColumns | undefined>,
  ): void {
    let samples = 0;
    for (const series of asked) samples += columns.get(series)?.values.length ?? 0;
    if (samples > this.#maxSamples * MAX_SHARE_OF_ONE_READ) return;
    for (const series of asked) {
      this.#drop(series);
      this.#runs.set(series, {
        ...blocks,
        columns: columns.get(series),
        revision: this.#revisionOf(series),
      });
    }
    this.#samples += samples;
    for (const series of this.#runs.keys()) {
      if (this.#samples <= this.#maxSamples) break;
      this.#drop(series);
    }
  }

  /** Where a run consists of just these columns, equal ones take their place. */
  replace(series: HeadSeries, { columns, by }: EqualColumns): void {
    const run = this.#runs.get(series);
    if (run?.columns === columns) this.#runs.set(series, { ...run, columns: by });
  }

  /** Forgets the run of a series if it holds the block. */
  forget(series: HeadSeries, blockMs: number): void {
    this.changes++;
    const run = this.#runs.get(series);
    if (run && run.startMs <= blockMs && run.endMs > blockMs) this.#drop(series);
  }

  /** Forgets everything. */
  clear(): void {
    this.changes++;
    this.#runs.clear();
    this.#samples = 0;
  }

  #drop(series: HeadSeries): void {
    const run = this.#runs.get(series);
    if (run === undefined) return;
    this.#runs.delete(series);
    this.#samples -= run.columns?.values.length ?? 0;
  }
}
