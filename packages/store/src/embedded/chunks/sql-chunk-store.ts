import {
  labelsFromPairs,
  labelValue,
  METRIC_NAME,
  type MetricMetadata,
  type SampleColumns,
  type TimeRange,
} from "@avx/model";
import { floats, stringMaps, uint32s } from "../../engine/block-access.ts";
import type { Engine, InsertBlock } from "../../engine/engine.ts";
import type { NamedColumn } from "../../engine/native-columns.ts";
import type { HeadSeries } from "../../head/head-series.ts";
import type { LabelIndex } from "../../head/label-index.ts";
import { BLOCK_MS, SampleBlock } from "../../head/sample-block.ts";
import { SampleMemory } from "../../head/sample-memory.ts";
import type { WalPosition } from "../../wal/write-ahead-log.ts";
import {
  deleteRows,
  insertTombstones,
  loadTombstones,
  partlyDeleted,
} from "../deletion/tombstone-table.ts";
import { assembleWithout, Tombstones } from "../deletion/tombstones.ts";
import { dropOldPartitions } from "../drop-partitions.ts";
import { lastRollupCut } from "../rollups/rollup-table.ts";
import type { SharedPlace } from "../shared-place.ts";
import { chunkColumns } from "./chunk-columns.ts";
import {
  type BlockStats,
  type Chunk,
  type ChunkStore,
  compareChunks,
  type StoredState,
} from "./chunk-store.ts";
import { insertCuts, loadCuts } from "./cut-table.ts";
import { type ExemplarSnapshot, loadExemplars, storeExemplars } from "./exemplar-table.ts";
import { insertMetadata, loadMetadata } from "./metadata-table.ts";
import { assembleChunks, CHUNK_SELECT, readChunks, type StoredChunk } from "./read-chunks.ts";
import { dropUnusedSeries } from "./unused-series.ts";

/** Above this many ids a query names only the metrics, and other series are left out here. */
const MAX_IDS_IN_QUERY = 2_000;

/** Samples encoded at once: about 10 ms of work. */
const SAMPLES_PER_BLOCK = 200_000;

/** Closed blocks in the engine's tables. */
export class SqlChunkStore implements ChunkStore {
  private readonly engine: Engine;
  private readonly shared: SharedPlace | undefined;
  private nextCut = 1;
  private index: LabelIndex | undefined;
  private tombstones = new Tombstones();

  /** `shared`: the other servers, whose old days go with ours. */
  constructor(engine: Engine, shared?: SharedPlace) {
    this.engine = engine;
    this.shared = shared;
  }

  async load(index: LabelIndex): Promise<StoredState> {
    this.index = index;
    // A series that was forgotten and came back has two ids; only the newer one has samples.
    const series = await this.engine.query(
      "SELECT id, labels FROM avx.series FINAL ORDER BY id DESC",
    );
    for (const block of series) {
      const ids = uint32s(block, "id");
      const labels = stringMaps(block, "labels");
      for (let row = 0; row < block.rows; row++) {
        const known = labelsFromPairs(labels(row));
        if (!index.find(known)) index.add(known, ids[row]).isStored = true;
      }
    }
    this.tombstones = await loadTombstones(this.engine);
    this.nextCut = Math.max(this.tombstones.lastCut, await lastRollupCut(this.engine)) + 1;
    await this.loadBounds(index);
    const blocks = await this.loadBlocks();
    return {
      blocks,
      cuts: await loadCuts(this.engine),
      metadata: await loadMetadata(this.engine),
      exemplars: await loadExemplars(this.engine),
    };
  }

  private async loadBounds(index: LabelIndex): Promise<void> {
    const answer = await this.engine.query(
      `SELECT series, toFloat64(min(block)) AS firstMs, toFloat64(max(block)) AS lastMs,
         max(cut) AS lastCut
       FROM avx.chunks GROUP BY series`,
    );
    for (const block of answer) {
      const ids = uint32s(block, "series");
      const firstMs = floats(block, "firstMs");
      const lastMs = floats(block, "lastMs");
      const lastCut = uint32s(block, "lastCut");
      for (let row = 0; row < block.rows; row++) {
        const all = { startMs: firstMs[row]!, endMs: lastMs[row]! + BLOCK_MS - 1 };
        if (this.tombstones.hides(ids[row]!, all, lastCut[row]!)) continue;
        index.withId(ids[row]!)?.restoreBounds(firstMs[row]!, lastMs[row]!);
      }
    }
  }

  private async loadBlocks(): Promise<Map<number, BlockStats>> {
    const stats = new Map<number, BlockStats>();
    const answer = await this.engine.query(
      `SELECT toFloat64(block) AS blockMs, toFloat64(ceil(count() / uniq(series))) AS n, max(cut) AS lastCut,
         toFloat64(sum(length(jitter))) AS total, toFloat64(max(length(jitter))) AS largest
       FROM avx.chunks GROUP BY block`,
    );
    for (const block of answer) {
      for (let row = 0; row < block.rows; row++) {
        this.nextCut = Math.max(this.nextCut, uint32s(block, "lastCut")[row]! + 1);
        stats.set(floats(block, "blockMs")[row]!, {
          rowsPerSeries: floats(block, "n")[row]!,
          samples: floats(block, "total")[row]!,
          largestChunk: floats(block, "largest")[row]!,
        });
      }
    }
    return stats;
  }

  async insert(chunks: readonly Chunk[], token: string): Promise<void> {
    await this.insertSeries(chunks, token);
    // In the table's order the engine need not sort.
    const blocks = chunkBlocks([...chunks].sort(compareChunks), this.nextCut);
    this.nextCut++;
    await this.engine.insert({ table: "avx.chunks", blocks, token });
  }

