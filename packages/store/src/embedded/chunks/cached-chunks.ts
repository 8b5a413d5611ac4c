import type { SampleColumns } from "@avx/model";
import { columnsWithin } from "../../head/columns-within.ts";
import type { HeadSeries } from "../../head/head-series.ts";
import type { ChunkStore } from "./chunk-store.ts";
import { RunCache, wholeBlocks } from "./run-cache.ts";

/** 128 MiB at 16 bytes a sample: a day of 1,400 series at 15 s, which a team's pages show. */
export const DEFAULT_MAX_SAMPLES = 8 * 1024 * 1024;

/**
 * The chunk store behind a cache of decoded samples. Pages ask for the same series every few
 * seconds, and what lies in the engine changes only when a block is cut or expires: then the cache
 * forgets. The columns of an answer are views of the cache and must not be changed.
 */
export function withChunkCache(chunks: ChunkStore, maxSamples = DEFAULT_MAX_SAMPLES): ChunkStore {
  const cache = new RunCache({ maxSamples, revisionOf: () => 0 });
  const read: ChunkStore["read"] = async (series, range, signal) => {
    const whole = wholeBlocks(range);
    const found = new Map<HeadSeries, SampleColumns>();
    const keepWithin = (one: HeadSeries, columns: SampleColumns | undefined): void => {
      const within = columns && columnsWithin(columns, range);
      if (within) found.set(one, within);
    };
    const missing: HeadSeries[] = [];
    for (const one of series) {
      const run = cache.find(one, whole);
      if (run === undefined) missing.push(one);
      else keepWithin(one, run.columns);
    }
    if (missing.length === 0) return found;
    const { changes } = cache;
    const blocks = { startMs: whole.startMs, endMs: whole.endMs - 1 };
    const fresh = await chunks.read(missing, blocks, signal);
    if (cache.changes === changes) cache.keep(missing, whole, fresh);
    for (const one of missing) keepWithin(one, fresh.get(one));
    return found;
  };
  return {
    read,
    load: (index) => chunks.load(index),
    replace: (one, change) => cache.replace(one, change),
    recordCuts: (blocks, position) => chunks.recordCuts(blocks, position),
    addMetadata: (metadata) => chunks.addMetadata(metadata),
    insert: (inserted, token) =>
      chunks.insert(inserted, token).finally(() => {
        for (const { series, block } of inserted) cache.forget(series, block.startMs);
      }),
    storeExemplars: (snapshot) => chunks.storeExemplars(snapshot),
    get deletedRanges() {
      return chunks.deletedRanges;
    },
    deleteSamples: (deleted, range) =>
      chunks.deleteSamples(deleted, range).finally(() => cache.clear()),
    cleanTombstones: () => chunks.cleanTombstones().finally(() => cache.clear()),
    dropBefore: (beforeMs) => chunks.dropBefore(beforeMs).finally(() => cache.clear()),
  };
}
