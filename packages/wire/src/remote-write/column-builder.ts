import type { NativeHistogram, SampleColumns } from "@avx/model";

const INITIAL_SAMPLES = 64;

/**
 * Collects the samples of one series after the other into reused columns. Values are written as
 * bits, so that stale markers stay exact. `finish` gives ascending columns without repeated
 * timestamps (of two samples at one time the later one wins) and starts anew.
 */
export class ColumnBuilder {
  #timestampsMs = new Float64Array(INITIAL_SAMPLES);
  #values = new Float64Array(INITIAL_SAMPLES);
  #words = new Uint32Array(this.#values.buffer);
  #histograms: (NativeHistogram | undefined)[] | undefined;
  #startsMs: number[] | undefined;
  #length = 0;
  #isAscending = true;

  get length(): number {
    return this.#length;
  }

  /** The values as 32-bit words, for writing the value of sample `length` before `push`. */
  words(): Uint32Array {
    if (this.#length === this.#values.length) this.#grow();
    return this.#words;
  }

  /** Ends the sample whose value was written into `words()`. */
  push(timestampMs: number): void {
    const at = this.#length;
    if (at > 0 && timestampMs <= this.#timestampsMs[at - 1]!) this.#isAscending = false;
    this.#timestampsMs[at] = timestampMs;
    this.#length = at + 1;
  }

  pushHistogram(timestampMs: number, histogram: NativeHistogram): void {
    this.words();
    this.#values[this.#length] = Number.NaN;
    this.#histograms ??= [];
    this.#histograms[this.#length] = histogram;
    this.push(timestampMs);
  }

  /** Sets the start (created) time of the last sample; 0 is unknown. */
  setStart(startTimestampMs: number): void {
    if (startTimestampMs === 0) return;
    this.#startsMs ??= [];
    this.#startsMs[this.#length - 1] = startTimestampMs;
  }

  /** Sets the start time of every sample that has none. */
  setStarts(startTimestampMs: number): void {
    if (startTimestampMs === 0 || this.#length === 0) return;
    this.#startsMs ??= [];
    for (let i = 0; i < this.#length; i++) this.#startsMs[i] ??= startTimestampMs;
  }

  finish(): SampleColumns {
    const length = this.#length;
    let columns: SampleColumns = {
      timestampsMs: this.#timestampsMs.slice(0, length),
      values: this.#values.slice(0, length),
    };
    if (this.#histograms !== undefined) {
      const histograms = this.#histograms;
      columns = { ...columns, histograms: Array.from({ length }, (_, i) => histograms[i]) };
    }
    if (this.#startsMs !== undefined) {
      const startsMs = this.#startsMs;
      const startTimestampsMs = Float64Array.from({ length }, (_, i) => startsMs[i] ?? 0);
      columns = { ...columns, startTimestampsMs };
    }
    const ordered = this.#isAscending ? columns : sortColumns(columns);
    this.clear();
    return ordered;
  }

  clear(): void {
    this.#length = 0;
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
