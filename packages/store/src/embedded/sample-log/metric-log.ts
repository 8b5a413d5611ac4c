import type { MetricMetadata } from "@avx/model";
import type { ExemplarRing } from "../../head/exemplar-ring.ts";
import type { Head } from "../../head/head.ts";
import type { HeadSeries } from "../../head/head-series.ts";
import type { MetadataBook } from "../../head/metadata-book.ts";
import { BLOCK_MS, blockStartOf } from "../../head/sample-block.ts";
import type { WalFileSystem } from "../../wal/wal-file-system.ts";
import { segmentOf, type WalPosition, WriteAheadLog } from "../../wal/write-ahead-log.ts";
import {
  decodeMetricRecord,
  encodeMetricRecord,
  type MetricRecord,
  type MetricRecordVisitor,
} from "./metric-record.ts";
import { EXEMPLAR_BLOCK, METADATA_BLOCK, type SegmentUsage } from "./segment-usage.ts";

/** Buffers for records under way: their number follows the requests that wait for one sync. */
const MAX_BUFFERS = 8;
const FIRST_BUFFER_BYTES = 256 * 1024;
const MAX_BUFFER_BYTES = 4 * 1024 * 1024;

/** What the log reads into when it opens. */
export interface MetricLogParts {
  readonly dir: string;
  readonly fileSystem: WalFileSystem;
  readonly log: (line: string) => void;
  readonly head: Head;
  readonly book: MetadataBook;
  readonly ring: ExemplarRing;
  readonly usage: SegmentUsage;
  /** Metadata of the log that the engine does not have. */
  readonly onRestoredMetadata: (metadata: readonly MetricMetadata[]) => void;
  /** Up to which record the engine has all samples of a block: those are not replayed. */
  readonly cuts: ReadonlyMap<number, WalPosition>;
  /** Up to which record the engine has the exemplars. */
  readonly exemplarPosition: WalPosition;
}

/** The log of metric records: what is in it and not in the engine is in the head. */
export class MetricLog {
  private readonly parts: MetricLogParts;
  private readonly wal: WriteAheadLog;
  private readonly freeBuffers: ArrayBuffer[] = [];
  /** Of the last record whose samples are in the head. */
  lastPosition: WalPosition;

  private constructor(parts: MetricLogParts, wal: WriteAheadLog, lastPosition: WalPosition) {
    this.parts = parts;
    this.wal = wal;
    this.lastPosition = lastPosition;
  }

  /** Brings the records of the log into the head. */
  static async open(parts: MetricLogParts): Promise<MetricLog> {
    const { dir, fileSystem, log, cuts } = parts;
    const lastCut = Math.max(0, parts.exemplarPosition, ...cuts.values());
    const replayer = new Replayer(parts);
    const wal = await WriteAheadLog.open({
      dir,
      fileSystem,
      log,
      firstSegment: segmentOf(lastCut) + 1,
      replay: (payload, position) => replayer.replay(payload, position),
    });
    return new MetricLog(parts, wal, Math.max(lastCut, replayer.lastPosition));
  }

  /** Resolves when the record is durable; its samples are in the head then. */
  async append(record: MetricRecord): Promise<void> {
    const { head, usage, ring } = this.parts;
    const buffer = this.freeBuffers.pop() ?? new ArrayBuffer(FIRST_BUFFER_BYTES);
    const payload = encodeMetricRecord(record, this.wal.segment, buffer);
    const appended = this.wal.append(payload, (position) => {
      head.write(record.taken);
      this.lastPosition = position;
      touchBlocks(record, usage, position);
      if (record.metadata.length > 0) usage.touch(METADATA_BLOCK, position);
      if (record.exemplars.length > 0) usage.touch(EXEMPLAR_BLOCK, position);
      ring.add(record.exemplars);
    });
    await appended.finally(() => this.recycle(payload.buffer));
  }

  /** Fresh memory costs more than the copy into it: a few buffers serve all appends. */
  private recycle(buffer: ArrayBufferLike): void {
    const isKept = buffer.byteLength <= MAX_BUFFER_BYTES && this.freeBuffers.length < MAX_BUFFERS;
    if (isKept && buffer instanceof ArrayBuffer) this.freeBuffers.push(buffer);
  }

  /** What a start would have to read. */
  get bytes(): number {
    return this.wal.bytes;
  }

  /** Deletes the segments whose blocks are all in the engine. */
  async deleteFreeSegments(): Promise<void> {
    await this.wal.deleteSegments((segment) => this.parts.usage.isFree(segment));
  }

  /** Lets the next append begin a new segment, so that the present one can be deleted. */
  rotate(): void {
    this.wal.rotate();
  }

  close(): Promise<void> {
    return this.wal.close();
  }
}

/** Most runs of a record lie in one block: each change of block is noted, not each run. */
function touchBlocks({ taken }: MetricRecord, usage: SegmentUsage, position: WalPosition): void {
  for (const blockMs of taken.steady?.blocks ?? []) usage.touch(blockMs, position);
  let blockMs = Number.NaN;
  for (const { columns, from } of taken.runs) {
    const timeMs = columns.timestampsMs[from]!;
    if (timeMs >= blockMs && timeMs < blockMs + BLOCK_MS) continue;
    blockMs = blockStartOf(timeMs);
    usage.touch(blockMs, position);
  }
}

/** Turns records back into samples of the head. Ids of a log are its own: labels decide. */
class Replayer {
  private readonly parts: MetricLogParts;
  private segment = 0;
  /** By id; ids are small numbers without many gaps. */
  private seriesOfId: HeadSeries[] = [];
  lastPosition: WalPosition = 0;

  constructor(parts: MetricLogParts) {
    this.parts = parts;
  }

  replay(payload: Buffer, position: WalPosition): void {
    const { head, book, ring, usage, exemplarPosition } = this.parts;
    if (segmentOf(position) !== this.segment) {
      this.segment = segmentOf(position);
      this.seriesOfId = [];
    }
    this.lastPosition = position;
    const { seriesOfId } = this;
    decodeMetricRecord(payload, {
      define: (id, labels) => {
        seriesOfId[id] = head.index.find(labels) ?? head.index.add(labels);
      },
      run: this.runReader(position),
      rest: (metadata, exemplars) => {
        const news = book.add(metadata);
        this.parts.onRestoredMetadata(news);
        if (news.length > 0) usage.touch(METADATA_BLOCK, position);
        if (exemplars.length === 0 || position <= exemplarPosition) return;
        ring.add(exemplars);
        usage.touch(EXEMPLAR_BLOCK, position);
      },
    });
  }

  /** What takes the runs of one record: what it knows of a block serves all runs that lie in it. */
  private runReader(position: WalPosition): MetricRecordVisitor["run"] {
    const { head, usage, cuts } = this.parts;
    const { seriesOfId } = this;
    let blockMs = Number.NaN;
    let isStored = false;
    let isTouched = false;
    return (id, columns, { from, to }) => {
      const firstMs = columns.timestampsMs[from]!;
      if (!(firstMs >= blockMs && firstMs < blockMs + BLOCK_MS)) {
        blockMs = blockStartOf(firstMs);
        isStored = (cuts.get(blockMs) ?? -1) >= position;
        isTouched = false;
      }
      const series = seriesOfId[id];
      if (!series || isStored) return;
      head.restore({ series, columns, from, to });
      if (!isTouched) usage.touch(blockMs, position);
      isTouched = true;
    };
  }
}
