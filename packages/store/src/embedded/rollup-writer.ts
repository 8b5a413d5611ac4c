import { labelValue, METRIC_NAME, type SampleColumns } from "@avx/model";
import type { Engine } from "../engine/engine.ts";
import type { HeadSeries } from "../head/head-series.ts";
import { BLOCK_MS } from "../head/sample-block.ts";
import type { Chunk, ChunkStore } from "./chunk-store.ts";
import { isCounterName, rollUp } from "./rollup.ts";
import { cleanRollups } from "./rollup-cleaning.ts";
import { type RollupRow, rollupBlocks, rollupRow } from "./rollup-table.ts";
import type { SqlChunkStore } from "./sql-chunk-store.ts";

/**
 * A chunk store that writes a roll-up beside each chunk. Of a block that is new for its series it is
 * made from the samples at hand; after late samples the whole block is read and rolled up anew. Where
 * nothing expires none is needed, and `isWriting` is false.
 */
export function withRollups(chunks: SqlChunkStore, engine: Engine, isWriting: boolean): ChunkStore {
  const insert: ChunkStore["insert"] = async (inserted, token) => {
    if (!isWriting) return chunks.insert(inserted, token);
    const isFirst = inserted.map(({ series, block }) => !series.isStoredIn(spanOf(block.startMs)));
    await chunks.insert(inserted, token);
    const rows = inserted.filter((_, i) => isFirst[i]).flatMap(rowOfChunk);
    const late = inserted.filter((_, i) => !isFirst[i]);
    for (const [startMs, ofBlock] of Map.groupBy(late, ({ block }) => block.startMs)) {
      const series = ofBlock.map((chunk) => chunk.series);
      const whole = await chunks.read(series, spanOf(startMs));
      for (const [one, columns] of whole) rows.push(...rowOf(one, startMs, columns));
    }
    if (rows.length === 0) return;
    await engine.insert({
      table: "avx.rollups",
      blocks: rollupBlocks(rows.sort(compareRows), chunks.lastCut),
      token: `${token}-5m`,
    });
  };
  return {
    insert,
    load: (index) => chunks.load(index),
    read: (series, range, signal) => chunks.read(series, range, signal),
    recordCuts: (blocks, position) => chunks.recordCuts(blocks, position),
    addMetadata: (metadata) => chunks.addMetadata(metadata),
    storeExemplars: (snapshot) => chunks.storeExemplars(snapshot),
    deleteSamples: (series, range) => chunks.deleteSamples(series, range),
    get deletedRanges() {
      return chunks.deletedRanges;
    },
    cleanTombstones: async () => {
      if (chunks.deletedRanges > 0) {
        await cleanRollups(engine, chunks.deleted, () => chunks.takeCut());
      }
      await chunks.cleanTombstones();
    },
    dropBefore: (beforeMs) => chunks.dropBefore(beforeMs),
  };
}

function spanOf(startMs: number): { readonly startMs: number; readonly endMs: number } {
  return { startMs, endMs: startMs + BLOCK_MS - 1 };
}

function rowOfChunk({ series, block }: Chunk): RollupRow[] {
  const columns = block.read(spanOf(block.startMs));
  return columns ? rowOf(series, block.startMs, columns) : [];
}

function rowOf(series: HeadSeries, startMs: number, columns: SampleColumns): RollupRow[] {
  const isCounter = isCounterName(labelValue(series.labels, METRIC_NAME));
  const rollup = rollUp({ startMs, columns, isCounter });
  return rollup ? [rollupRow(series, startMs, rollup)] : [];
}

/** In the table's order the engine need not sort. */
function compareRows(a: RollupRow, b: RollupRow): number {
  if (a.metric !== b.metric) return a.metric < b.metric ? -1 : 1;
  return a.seriesId - b.seriesId || a.blockMs - b.blockMs;
}
