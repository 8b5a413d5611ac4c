import type { Head } from "../../head/head.ts";
import { BLOCK_MS } from "../../head/sample-block.ts";
import type { WalPosition } from "../../wal/write-ahead-log.ts";
import type { SegmentUsage } from "../sample-log/segment-usage.ts";
import type { BlockStats, Chunk, ChunkStore } from "./chunk-store.ts";

/** A closed block stays this much longer, so that the last hour is always answered from memory. */
export const HEAD_KEEP_MS = 3_600_000;

/** Late samples for a block that was cut already are collected this long: each cut costs an insert. */
const LATE_COLLECT_MS = 15 * 60_000;

/** Samples of one insert: about 50 MB of columns. */
const MAX_INSERT_SAMPLES = 4_000_000;

const DAY_MS = 86_400_000;

/** What the cutter works on. */
export interface CutterParts {
  readonly head: Head;
  readonly chunks: ChunkStore;
  readonly usage: SegmentUsage;
  readonly blocks: Map<number, BlockStats>;
  /** Position of the last log record whose samples are in the head. */
  readonly lastPosition: () => WalPosition;
  readonly nowMs: () => number;
}

/** One insert: chunks of one day, and the token under which a repeat does nothing. */
interface Piece {
  readonly chunks: readonly Chunk[];
  readonly token: string;
}

/** Chunks that left the open part of the head together. */
interface Cut {
  readonly blocks: readonly number[];
  readonly position: WalPosition;
  readonly pieces: Piece[];
}

/** Moves blocks from the head into the engine; until a block is there, the head still answers. */
export class BlockCutter {
  private readonly parts: CutterParts;
  private readonly lastCutMs = new Map<number, number>();
  private readonly unfinished: Cut[] = [];
  private running: Promise<void> = Promise.resolve();

  constructor(parts: CutterParts) {
    this.parts = parts;
  }

  /** The blocks that have been closed for long enough. */
  dueBlocks(): number[] {
    const timeMs = this.parts.nowMs();
    return this.parts.head.openBlockStarts().filter((startMs) => {
      const isClosed = startMs + BLOCK_MS + HEAD_KEEP_MS <= timeMs;
      const lastMs = this.lastCutMs.get(startMs);
      return isClosed && (lastMs === undefined || timeMs - lastMs >= LATE_COLLECT_MS);
    });
  }

  /**
   * Takes the open blocks of these starts into the engine, after what an earlier call could not
   * finish. Rejects when the engine cannot take them; they stay in the head and the next call tries
   * again.
   */
  cut(blocks: readonly number[]): Promise<void> {
    const result = this.running.then(async () => {
      if (blocks.length > 0) this.freeze(blocks);
      await this.finish();
    });
    this.running = result.catch(() => {});
    return result;
  }

  /** Runs `work` while nothing is cut, after what an earlier call could not finish. */
  alone(work: () => Promise<void>): Promise<void> {
    const result = this.running.then(async () => {
      await this.finish();
      await work();
    });
    this.running = result.catch(() => {});
    return result;
  }

  private freeze(blocks: readonly number[]): void {
    const position = this.parts.lastPosition();
    const chunks: Chunk[] = [];
    for (const series of this.parts.head.index.all()) {
      for (const startMs of blocks) {
        const block = series.freeze(startMs);
        if (block) chunks.push({ series, block });
      }
    }
    for (const startMs of blocks) {
      this.lastCutMs.set(startMs, this.parts.nowMs());
      const stats = this.parts.blocks.get(startMs) ?? NO_STATS;
      this.parts.blocks.set(startMs, { ...stats, rowsPerSeries: stats.rowsPerSeries + 1 });
    }
    this.unfinished.push({ blocks, position, pieces: intoPieces(chunks) });
  }

  private async finish(): Promise<void> {
    const { head, chunks, usage } = this.parts;
    for (let cut = this.unfinished[0]; cut; cut = this.unfinished[0]) {
      for (let piece = cut.pieces[0]; piece; piece = cut.pieces[0]) {
        await chunks.insert(piece.chunks, piece.token);
        this.count(piece.chunks);
        for (const { series, block } of piece.chunks) {
          series.noteStored(block.startMs);
          head.forgotten(series.forget(block));
        }
        cut.pieces.shift();
      }
      await chunks.recordCuts(cut.blocks, cut.position);
      for (const startMs of cut.blocks) usage.release(startMs, cut.position);
      this.unfinished.shift();
    }
  }

  private count(chunks: readonly Chunk[]): void {
    const { blocks } = this.parts;
    for (const { block } of chunks) {
      const { samples, largestChunk, rowsPerSeries } = blocks.get(block.startMs) ?? NO_STATS;
      blocks.set(block.startMs, {
        samples: samples + block.length,
        largestChunk: Math.max(largestChunk, block.length),
        rowsPerSeries,
      });
    }
  }
}

const NO_STATS: BlockStats = { samples: 0, largestChunk: 0, rowsPerSeries: 0 };

/** By day, because one insert must be one part. */
function intoPieces(chunks: readonly Chunk[]): Piece[] {
  const days = Map.groupBy(chunks, ({ block }) => Math.floor(block.startMs / DAY_MS));
  const pieces: Piece[] = [];
  for (const ofDay of days.values()) {
    let piece: Chunk[] = [];
    let samples = 0;
    for (const chunk of ofDay) {
      if (samples + chunk.block.length > MAX_INSERT_SAMPLES && piece.length > 0) {
        pieces.push({ chunks: piece, token: crypto.randomUUID() });
        piece = [];
        samples = 0;
      }
      piece.push(chunk);
      samples += chunk.block.length;
    }
    pieces.push({ chunks: piece, token: crypto.randomUUID() });
  }
  return pieces;
}
