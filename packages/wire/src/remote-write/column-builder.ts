import type {
  LabelledSeries,
  Labels,
  NativeHistogram,
  PackedSeries,
  SampleColumns,
} from "@avx/model";
import {
  MIN_PLAIN_BYTES,
  PLAIN_VALUE_OFFSET,
  plainSampleBytes,
  plainTimestampMs,
} from "./plain-sample.ts";

const INITIAL_SAMPLES = 1024;
const INITIAL_SERIES = 256;

/** What a request brings, as the store takes it. */
export interface CollectedSeries {
  /** Series of plain samples, ascending in time. */
  readonly packed: PackedSeries;
  /** Series with histograms, with start times, or that came out of order. */
  readonly series: readonly LabelledSeries[];
}

/**
 * Collects the samples of a whole request, one series after the other, in two columns that all
 * plain series share: two small arrays a series would cost more than decoding it. Values are
 * written as bits, so that stale markers stay exact.
 */
export class ColumnBuilder {
  #timestampsMs = new Float64Array(INITIAL_SAMPLES);
  #values = new Float64Array(INITIAL_SAMPLES);
  #words = new Uint32Array(this.#values.buffer);
  readonly #labels: Labels[] = [];
  #ends = new Uint32Array(INITIAL_SERIES);
  readonly #series: LabelledSeries[] = [];
  #histograms: (NativeHistogram | undefined)[] | undefined;
  #startsMs: number[] | undefined;
  #start = 0;
  #end = 0;
  #isAscending = true;

  /** Samples of the series under way. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Index of the next sample's value in `words()`. */
  get index(): number {
    return this.#end;
  }

  /** All values as 32-bit words, for writing the next value before `push`. */
  words(): Uint32Array {
    this.reserve(1);
    return this.#words;
  }

