import type { NativeHistogram, SampleColumns, TimeRange } from "@avx/model";
import { withStoredHint } from "@avx/promql";

/** Length of a block: what Prometheus calls a head chunk range. Block starts are multiples of it. */
export const BLOCK_MS = 2 * 3_600_000;

/** Samples for which a new block has room; it doubles from here. */
const FIRST_CAPACITY = 8;

/** From this length on one bulk copy is faster than a loop. */
const BULK_COPY_SAMPLES = 32;

/** The start of the block that holds `timestampMs`; also right for negative times. */
export function blockStartOf(timestampMs: number): number {
  return Math.floor(timestampMs / BLOCK_MS) * BLOCK_MS;
}

/**
 * The samples of one series in one 2-hour block, ascending, 12 bytes each: the time is kept as an
 * offset from the block's start. Histograms and start timestamps cost memory only where present.
 */
export class SampleBlock {
  readonly startMs: number;
  length = 0;
  offsets: Uint32Array;
  values: Float64Array;
  histograms: (NativeHistogram | undefined)[] | undefined;
  startTimestampsMs: Float64Array | undefined;

  constructor(startMs: number, capacity = FIRST_CAPACITY) {
    this.startMs = startMs;
    this.offsets = new Uint32Array(capacity);
    this.values = new Float64Array(capacity);
  }

  get lastMs(): number {
    return this.length === 0 ? -Infinity : this.startMs + this.offsets[this.length - 1]!;
  }

  get firstMs(): number {
    return this.length === 0 ? Infinity : this.startMs + this.offsets[0]!;
  }

  /**
   * Takes the samples `from..to` (exclusive) of `columns`, which ascend and lie in this block.
   * An equal timestamp replaces the earlier sample. Returns how many samples are new.
   */
  write(columns: SampleColumns, from: number, to: number): number {
    if (columns.timestampsMs[from]! > this.lastMs) {
      this.append(columns, from, to);
      return to - from;
    }
    let added = 0;
    for (let i = from; i < to; i++) added += this.insert(columns, i);
    return added;
  }

  private append(columns: SampleColumns, from: number, to: number): void {
    const at = this.length;
    this.reserve(at + to - from);
    const { timestampsMs, values } = columns;
    for (let i = from, k = at; i < to; i++, k++) this.offsets[k] = timestampsMs[i]! - this.startMs;
    this.appendValues(values, from, to);
    this.length = at + to - from;
    if (columns.histograms || columns.startTimestampsMs) {
      for (let i = from; i < to; i++) this.writeExtras(columns, i, at + i - from);
    }
  }

  /**
   * Copies values behind the last without touching their bits: a loop may turn the stale marker (a
   * signalling NaN) into an ordinary one, so a NaN goes through a bulk copy, which moves bytes.
   */
  private appendValues(source: Float64Array, from: number, to: number): void {
    const { values, length } = this;
    if (to - from >= BULK_COPY_SAMPLES) {
      values.set(source.subarray(from, to), length);
      return;
    }
    for (let i = from, k = length; i < to; i++, k++) {
      const value = source[i]!;
      if (Number.isNaN(value)) values.set(source.subarray(i, i + 1), k);
      else values[k] = value;
    }
  }

  /** Returns 1 for a new sample, 0 for one that replaced another. */
  private insert(columns: SampleColumns, i: number): number {
    const offset = columns.timestampsMs[i]! - this.startMs;
    const at = this.lowerBound(offset);
    const isNew = at === this.length || this.offsets[at] !== offset;
    if (isNew) this.openGap(at);
    this.offsets[at] = offset;
    this.values.set(columns.values.subarray(i, i + 1), at);
    this.writeExtras(columns, i, at);
    return isNew ? 1 : 0;
  }

  private openGap(at: number): void {
    this.reserve(this.length + 1);
    this.offsets.copyWithin(at + 1, at, this.length);
    this.values.copyWithin(at + 1, at, this.length);
    this.startTimestampsMs?.copyWithin(at + 1, at, this.length);
    this.histograms?.splice(at, 0, undefined);
    this.length++;
  }

  private writeExtras(columns: SampleColumns, i: number, at: number): void {
    const histogram = columns.histograms?.[i];
    if (histogram && !this.histograms) this.histograms = new Array(this.length).fill(undefined);
    if (this.histograms) this.writeHistogram(this.histograms, histogram, at);
    const startMs = columns.startTimestampsMs?.[i] ?? 0;
    if (startMs !== 0 && !this.startTimestampsMs) {
      this.startTimestampsMs = new Float64Array(this.values.length);
    }
    if (this.startTimestampsMs) this.startTimestampsMs[at] = startMs;
  }

  /** Says of the histogram, and of one behind it, whether the count goes on from the one before. */
  private writeHistogram(
    histograms: (NativeHistogram | undefined)[],
    histogram: NativeHistogram | undefined,
    at: number,
  ): void {
    histograms[at] = histogram && withStoredHint(histogram, histograms[at - 1]);
    const next = at + 1 < this.length ? histograms[at + 1] : undefined;
    if (next) histograms[at + 1] = withStoredHint(next, histograms[at]);
  }

  private reserve(needed: number): void {
    if (needed <= this.values.length) return;
    const capacity = Math.max(needed, this.values.length * 2);
    this.offsets = grown(this.offsets, new Uint32Array(capacity));
    this.values = grown(this.values, new Float64Array(capacity));
    if (this.startTimestampsMs) {
      this.startTimestampsMs = grown(this.startTimestampsMs, new Float64Array(capacity));
    }
  }

  /** Index of the first sample whose offset is at least `offset`. */
  lowerBound(offset: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.offsets[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** A copy of the samples within the inclusive range, `undefined` when there is none. */
  read(range: TimeRange): SampleColumns | undefined {
    const from = this.lowerBound(range.startMs - this.startMs);
    const to = this.lowerBound(range.endMs - this.startMs + 0.5);
    if (from >= to) return undefined;
    const timestampsMs = new Float64Array(to - from);
    for (let i = from; i < to; i++) timestampsMs[i - from] = this.startMs + this.offsets[i]!;
    return {
      timestampsMs,
      values: this.values.slice(from, to),
      ...(this.histograms ? { histograms: this.histograms.slice(from, to) } : {}),
      ...(this.startTimestampsMs
        ? { startTimestampsMs: this.startTimestampsMs.slice(from, to) }
        : {}),
    };
  }
}

function grown<T extends Uint32Array | Float64Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