  /** Series first: a chunk must never be without its labels. */
  private async insertSeries(chunks: readonly Chunk[], token: string): Promise<void> {
    const fresh = [...new Set(chunks.map(({ series }) => series))].filter((one) => !one.isStored);
    if (fresh.length === 0) return;
    const keys: string[] = [];
    const values: string[] = [];
    const ends: number[] = [];
    for (const { labels } of fresh) {
      for (let i = 0; i < labels.length; i += 2) {
        keys.push(labels[i]!);
        values.push(labels[i + 1]!);
      }
      ends.push(keys.length);
    }
    const ids = Uint32Array.from(fresh, ({ id }) => id);
    const columns: NamedColumn[] = [
      { name: "id", column: { kind: "fixed", type: "UInt32", data: ids } },
      {
        name: "labels",
        column: {
          kind: "map",
          ends,
          keys: { kind: "string", data: keys },
          values: { kind: "string", data: values },
        },
      },
    ];
    await this.engine.insert({
      table: "avx.series",
      blocks: [{ columns, rows: fresh.length }],
      token,
    });
    for (const series of fresh) series.isStored = true;
  }

  async read(
    series: readonly HeadSeries[],
    range: TimeRange,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<HeadSeries, SampleColumns>> {
    const metrics = new Set(series.map(({ labels }) => labelValue(labels, METRIC_NAME)));
    const ids = series.length <= MAX_IDS_IN_QUERY ? series.map(({ id }) => id) : [];
    const answer = await this.engine.queryBulk(
      `SELECT ${CHUNK_SELECT}
       FROM avx.chunks PREWHERE metric IN {metrics:Array(String)}
         AND (empty({ids:Array(UInt32)}) OR series IN {ids:Array(UInt32)})
         AND block > {afterMs:Int64} AND block <= {untilMs:Int64}`,
      {
        metrics: [...metrics],
        ids,
        afterMs: Math.floor(range.startMs) - BLOCK_MS,
        untilMs: Math.ceil(range.endMs),
      },
      signal,
    );
    return this.assembled(new Set(series), readChunks(answer, range));
  }

  private assembled(
    asked: ReadonlySet<HeadSeries>,
    chunks: Iterable<StoredChunk>,
  ): Map<HeadSeries, SampleColumns> {
    const bySeries = new Map<HeadSeries, StoredChunk[]>();
    for (const chunk of chunks) {
      const series = this.index?.withId(chunk.seriesId);
      if (!series || !asked.has(series)) continue;
      const known = bySeries.get(series);
      if (known) known.push(chunk);
      else bySeries.set(series, [chunk]);
    }
    const columns = new Map<HeadSeries, SampleColumns>();
    for (const [series, ofSeries] of bySeries) {
      const deleted = this.tombstones.of(series.id);
      const run = deleted ? assembleWithout(ofSeries, deleted) : assembleChunks(ofSeries);
      if (run) columns.set(series, run);
    }
    return columns;
  }

  recordCuts(blocks: readonly number[], position: WalPosition): Promise<void> {
    return insertCuts(this.engine, blocks, position);
  }

  async addMetadata(metadata: readonly MetricMetadata[]): Promise<void> {
    await insertMetadata(this.engine, metadata, this.nextCut++);
  }

  storeExemplars(snapshot: ExemplarSnapshot): Promise<void> {
    return storeExemplars(this.engine, snapshot);
  }

  async deleteSamples(ids: readonly number[], range: TimeRange): Promise<void> {
    if (ids.length === 0) return;
    const tombstone = { ...range, untilCut: this.nextCut - 1 };
    await insertTombstones(this.engine, ids, tombstone);
    for (const id of ids) this.tombstones.add(id, tombstone);
  }

  /** The number of the last insert; later ones have higher numbers. */
  get lastCut(): number {
    return this.nextCut - 1;
  }

  /** A number of its own for rows of another table. */
  takeCut(): number {
    return this.nextCut++;
  }

  /** What is deleted and not cleaned away. */
  get deleted(): Tombstones {
    return this.tombstones;
  }

  get deletedRanges(): number {
    return this.tombstones.size;
  }

  async cleanTombstones(): Promise<void> {
    if (this.tombstones.size === 0) return;
    for (const [startMs, ids] of await partlyDeleted(this.engine, this.tombstones)) {
      const known = [...ids].flatMap((id) => this.index?.withId(id) ?? []);
      const left = await this.read(known, { startMs, endMs: startMs + BLOCK_MS - 1 });
      const memory = new SampleMemory();
      const chunks = [...left].map(([series, columns]) => {
        const block = new SampleBlock(startMs, memory);
        block.write(columns, 0, columns.values.length);
        return { series, block };
      });
      if (chunks.length > 0) await this.insert(chunks, `clean-${crypto.randomUUID()}`);
    }
    await deleteRows(this.engine, this.tombstones);
    this.tombstones.clear();
  }

  /** Forgets the labels of series that have no row any more. */
  dropUnusedSeries(): Promise<void> {
    return dropUnusedSeries(this.engine, (id) => this.index?.withId(id) !== undefined);
  }

  async dropBefore(beforeMs: number): Promise<void> {
    await dropOldPartitions(this.engine, "chunks", beforeMs);
    await this.shared?.dropBefore("chunks", beforeMs);
  }
}

function* chunkBlocks(chunks: readonly Chunk[], cut: number): Generator<InsertBlock> {
  let from = 0;
  let samples = 0;
  for (let to = 0; to < chunks.length; to++) {
    samples += chunks[to]!.block.length;
    if (samples < SAMPLES_PER_BLOCK && to + 1 < chunks.length) continue;
    const rows = to + 1 - from;
    yield { columns: chunkColumns(chunks.slice(from, to + 1), cut), rows };
    from = to + 1;
    samples = 0;
  }
}
