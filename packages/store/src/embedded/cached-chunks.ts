import type { SampleColumns, TimeRange } from "@avx/model";
import type { HeadSeries } from "../head/head-series.ts";
import { BLOCK_MS, blockStartOf } from "../head/sample-block.ts";
import type { ChunkStore } from "./chunk-store.ts";

/** 128 MiB at 16 bytes a sample: a day of 1,400 series at 15 s, which a team's pages show. */
const DEFAULT_MAX_SAMPLES = 8 * 1024 * 1024;

/** One read may not push out most of what others need again. */
const MAX_SHARE_OF_ONE_READ = 0.5;

/** Decoded samples of one series over whole blocks; `undefined` where it has none there. */
interface CachedRun {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  readonly columns: SampleColumns | undefined;
}

/**
 * The chunk store behind a cache of decoded samples. Pages ask for the same series every few
 * seconds, and what lies in the engine changes only when a block is cut or expires: then the cache
 * forgets. The columns of an answer are views of the cache and must not be changed.
 */
export function withChunkCache(chunks: ChunkStore, maxSamples = DEFAULT_MAX_SAMPLES): ChunkStore {
  const cache = new RunCache(maxSamples);
  const read: ChunkStore["read"] = async (series, range) => {
    const whole = wholeBlocks(range);
    const found = new Map<HeadSeries, SampleColumns>();
    const missing: HeadSeries[] = [];
    for (const one of series) {
      const run = cache.find(one, whole);
      if (run === undefined) missing.push(one);
      else keepCut(found, one, { columns: run.columns, range });
    }
    if (missing.length === 0) return found;
    const { changes } = cache;
    const fresh = await chunks.read(missing, { startMs: whole.startMs, endMs: whole.endMs - 1 });
    if (cache.changes === changes) cache.keep(missing, whole, fresh);
    for (const one of missing) keepCut(found, one, { columns: fresh.get(one), range });
    return found;
  };
  return {
    read,
    load: (index) => chunks.load(index),
    recordCuts: (blocks, position) => chunks.recordCuts(blocks, position),
    addMetadata: (metadata) => chunks.addMetadata(metadata),
    insert: (inserted, token) =>
      chunks.insert(inserted, token).finally(() => {
        for (const { series, block } of inserted) cache.forget(series, block.startMs);
      }),
    dropBefore: (beforeMs) => chunks.dropBefore(beforeMs).finally(() => cache.clear()),
  };
}

interface BlockRange {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

function wholeBlocks({ startMs, endMs }: TimeRange): BlockRange {
  return { startMs: blockStartOf(startMs), endMs: blockStartOf(endMs) + BLOCK_MS };
}

/** Runs in the order of their last use, the oldest first. */
class RunCache {
  readonly #maxSamples: number;
  readonly #runs = new Map<HeadSeries, CachedRun>();
  #samples = 0;
  /** Grows when anything is forgotten: what was read before may miss the change. */
  changes = 0;

  constructor(maxSamples: number) {
    this.#maxSamples = maxSamples;
  }

  find(series: HeadSeries, { startMs, endMs }: BlockRange): CachedRun | undefined {
    const run = this.#runs.get(series);
    if (run === undefined || run.startMs > startMs || run.endMs < endMs) return undefined;
    this.#runs.delete(series);
    this.#runs.set(series, run);
    return run;
  }

  keep(
    asked: readonly HeadSeries[],
    blocks: BlockRange,
    columns: ReadonlyMap<HeadSeries, SampleColumns>,
  ): void {
    let samples = 0;
    for (const { values } of columns.values()) samples += values.length;
    if (samples > this.#maxSamples * MAX_SHARE_OF_ONE_READ) return;
    for (const series of asked) {
      this.#drop(series);
      this.#runs.set(series, { ...blocks, columns: columns.get(series) });
    }
    this.#samples += samples;
    for (const series of this.#runs.keys()) {
      if (this.#samples <= this.#maxSamples) break;
      this.#drop(series);
    }
  }

  forget(series: HeadSeries, blockMs: number): void {
    this.changes++;
    const run = this.#runs.get(series);
    if (run && run.startMs <= blockMs && run.endMs > blockMs) this.#drop(series);
  }

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

interface Cut {
  readonly columns: SampleColumns | undefined;
  readonly range: TimeRange;
}

/** Adds the part of the columns that lies within the range; nothing where there is none. */
function keepCut(
  found: Map<HeadSeries, SampleColumns>,
  series: HeadSeries,
  { columns, range }: Cut,
): void {
  if (columns === undefined) return;
  const { timestampsMs, values, histograms, startTimestampsMs } = columns;
  const from = firstAtLeast(timestampsMs, range.startMs);
  const to = firstAtLeast(timestampsMs, range.endMs, 1);
  if (from >= to) return;
  if (from === 0 && to === timestampsMs.length) {
    found.set(series, columns);
    return;
  }
  found.set(series, {
    timestampsMs: timestampsMs.subarray(from, to),
    values: values.subarray(from, to),
    ...(histograms ? { histograms: histograms.slice(from, to) } : {}),
    ...(startTimestampsMs ? { startTimestampsMs: startTimestampsMs.subarray(from, to) } : {}),
  });
}

/** Position of the first time >= `timeMs`, or > `timeMs` when `after` is 1. */
function firstAtLeast(timesMs: Float64Array, timeMs: number, after: 0 | 1 = 0): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const isBefore = after === 1 ? timesMs[middle]! <= timeMs : timesMs[middle]! < timeMs;
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return low;
}
