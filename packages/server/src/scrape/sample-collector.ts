import {
  type LabelledSeries,
  type Labels,
  type NativeHistogram,
  type PackedSeries,
  setStaleAt,
} from "@avx/model";

/** Samples of many series, one after the other, on their way into columns. */
export class SampleCollector {
  readonly #labels: Labels[] = [];
  readonly #timestampsMs: number[] = [];
  readonly #values: number[] = [];
  readonly #startsMs: number[] = [];
  readonly #staleRows: number[] = [];
  readonly #histograms: LabelledSeries[] = [];
  #hasStarts = false;

  /** Samples so far, histograms not counted. */
  get length(): number {
    return this.#labels.length;
  }

  get isEmpty(): boolean {
    return this.#labels.length + this.#histograms.length === 0;
  }

  add(labels: Labels, timestampMs: number, value: number): void {
    this.#labels.push(labels);
    this.#timestampsMs.push(timestampMs);
    this.#values.push(value);
    this.#startsMs.push(0);
  }

  /** Sets when the series of the last sample started. */
  setStart(startTimestampMs: number): void {
    this.#startsMs[this.length - 1] = startTimestampMs;
    this.#hasStarts = true;
  }

  /** Adds a native histogram; `startTimestampMs` 0 is unknown. */
  addHistogram(
    labels: Labels,
    histogram: NativeHistogram,
    { timestampMs, startTimestampMs }: { timestampMs: number; startTimestampMs: number },
  ): void {
    this.#histograms.push({
      ...{
        labels,
        timestampsMs: Float64Array.of(timestampMs),
        values: Float64Array.of(Number.NaN),
      },
      histograms: [histogram],
      ...(startTimestampMs !== 0 && { startTimestampsMs: Float64Array.of(startTimestampMs) }),
    });
  }

  /** Histograms, each a series of one sample. */
  histograms(): readonly LabelledSeries[] {
    return this.#histograms;
  }

  /** Adds the marker that a series has ended. */
  addStale(labels: Labels, timestampMs: number): void {
    this.#staleRows.push(this.length);
    this.add(labels, timestampMs, 0);
  }

  /** All other samples as columns; each is a series of one sample. */
  packed(): PackedSeries {
    const values = new Float64Array(this.#values);
    for (const row of this.#staleRows) setStaleAt(values, row);
    return {
      labels: this.#labels,
      ends: Uint32Array.from(this.#labels, (_, i) => i + 1),
      timestampsMs: new Float64Array(this.#timestampsMs),
      values,
      ...(this.#hasStarts && { startTimestampsMs: new Float64Array(this.#startsMs) }),
    };
  }
}