  /** Ends the sample whose value was written into `words()`. */
  push(timestampMs: number): void {
    const at = this.#end;
    if (at > this.#start && timestampMs <= this.#timestampsMs[at - 1]!) this.#isAscending = false;
    this.#timestampsMs[at] = timestampMs;
    this.#end = at + 1;
  }

  /**
   * Takes the samples from `start` to `end` of a body as the series under way, when all of them are
   * written as senders write them; else false, and none is taken.
   */
  pushPlainSamples(view: DataView, start: number, end: number): boolean {
    this.reserve(Math.floor((end - start) / MIN_PLAIN_BYTES));
    const times = this.#timestampsMs;
    const words = this.#words;
    let index = this.#end;
    let previousMs = this.length === 0 ? -Infinity : times[index - 1]!;
    let isAscending = this.#isAscending;
    for (let at = start; at < end; index++) {
      const bytes = plainSampleBytes(view, at, end);
      if (bytes === 0) return false;
      const timestampMs = plainTimestampMs(view, at, bytes);
      if (Number.isNaN(timestampMs)) return false;
      words[2 * index] = view.getUint32(at + PLAIN_VALUE_OFFSET, true);
      words[2 * index + 1] = view.getUint32(at + PLAIN_VALUE_OFFSET + 4, true);
      times[index] = timestampMs;
      if (timestampMs <= previousMs) isAscending = false;
      previousMs = timestampMs;
      at += bytes;
    }
    this.#end = index;
    this.#isAscending = isAscending;
    return true;
  }

  /** Makes room for so many further samples at once. */
  reserve(samples: number): void {
    const needed = this.#end + samples;
    if (needed > this.#values.length) this.#grow(needed);
  }

  /** Adds a histogram sample; its float value is NaN. */
  pushHistogram(timestampMs: number, histogram: NativeHistogram): void {
    this.words();
    this.#values[this.#end] = Number.NaN;
    this.#histograms ??= [];
    this.#histograms[this.length] = histogram;
    this.push(timestampMs);
  }

  /** Sets the start (created) time of the last sample; 0 is unknown. */
  setStart(startTimestampMs: number): void {
    if (startTimestampMs === 0) return;
    this.#startsMs ??= [];
    this.#startsMs[this.length - 1] = startTimestampMs;
  }

  /** Sets the start time of every sample of the series that has none. */
  setStarts(startTimestampMs: number): void {
    if (startTimestampMs === 0 || this.length === 0) return;
    this.#startsMs ??= [];
    for (let i = 0; i < this.length; i++) this.#startsMs[i] ??= startTimestampMs;
  }

  /**
   * Ends the series under way; without samples nothing is kept of it. Of two samples at one time
   * the later one wins.
   */
  endSeries(labels: Labels): void {
    if (this.#end === this.#start) return;
    if (this.#isAscending && this.#histograms === undefined && this.#startsMs === undefined) {
      const count = this.#labels.push(labels);
      if (count > this.#ends.length) this.#ends = grown(this.#ends, new Uint32Array(2 * count));
      this.#ends[count - 1] = this.#end;
      this.#start = this.#end;
      return;
    }
    const columns = this.#copySeries();
    this.#series.push({ labels, ...(this.#isAscending ? columns : sortColumns(columns)) });
    this.dropSeries();
  }

  /** Forgets the samples of the series under way. */
  dropSeries(): void {
    this.#end = this.#start;
    this.#isAscending = true;
    this.#histograms = undefined;
    this.#startsMs = undefined;
  }

  /**
   * All series, each ascending in time without repeated timestamps. A `sequence` with the same
   * labels takes the place of the list of labels, so that the next owner knows it again.
   */
  finish(sequence?: readonly Labels[]): CollectedSeries {
    const packed: PackedSeries = {
      labels: sequence && isSameList(sequence, this.#labels) ? sequence : this.#labels,
      ends: this.#ends.subarray(0, this.#labels.length),
      timestampsMs: this.#timestampsMs.subarray(0, this.#start),
      values: this.#values.subarray(0, this.#start),
    };
    return { packed, series: this.#series };
  }

  /** The next series takes the place of this one in the shared columns. */
  #copySeries(): SampleColumns {
    const { length } = this;
    const histograms = this.#histograms;
    const startsMs = this.#startsMs;
    return {
      timestampsMs: this.#timestampsMs.slice(this.#start, this.#end),
      values: this.#values.slice(this.#start, this.#end),
      ...(histograms && { histograms: Array.from({ length }, (_, i) => histograms[i]) }),
      ...(startsMs && {
        startTimestampsMs: Float64Array.from({ length }, (_, i) => startsMs[i] ?? 0),
      }),
    };
  }

  #grow(needed: number): void {
    const capacity = Math.max(needed, this.#values.length * 2);
    this.#timestampsMs = grown(this.#timestampsMs, new Float64Array(capacity));
    this.#values = grown(this.#values, new Float64Array(capacity));
    this.#words = new Uint32Array(this.#values.buffer);
  }
}

function grown<T extends Uint32Array | Float64Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

function isSameList(a: readonly Labels[], b: readonly Labels[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The samples at `indexes`, in that order; values keep their bits. */
export function pickSamples(columns: SampleColumns, indexes: readonly number[]): SampleColumns {
  const words = new Uint32Array(
    columns.values.buffer,
    columns.values.byteOffset,
    columns.values.length * 2,
  );
  const values = new Float64Array(indexes.length);
  const target = new Uint32Array(values.buffer);
  indexes.forEach((from, to) => {
    target[2 * to] = words[2 * from]!;
    target[2 * to + 1] = words[2 * from + 1]!;
  });
  const timestampsMs = Float64Array.from(indexes, (i) => columns.timestampsMs[i]!);
  const { histograms, startTimestampsMs } = columns;
  return {
    timestampsMs,
    values,
    ...(histograms && { histograms: indexes.map((i) => histograms[i]) }),
    ...(startTimestampsMs && {
      startTimestampsMs: Float64Array.from(indexes, (i) => startTimestampsMs[i]!),
    }),
  };
}

function sortColumns(columns: SampleColumns): SampleColumns {
  const times = columns.timestampsMs;
  const order = Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
  const last = order.filter((index, i) => times[index] !== times[order[i + 1] ?? -1]);
  return pickSamples(columns, last);
}
