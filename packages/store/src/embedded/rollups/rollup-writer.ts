import { labelValue, METRIC_NAME, type SampleColumns } from "@avx/model";
import type { Engine, InsertBlock } from "../../engine/engine.ts";
import type { HeadSeries } from "../../head/head-series.ts";
import { BLOCK_MS } from "../../head/sample-block.ts";
import { type Chunk, type ChunkStore, compareChunks } from "../chunks/chunk-store.ts";
import type { SqlChunkStore } from "../chunks/sql-chunk-store.ts";
import { isCounterName, rollUp } from "./rollup.ts";
import { cleanRollups } from "./rollup-cleaning.ts";
import { type RollupRow, rollupBlocks, rollupRow } from "./rollup-table.ts";

/** Series with late samples whose blocks are read together: at 15 s, 15 MB of samples. */
const LATE_SERIES = 2_000;

/**
 * A chunk store that writes a roll-up beside each chunk. Of a block that is new for its series it is
 * made from the samples at hand; after late samples the whole block is read and rolled up anew. Where
 * nothing expires none is needed, and `isWriting` is false.
 */
export function withRollups(chunks: SqlChunkStore, engine: Engine, isWriting: boolean): ChunkStore {
  const insert: ChunkStore["insert"] = async (inserted, token) => {
    if (!isWriting) return chunks.insert(inserted, token);
    const isLate = ({ series, block }: Chunk): boolean => series.isStoredIn(spanOf(block.startMs));
    const [first, late] = [inserted.filter((chunk) => !isLate(chunk)), inserted.filter(isLate)];
    await chunks.insert(inserted, token);
    await insertRows(rowsOfChunks(first.sort(compareChunks)), `${token}-5m`);
    for (const [startMs, ofBlock] of Map.groupBy(late, ({ block }) => block.startMs)) {
      const series = ofBlock.sort(compareChunks).map((chunk) => chunk.series);
      for (let from = 0; from < series.length; from += LATE_SERIES) {
        const whole = await chunks.read(series.slice(from, from + LATE_SERIES), spanOf(startMs));
        const rows = [...whole].flatMap(([one, columns]) => rowOf(one, startMs, columns));
        await insertRows(rows.sort(compareRows), `${token}-5m-${startMs}-${from}`);
      }
    }
  };
  const insertRows = async (rows: Iterable<RollupRow>, token: string): Promise<void> => {
    const blocks = rollupBlocks(rows, chunks.lastCut);
    const { value } = blocks.next();
    if (value) await engine.insert({ table: "avx.rollups", blocks: led(value, blocks), token });
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

function* led(first: InsertBlock, others: Iterable<InsertBlock>): Generator<InsertBlock> {
  yield first;
  yield* others;
}

function spanOf(startMs: number): { readonly startMs: number; readonly endMs: number } {
  return { startMs, endMs: startMs + BLOCK_MS - 1 };
}

/** One by one: a roll-up of many numbers takes a hundred times the memory of its samples in the head. */
function* rowsOfChunks(chunks: readonly Chunk[]): Generator<RollupRow> {
  for (const { series, block } of chunks) {
    const columns = block.glance();
    if (columns) yield* rowOf(series, block.startMs, columns);
  }
}

function rowOf(series: HeadSeries, startMs: number, columns: SampleColumns): RollupRow[] {
  const isCounter = isCounterName(labelValue(series.labels, METRIC_NAME));
  const rollup = rollUp({ startMs, columns, isCounter });
  return rollup ? [rollupRow(series, startMs, rollup)] : [];
}

/** In the table's order, of one block. */
function compareRows(a: RollupRow, b: RollupRow): number {
  if (a.metric !== b.metric) return a.metric < b.metric ? -1 : 1;
  return a.seriesId - b.seriesId;
}
