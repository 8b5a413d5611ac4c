import {
  labelValue,
  METRIC_NAME,
  type MetricMetadata,
  type SampleColumns,
  type TimeRange,
} from "@avx/model";
import type { HeadSeries } from "../../head/head-series.ts";
import type { LabelIndex } from "../../head/label-index.ts";
import type { SampleBlock } from "../../head/sample-block.ts";
import type { WalPosition } from "../../wal/write-ahead-log.ts";
import type { ExemplarSnapshot } from "./exemplar-table.ts";

/** A block of one series on its way into the engine. */
export interface Chunk {
  readonly series: HeadSeries;
  readonly block: SampleBlock;
}

/** The order of the engine's tables: rows that come in it need not be sorted there. */
export function compareChunks(a: Chunk, b: Chunk): number {
  const left = labelValue(a.series.labels, METRIC_NAME);
  const right = labelValue(b.series.labels, METRIC_NAME);
  if (left !== right) return left < right ? -1 : 1;
  return a.series.id - b.series.id || a.block.startMs - b.block.startMs;
}

/** Size of one block over all series, for estimates. */
export interface BlockStats {
  readonly samples: number;
  /** Samples of its largest chunk row. */
  readonly largestChunk: number;
  /** Chunk rows that one series has: more than one after late samples or an early cut. */
  readonly rowsPerSeries: number;
}

/** What the engine holds when the store opens. */
export interface StoredState {
  readonly blocks: ReadonlyMap<number, BlockStats>;
  /** Up to which record of the log the engine has all samples of a block. */
  readonly cuts: ReadonlyMap<number, WalPosition>;
  readonly metadata: readonly MetricMetadata[];
  readonly exemplars: ExemplarSnapshot;
}

/** Columns of an answer, and others with the same samples. */
export interface EqualColumns {
  readonly columns: SampleColumns;
  readonly by: SampleColumns;
}

/** Where closed blocks live: what the metric store asks of the engine. */
export interface ChunkStore {
  /** Puts the engine's series into the index and says what blocks there are. */
  load(index: LabelIndex): Promise<StoredState>;
  /** The chunks are durable when this resolves. The same token twice inserts once. */
  insert(chunks: readonly Chunk[], token: string): Promise<void>;
  /** Samples of the series within the range; series without any are left out. */
  read(
    series: readonly HeadSeries[],
    range: TimeRange,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<HeadSeries, SampleColumns>>;
  /** A cache that holds the columns may keep the equal ones instead, so that memory is used once. */
  replace?(series: HeadSeries, equal: EqualColumns): void;
  recordCuts(blocks: readonly number[], position: WalPosition): Promise<void>;
  addMetadata(metadata: readonly MetricMetadata[]): Promise<void>;
  /** Keeps these exemplars instead of those kept before. */
  storeExemplars(snapshot: ExemplarSnapshot): Promise<void>;
  /** Deletes the samples of the range that were inserted so far; durable when this resolves. */
  deleteSamples(seriesIds: readonly number[], range: TimeRange): Promise<void>;
  /** Deleted ranges whose samples still take space. */
  readonly deletedRanges: number;
  /** Frees that space. No insert must run meanwhile. */
  cleanTombstones(): Promise<void>;
  /** Drops the days that end at or before `beforeMs`. */
  dropBefore(beforeMs: number): Promise<void>;
}
