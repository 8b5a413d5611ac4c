import type { SampleColumns, TimeRange } from "@avx/model";
import { BlockExtras, type Extra, type ExtraColumns } from "./block-extras.ts";
import { DecodedSamples } from "./decoded-samples.ts";
import {
  appendSample,
  beginCell,
  countOf,
  firstOffsetOf,
  lastDistanceOf,
  lastOffsetOf,
  linkCell,
  loadValue,
  nextCell,
} from "./sample-cell.ts";
import { NO_CELL, positionOf, SampleMemory } from "./sample-memory.ts";

/** Length of a block: what Prometheus calls a head chunk range. Block starts are multiples of it. */
export const BLOCK_MS = 2 * 3_600_000;

/** The start of the block that holds `timestampMs`; also right for negative times. */
export function blockStartOf(timestampMs: number): number {
  return Math.floor(timestampMs / BLOCK_MS) * BLOCK_MS;
}

/** All samples of a block, decoded. */
export interface BlockSamples extends ExtraColumns {
  readonly length: number;
  /** Milliseconds since the start of the block. */
  readonly offsets: Uint32Array;
  readonly values: Float64Array;
}

/** Where a sample that comes late belongs. */
interface Place {
  readonly cell: number;
  /** Samples of the block in the cells before. */
  readonly before: number;
  /** Where the next cell begins. */
  readonly endOffset: number;
}

/** Room for what is decoded; nothing stays in it from one call to the next. */
const decoded = new DecodedSamples();

/**
 * The samples of one series in one 2-hour block, ascending, 2 to 3 bytes each where they are regular:
 * a chain of cells, of which the last one takes what comes next. Histograms and start timestamps cost
 * memory only where present.
 */
export class SampleBlock {
  readonly #memory: SampleMemory;
  /** Counted in blocks: a small integer, which takes no object of its own. */
  readonly #number: number;
  #first = NO_CELL;
  #last = NO_CELL;
  #length = 0;
  #extras: BlockExtras | undefined;

  constructor(startMs: number, memory = new SampleMemory()) {
    this.#memory = memory;
    this.#number = startMs / BLOCK_MS;
  }

  get startMs(): number {
    return this.#number * BLOCK_MS;
  }

  get length(): number {
    return this.#length;
  }

