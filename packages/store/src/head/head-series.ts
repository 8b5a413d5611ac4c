import type { Labels, SampleColumns, TimeRange } from "@avx/model";
import { mergeColumns } from "./merge-columns.ts";
import { BLOCK_MS, blockStartOf, SampleBlock } from "./sample-block.ts";
import { SampleMemory } from "./sample-memory.ts";

/** Most series have one open block and no frozen one: lists are as long as they must be. */
const NO_BLOCKS: readonly SampleBlock[] = [];

/** One series of the head: its identity and its blocks, ascending by start. */
export class HeadSeries {
  readonly id: number;
  readonly labels: Labels;
  /** Blocks that take samples. */
  open = NO_BLOCKS;
  /** Blocks on their way into the engine: still read, written no more. */
  frozen = NO_BLOCKS;
  /** Bounds of all samples ever seen of the series, those already in the engine included. */
  oldestMs = Infinity;
  newestMs = -Infinity;
  /** Bounds of the samples that are in the engine, in whole blocks. */
  storedOldestMs = Infinity;
  storedNewestMs = -Infinity;
  /** The segment of the write-ahead log that last defined this series; 0 = none. */
  definedInSegment = 0;
  /** Admitted runs that are not written yet: the series must not be forgotten meanwhile. */
  runsUnderWay = 0;
  /** Grows with every change of what a read may find: what was read before is then outdated. */
  revision = 0;
  /** Grows with every such change but for samples that come behind all others of the head. */
  layout = 0;
  /** Whether the engine's table of series has it. */
  isStored = false;
  readonly #memory: SampleMemory;

  /** `memory` takes the samples: one for all series of a head. */
  constructor(id: number, labels: Labels, memory = new SampleMemory()) {
    this.id = id;
    this.labels = labels;
    this.#memory = memory;
  }

  /** Takes `from..to` of the columns; they ascend and lie in one block. Returns the new ones. */
  write(columns: SampleColumns, from: number, to: number): number {
    this.revision++;
    const firstMs = columns.timestampsMs[from]!;
    const lastMs = columns.timestampsMs[to - 1]!;
    if (firstMs < this.oldestMs) this.oldestMs = firstMs;
    if (lastMs > this.newestMs) this.newestMs = lastMs;
    const block = this.blockAt(firstMs);
    if (!this.isBehindAll(firstMs, block)) this.layout++;
    return block.write(columns, from, to);
  }

  /** Whether a sample that goes into this block is later than all that are in the head. */
  private isBehindAll(timestampMs: number, block: SampleBlock): boolean {
    if (block !== this.open.at(-1) || timestampMs <= block.lastMs) return false;
    if (this.open.length === 1 && this.frozen.length === 0) return true;
    if (this.frozen.some(({ lastMs }) => lastMs >= timestampMs)) return false;
    return block.length > 0 || this.open.every(({ lastMs }) => lastMs < timestampMs);
  }

  /** Whether any sample in the head is a histogram or has a start timestamp. */
  get hasExtras(): boolean {
    const has = ({ hasExtras }: SampleBlock): boolean => hasExtras;
    return this.open.some(has) || this.frozen.some(has);
  }

  private blockAt(timestampMs: number): SampleBlock {
    const { open } = this;
    let i = open.length - 1;
    const newest = open[i];
    const offsetMs = newest ? timestampMs - newest.startMs : -1;
    if (newest && offsetMs >= 0 && offsetMs < BLOCK_MS) return newest;
    const startMs = blockStartOf(timestampMs);
    while (i >= 0 && open[i]!.startMs > startMs) i--;
    const found = open[i];
    if (found?.startMs === startMs) return found;
    const block = new SampleBlock(startMs, this.#memory);
    this.open = open.toSpliced(i + 1, 0, block);
    return block;
  }

  /** The newest sample that is in an open block, -Infinity without any. */
  get lastOpenMs(): number {
    const newest = this.open[this.open.length - 1];
    return newest ? newest.lastMs : -Infinity;
  }

  get sampleCount(): number {
    let count = 0;
    for (const block of this.open) count += block.length;
    for (const block of this.frozen) count += block.length;
    return count;
  }

  /** Samples within the inclusive range that are in the head; empty list when there are none. */
  readParts(range: TimeRange): SampleColumns[] {
    const parts: SampleColumns[] = [];
    for (const blocks of [this.frozen, this.open]) {
      for (const block of blocks) {
        if (block.startMs > range.endMs || block.startMs + BLOCK_MS <= range.startMs) continue;
        const part = block.read(range);
        if (part) parts.push(part);
      }
    }
    return parts;
  }

  /** The head's samples within the range as one run, `undefined` when there are none. */
  read(range: TimeRange): SampleColumns | undefined {
    const parts = this.readParts(range);
    return parts.length === 0 ? undefined : mergeColumns(parts);
  }

  /** Notes that the engine has samples of the block that begins at `startMs`. */
  noteStored(startMs: number): void {
    const endMs = startMs + BLOCK_MS - 1;
    this.revision++;
    this.layout++;
    this.isStored = true;
    this.storedOldestMs = Math.min(this.storedOldestMs, startMs);
    this.storedNewestMs = Math.max(this.storedNewestMs, endMs);
  }

  /** Takes the bounds from the engine's blocks, at start: whole blocks, so a little too wide. */
  restoreBounds(firstBlockMs: number, lastBlockMs: number): void {
    this.noteStored(firstBlockMs);
    this.noteStored(lastBlockMs);
    this.oldestMs = Math.min(this.oldestMs, firstBlockMs);
    this.newestMs = Math.max(this.newestMs, lastBlockMs + BLOCK_MS - 1);
  }

  /** Whether the engine may have samples within the range. */
  isStoredIn(range: TimeRange): boolean {
    return this.storedOldestMs <= range.endMs && this.storedNewestMs >= range.startMs;
  }

  overlaps(range: TimeRange): boolean {
    return this.oldestMs <= range.endMs && this.newestMs >= range.startMs;
  }

  /** Removes the open blocks that end at or before `beforeMs`; returns how many samples went. */
  dropBefore(beforeMs: number): number {
    let dropped = 0;
    this.revision++;
    this.layout++;
    const first = this.open.findIndex(({ startMs }) => startMs + BLOCK_MS > beforeMs);
    const expired = first < 0 ? this.open : this.open.slice(0, first);
    if (expired.length > 0) this.open = this.open.slice(expired.length);
    for (const block of expired) {
      dropped += block.length;
      block.release();
    }
    if (beforeMs > this.oldestMs) this.oldestMs = Math.min(beforeMs, this.newestMs + 1);
    return dropped;
  }

  /** Moves the open block of `startMs` to the frozen ones; `undefined` when there is none. */
  freeze(startMs: number): SampleBlock | undefined {
    const at = this.open.findIndex((block) => block.startMs === startMs);
    if (at < 0) return undefined;
    this.revision++;
    this.layout++;
    const block = this.open[at]!;
    this.open = this.open.toSpliced(at, 1);
    this.frozen = [...this.frozen, block];
    return block;
  }

  /** Forgets a frozen block, once the engine has it; returns its samples' count. It is empty then. */
  forget(block: SampleBlock): number {
    const at = this.frozen.indexOf(block);
    if (at < 0) return 0;
    this.revision++;
    this.layout++;
    this.frozen = this.frozen.length === 1 ? NO_BLOCKS : this.frozen.toSpliced(at, 1);
    const { length } = block;
    block.release();
    return length;
  }
}
