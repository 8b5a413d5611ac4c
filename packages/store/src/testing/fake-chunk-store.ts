import {
  type Labels,
  labelsKey,
  type MetricMetadata,
  type SampleColumns,
  type TimeRange,
} from "@avx/model";
import type { BlockStats, Chunk, ChunkStore, StoredState } from "../embedded/chunks/chunk-store.ts";
import type { ExemplarSnapshot } from "../embedded/chunks/exemplar-table.ts";
import type { HeadSeries } from "../head/head-series.ts";
import type { LabelIndex } from "../head/label-index.ts";
import { mergeColumns } from "../head/merge-columns.ts";
import { BLOCK_MS } from "../head/sample-block.ts";
import type { WalPosition } from "../wal/write-ahead-log.ts";

const ALL: TimeRange = { startMs: -Infinity, endMs: Infinity };

interface FakeChunk {
  readonly id: number;
  readonly blockMs: number;
  readonly columns: SampleColumns;
}

function without({ timestampsMs, values }: SampleColumns, range: TimeRange): SampleColumns {
  const isLeft = (_: number, i: number): boolean =>
    timestampsMs[i]! < range.startMs || timestampsMs[i]! > range.endMs;
  return { timestampsMs: timestampsMs.filter(isLeft), values: values.filter(isLeft) };
}

/** An engine in memory whose data outlives its users, and whose calls can fail. */
export class FakeChunkStore implements ChunkStore {
  private readonly series = new Map<number, Labels>();
  private readonly chunks: FakeChunk[] = [];
  private readonly cuts = new Map<number, WalPosition>();
  private readonly metadata: MetricMetadata[] = [];
  private exemplars: ExemplarSnapshot = { exemplars: [], position: 0 };
  private readonly tokens = new Set<string>();
  /** Asked at each call: fail before anything is done, after all is done (a lost answer), or not. */
  fault: () => "before" | "after" | undefined = () => undefined;

  private async faulty(work: () => void): Promise<void> {
    const fault = this.fault();
    if (fault === "before") throw new Error("simulated engine failure");
    work();
    if (fault === "after") throw new Error("simulated lost answer");
  }

  async load(index: LabelIndex): Promise<StoredState> {
    for (const [id, labels] of this.series) index.add(labels, id).isStored = true;
    const blocks = new Map<number, BlockStats>();
    for (const { id, blockMs } of this.chunks) {
      index.withId(id)?.restoreBounds(blockMs, blockMs);
      blocks.set(blockMs, { samples: 1, largestChunk: 1, rowsPerSeries: 1 });
    }
    const cuts = new Map(this.cuts);
    return { blocks, cuts, metadata: this.metadata, exemplars: this.exemplars };
  }

  insert(chunks: readonly Chunk[], token: string): Promise<void> {
    return this.faulty(() => {
      if (this.tokens.has(token)) return;
      this.tokens.add(token);
      for (const { series, block } of chunks) {
        const known = this.series.get(series.id);
        if (known && labelsKey(known) !== labelsKey(series.labels)) {
          throw new Error(`series id ${series.id} is used twice`);
        }
        this.series.set(series.id, series.labels);
        const columns = block.read(ALL);
        if (columns) this.chunks.push({ id: series.id, blockMs: block.startMs, columns });
      }
      for (const { series } of chunks) series.isStored = true;
    });
  }

  async read(
    series: readonly HeadSeries[],
    range: TimeRange,
  ): Promise<ReadonlyMap<HeadSeries, SampleColumns>> {
    const parts = new Map<HeadSeries, SampleColumns>();
    for (const one of series) {
      const ofSeries = this.chunks
        .filter(({ id, blockMs }) => id === one.id && blockMs <= range.endMs)
        .filter(({ blockMs }) => blockMs + BLOCK_MS > range.startMs)
        .map(({ columns }) => columns);
      if (ofSeries.length > 0) parts.set(one, mergeColumns(ofSeries));
    }
    return parts;
  }

  recordCuts(blocks: readonly number[], position: WalPosition): Promise<void> {
    return this.faulty(() => {
      for (const blockMs of blocks) this.cuts.set(blockMs, position);
    });
  }

  addMetadata(metadata: readonly MetricMetadata[]): Promise<void> {
    return this.faulty(() => {
      this.metadata.push(...metadata);
    });
  }

  storeExemplars(snapshot: ExemplarSnapshot): Promise<void> {
    return this.faulty(() => {
      this.exemplars = snapshot;
    });
  }

  readonly deletedRanges = 0;

  /** Really deletes, at once. */
  deleteSamples(seriesIds: readonly number[], range: TimeRange): Promise<void> {
    return this.faulty(() => {
      const ids = new Set(seriesIds);
      const chunks = this.chunks.splice(0);
      for (const chunk of chunks) {
        this.chunks.push(
          ids.has(chunk.id) ? { ...chunk, columns: without(chunk.columns, range) } : chunk,
        );
      }
    });
  }

  async cleanTombstones(): Promise<void> {}

  async dropBefore(): Promise<void> {}
}