  /** -Infinity without samples. */
  get lastMs(): number {
    if (this.#last === NO_CELL) return -Infinity;
    return this.startMs + lastOffsetOf(this.#memory.slabOf(this.#last), positionOf(this.#last));
  }

  /** Infinity without samples. */
  get firstMs(): number {
    if (this.#first === NO_CELL) return Infinity;
    return this.startMs + firstOffsetOf(this.#memory.slabOf(this.#first), positionOf(this.#first));
  }

  /** Whether any sample is a histogram or has a start timestamp. */
  get hasExtras(): boolean {
    return this.#extras !== undefined;
  }

  /**
   * Takes the samples `from..to` (exclusive) of `columns`, which ascend and lie in this block.
   * An equal timestamp replaces the earlier sample. Returns how many samples are new.
   */
  write(columns: SampleColumns, from: number, to: number): number {
    if (columns.timestampsMs[from]! <= this.lastMs) return this.#insert(columns, from, to);
    const { timestampsMs, values } = columns;
    const { startMs } = this;
    for (let i = from; i < to; i++) {
      loadValue(values, i);
      this.#append(timestampsMs[i]! - startMs);
    }
    if (this.#extras || columns.histograms || columns.startTimestampsMs) {
      for (let i = from; i < to; i++) this.#appendExtra(extraOf(columns, i), i - from);
    }
    this.#length += to - from;
    return to - from;
  }

  /** Appends the loaded value. */
  #append(offset: number): void {
    const last = this.#last;
    if (last !== NO_CELL && appendSample(this.#memory.slabOf(last), positionOf(last), offset))
      return;
    const cell = this.#cellBehind(last, offset);
    if (last === NO_CELL) this.#first = cell;
    appendSample(this.#memory.slabOf(cell), positionOf(cell), offset);
  }

  /** A new cell in the chain; its first sample will be at `offset`. */
  #cellBehind(cell: number, offset: number): number {
    const memory = this.#memory;
    const added = memory.take();
    const at = positionOf(added);
    const slab = memory.slabOf(added);
    if (cell === NO_CELL) beginCell(slab, at, { offset, distance: 0 });
    else {
      const before = memory.slabOf(cell);
      beginCell(slab, at, { offset, distance: lastDistanceOf(before, positionOf(cell)) });
      linkCell(slab, at, nextCell(before, positionOf(cell)));
      linkCell(before, positionOf(cell), added);
    }
    if (cell === this.#last) this.#last = added;
    return added;
  }

  #appendExtra(extra: Extra, behind: number): void {
    if (extra.histogram || extra.startMs !== 0) {
      this.#extras ??= new BlockExtras(this.#length + behind);
    }
    this.#extras?.append(extra);
  }

  /** The first of the samples is not behind all others. */
  #insert(columns: SampleColumns, from: number, to: number): number {
    const lengthBefore = this.#length;
    const { startMs } = this;
    for (let i = from; i < to; ) {
      const { cell, before, endOffset } = this.#placeOf(columns.timestampsMs[i]! - startMs);
      decoded.clear();
      decoded.add(this.#memory.slabOf(cell), positionOf(cell));
      for (; i < to && columns.timestampsMs[i]! - startMs < endOffset; i++) {
        const { at, isNew } = decoded.insert(columns.timestampsMs[i]! - startMs, columns.values, i);
        const extra = extraOf(columns, i);
        if (extra.histogram || extra.startMs !== 0) this.#extras ??= new BlockExtras(this.#length);
        if (isNew) this.#extras?.insert(before + at, extra);
        else this.#extras?.replace(before + at, extra);
        if (isNew) this.#length++;
      }
      this.#rewrite(cell, 0, decoded.length);
    }
    return this.#length - lengthBefore;
  }

  #placeOf(offset: number): Place {
    const memory = this.#memory;
    let cell = this.#first;
    let before = 0;
    for (;;) {
      const slab = memory.slabOf(cell);
      const next = nextCell(slab, positionOf(cell));
      if (next === NO_CELL) return { cell, before, endOffset: Infinity };
      const endOffset = firstOffsetOf(memory.slabOf(next), positionOf(next));
      if (offset < endOffset) return { cell, before, endOffset };
      before += countOf(slab, positionOf(cell));
      cell = next;
    }
  }

  /**
   * Puts the decoded samples `from..to` into a cell, and into new ones behind it when they are too
   * many: in halves, so that the next late samples find room.
   */
  #rewrite(cell: number, from: number, to: number): void {
    const slab = this.#memory.slabOf(cell);
    const at = positionOf(cell);
    const next = nextCell(slab, at);
    const { offsets, values } = decoded;
    beginCell(slab, at, { offset: offsets[from]!, distance: 0 });
    linkCell(slab, at, next);
    for (let i = from; i < to; i++) {
      loadValue(values, i);
      if (appendSample(slab, at, offsets[i]!)) continue;
      const middle = (from + to) >> 1;
      const added = this.#cellBehind(cell, offsets[middle]!);
      this.#rewrite(cell, from, middle);
      this.#rewrite(added, middle, to);
      return;
    }
  }

  /** Decodes the cells that have samples from one offset to another; returns how many lie before them. */
  #decode(fromOffset: number, toOffset: number): number {
    const memory = this.#memory;
    let skipped = 0;
    decoded.clear();
    for (let cell = this.#first; cell !== NO_CELL; ) {
      const slab = memory.slabOf(cell);
      const at = positionOf(cell);
      if (firstOffsetOf(slab, at) > toOffset) break;
      if (lastOffsetOf(slab, at) < fromOffset) skipped += countOf(slab, at);
      else decoded.add(slab, at);
      cell = nextCell(slab, at);
    }
    return skipped;
  }

  /** A copy of the samples within the inclusive range, `undefined` when there is none. */
  read(range: TimeRange): SampleColumns | undefined {
    const { startMs } = this;
    const skipped = this.#decode(range.startMs - startMs, range.endMs - startMs);
    const from = decoded.lowerBound(range.startMs - startMs);
    const to = decoded.lowerBound(range.endMs - startMs + 0.5);
    if (from >= to) return undefined;
    const timestampsMs = decoded.offsets.slice(from, to);
    for (let i = 0; i < timestampsMs.length; i++) timestampsMs[i]! += startMs;
    const values = decoded.values.slice(from, to);
    return { timestampsMs, values, ...this.#extras?.within(skipped + from, skipped + to) };
  }

  /** A copy of all samples, in `room` when there is one: arrays of the block's length. */
  samples(room?: Pick<BlockSamples, "offsets" | "values">): BlockSamples {
    this.#decode(-Infinity, Infinity);
    const { length } = decoded;
    const offsets = room?.offsets ?? new Uint32Array(length);
    const values = room?.values ?? new Float64Array(length);
    offsets.set(decoded.offsets.subarray(0, length));
    values.set(decoded.values.subarray(0, length));
    return { length, offsets, values, ...this.#extras?.within(0, length) };
  }

  /**
   * All samples, without a copy: they are gone at the next read or write of any block. `undefined`
   * when there is none.
   */
  glance(): SampleColumns | undefined {
    this.#decode(-Infinity, Infinity);
    const { length } = decoded;
    if (length === 0) return undefined;
    const timestampsMs = decoded.offsets.subarray(0, length);
    for (let i = 0; i < length; i++) timestampsMs[i]! += this.startMs;
    const values = decoded.values.subarray(0, length);
    return { timestampsMs, values, ...this.#extras?.within(0, length) };
  }

  /** Gives the memory back: the block is empty then. */
  release(): void {
    for (let cell = this.#first; cell !== NO_CELL; ) {
      const next = nextCell(this.#memory.slabOf(cell), positionOf(cell));
      this.#memory.give(cell);
      cell = next;
    }
    this.#first = NO_CELL;
    this.#last = NO_CELL;
    this.#length = 0;
    this.#extras = undefined;
  }
}

function extraOf({ histograms, startTimestampsMs }: SampleColumns, i: number): Extra {
  return { histogram: histograms?.[i], startMs: startTimestampsMs?.[i] ?? 0 };
}
