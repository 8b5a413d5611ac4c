import type { SampleColumns, TimeRange } from "@avx/model";
import { columnsWithin } from "../../head/columns-within.ts";
import type { HeadSeries } from "../../head/head-series.ts";
import { mergeColumns } from "../../head/merge-columns.ts";
import { DEFAULT_MAX_SAMPLES } from "./cached-chunks.ts";
import type { ChunkStore } from "./chunk-store.ts";
import { RunCache, wholeBlocks } from "./run-cache.ts";

/** A series whose samples have to be brought together. */
interface Unjoined {
  readonly series: HeadSeries;
  /** Its revision when the head was read. */
  readonly revision: number;
  readonly recent: readonly SampleColumns[];
}

/**
 * Samples of the engine and of the head as one run. The panels of a page, and a page that is opened
 * again, ask for the same series: until one of them changes, its run is kept. The columns of an
 * answer are views of it and must not be changed.
 */
export class JoinedRuns {
  readonly #chunks: Pick<ChunkStore, "read" | "replace">;
  readonly #cache: RunCache;

  constructor(chunks: Pick<ChunkStore, "read" | "replace">, maxSamples = DEFAULT_MAX_SAMPLES) {
    this.#chunks = chunks;
    this.#cache = new RunCache({ maxSamples, revisionOf: ({ revision }) => revision });
  }

  /** The samples within the range; series without any are left out. */
  async read(
    series: readonly HeadSeries[],
    range: TimeRange,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<HeadSeries, SampleColumns>> {
    const blocks = wholeBlocks(range);
    const whole = { startMs: blocks.startMs, endMs: blocks.endMs - 1 };
    const runs = new Map<HeadSeries, SampleColumns | undefined>();
    const missing: Unjoined[] = [];
    for (const one of series) {
      const run = this.#cache.find(one, blocks);
      runs.set(one, run?.columns);
      if (run) continue;
      // The head first: a block that moves meanwhile is then seen twice, never not at all.
      missing.push({ series: one, revision: one.revision, recent: one.readParts(whole) });
    }
    if (missing.length > 0) {
      const asked = missing.map((one) => one.series);
      const stored = await this.#chunks.read(asked, whole, signal);
      for (const one of missing) runs.set(one.series, this.#join(one, stored.get(one.series)));
      const unchanged = missing.filter((one) => one.revision === one.series.revision);
      const kept = unchanged.map((one) => one.series);
      this.#cache.keep(kept, blocks, runs);
    }
    return cutTo(runs, range);
  }

  #join({ series, recent }: Unjoined, older: SampleColumns | undefined): SampleColumns {
    if (!older) return mergeColumns(recent);
    const joined = mergeColumns([older, ...recent]);
    const { timestampsMs, histograms, startTimestampsMs } = older;
    const { length } = timestampsMs;
    const lastMs = timestampsMs[length - 1] ?? -Infinity;
    const continues = recent.every((part) => part.timestampsMs[0]! > lastMs);
    if (recent.length === 0 || !continues || histograms || startTimestampsMs) return joined;
    const by = {
      timestampsMs: joined.timestampsMs.subarray(0, length),
      values: joined.values.subarray(0, length),
    };
    this.#chunks.replace?.(series, { columns: older, by });
    return joined;
  }
}

function cutTo(
  runs: ReadonlyMap<HeadSeries, SampleColumns | undefined>,
  range: TimeRange,
): Map<HeadSeries, SampleColumns> {
  const found = new Map<HeadSeries, SampleColumns>();
  for (const [series, columns] of runs) {
    const within = columns && columnsWithin(columns, range);
    if (within) found.set(series, within);
  }
  return found;
}
