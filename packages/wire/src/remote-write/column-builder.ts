import type { LabelledSeries, Labels, NativeHistogram, SampleColumns } from "@avx/model";

const INITIAL_SAMPLES = 1024;

/** Where the samples of one series lie, and what only few series have. */
interface SeriesRange {
  readonly labels: Labels;
  readonly start: number;
  readonly end: number;
  readonly isAscending: boolean;
  readonly histograms: (NativeHistogram | undefined)[] | undefined;
  readonly startsMs: number[] | undefined;
}

/**
 * Collects the samples of a whole request, one series after the other, in two columns that all
 * series share as views: two small arrays a series would cost more than decoding it. Values are
 * written as bits, so that stale markers stay exact.
 */
export class ColumnBuilder {
  #timestampsMs = new Float64Array(INITIAL_SAMPLES);
  #values = new Float64Array(INITIAL_SAMPLES);
  #words = new Uint32Array(this.#values.buffer);
  readonly #ranges: SeriesRange[] = [];
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
    if (this.#end === this.#values.length) this.#grow();
    return this.#words;
  }

  /** Ends the sample whose value was written into `words()`. */
  push(timestampMs: number): void {
    const at = this.#end;
    if (at > this.#start && timestampMs <= this.#timestampsMs[at - 1]!) this.#isAscending = false;
    this.#timestampsMs[at] = timestampMs;
    this.#end = at + 1;
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

  /** Ends the series under way; without samples nothing is kept of it. */
  endSeries(labels: Labels): void {
    if (this.#end > this.#start) {
      this.#ranges.push({
        labels,
        start: this.#start,
        end: this.#end,
        isAscending: this.#isAscending,
        histograms: this.#histograms,
        startsMs: this.#startsMs,
      });
    }
    this.#start = this.#end;
    this.#reset();
  }

  /** Forgets the samples of the series under way. */
  dropSeries(): void {
    this.#end = this.#start;
    this.#reset();
  }

  /**
   * All series, each ascending in time without repeated timestamps: of two samples at one time
   * the later one wins.
   */
  finish(): LabelledSeries[] {
    return this.#ranges.map((range) => this.#series(range));
  }

  #series({ labels, start, end, isAscending, histograms, startsMs }: SeriesRange): LabelledSeries {
    const timestampsMs = this.#timestampsMs.subarray(start, end);
    const values = this.#values.subarray(start, end);
    if (isAscending && histograms === undefined && startsMs === undefined) {
      return { labels, timestampsMs, values };
    }
    const length = end - start;
    const columns: SampleColumns = {
      timestampsMs,
      values,
      ...(histograms && { histograms: Array.from({ length }, (_, i) => histograms[i]) }),
      ...(startsMs && {
        startTimestampsMs: Float64Array.from({ length }, (_, i) => startsMs[i] ?? 0),
      }),
    };
    return { labels, ...(isAscending ? columns : sortColumns(columns)) };
  }

  #reset(): void {
    this.#isAscending = true;
    this.#histograms = undefined;
    this.#startsMs = undefined;
  }

  #grow(): void {
    const timestampsMs = new Float64Array(this.#timestampsMs.length * 2);
    const values = new Float64Array(this.#values.length * 2);
    timestampsMs.set(this.#timestampsMs);
    values.set(this.#values);
    this.#timestampsMs = timestampsMs;
    this.#values = values;
    this.#words = new Uint32Array(values.buffer);
  }
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
