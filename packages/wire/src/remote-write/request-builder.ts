import type { Exemplar, Labels, MetricMetadata } from "@avx/model";
import type { ProtoReader } from "../protobuf/reader.ts";
import { ColumnBuilder } from "./column-builder.ts";
import { readHistogram } from "./histogram.ts";
import type { ByteRange } from "./label-cache.ts";
import { plainSampleBytes } from "./plain-sample.ts";
import type { RemoteWriteFault, RemoteWriteRequest } from "./remote-write.ts";

/** An exemplar before its series' labels are known to be sound. */
export interface PendingExemplar {
  readonly labels: Labels;
  readonly value: number;
  readonly timestampMs: number;
}

const TAG_DOUBLE_1 = 0x09;
const TAG_VARINT_2 = 0x10;

/** Collects the series of one request, one at a time. */
export class RequestBuilder {
  readonly #metadata: MetricMetadata[] = [];
  readonly #exemplars: Exemplar[] = [];
  readonly #faults = new Map<RemoteWriteFault, number>();
  readonly #columns = new ColumnBuilder();
  #sampleCount = 0;
  #histogramCount = 0;
  #seriesHistograms = 0;

  /** Reads a `Sample`; the reader stands at its length, behind the tag. */
  readSample(reader: ProtoReader): void {
    if (this.#readPlainSample(reader)) return;
    const outer = reader.enter();
    const words = this.#columns.words();
    const { index } = this.#columns;
    words[2 * index] = 0;
    words[2 * index + 1] = 0;
    let timestampMs = 0;
    let startTimestampMs = 0;
    for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
      if (tag === TAG_DOUBLE_1) reader.doubleInto(words, index);
      else if (tag === TAG_VARINT_2) timestampMs = reader.int64AsNumber();
      else if (tag === 0x18) startTimestampMs = reader.int64AsNumber();
      else reader.skip(tag);
    }
    reader.leave(outer);
    this.#columns.push(timestampMs);
    this.#columns.setStart(startTimestampMs);
  }

  /** Both versions have samples under the same tag, so this one is a byte before the reader. */
  #readPlainSample(reader: ProtoReader): boolean {
    const { view, position, end } = reader;
    const bytes = plainSampleBytes(view, position - 1, end);
    if (bytes === 0 || !this.#columns.pushPlainSamples(view, position - 1, position - 1 + bytes)) {
      return false;
    }
    reader.position = position - 1 + bytes;
    return true;
  }

  /** Takes a whole series of plain samples; false when one is not, and nothing is taken. */
  takePlainSeries(labels: Labels, { view, start, end }: ByteRange): boolean {
    if (!this.#columns.pushPlainSamples(view, start, end)) return false;
    this.#sampleCount += this.#columns.length;
    this.#columns.endSeries(labels);
    return true;
  }

  /** Makes room for as many samples as an earlier request of the same series had. */
  expect(samples: number): void {
    this.#columns.reserve(samples);
  }

  /** Float samples and histograms so far, of the series that have ended. */
  get itemCount(): number {
    return this.#sampleCount + this.#histogramCount;
  }

  /** Reads a `Histogram`; the reader stands at its length. */
  readHistogram(reader: ProtoReader): void {
    const { histogram, timestampMs, startTimestampMs } = readHistogram(reader);
    if (histogram === undefined) {
      this.#fault("malformed_native_histogram", 1);
      return;
    }
    this.#seriesHistograms++;
    this.#columns.pushHistogram(timestampMs, histogram);
    this.#columns.setStart(startTimestampMs);
  }

  /** Sets the start time of the samples of this series that have none. */
  setSeriesStart(startTimestampMs: number): void {
    this.#columns.setStarts(startTimestampMs);
  }

  /** Ends a series; without sound labels its samples are counted as refused. */
  endSeries(labels: Labels | undefined, exemplars?: readonly PendingExemplar[]): void {
    const total = this.#columns.length;
    const histograms = this.#seriesHistograms;
    this.#seriesHistograms = 0;
    if (labels === undefined) {
      this.#columns.dropSeries();
      this.#fault("malformed_labels", Math.max(1, total));
      return;
    }
    for (const exemplar of exemplars ?? [])
      this.#exemplars.push({ seriesLabels: labels, ...exemplar });
    this.#histogramCount += histograms;
    this.#sampleCount += total - histograms;
    this.#columns.endSeries(labels);
  }

  addMetadata(metadata: MetricMetadata): void {
    this.#metadata.push(metadata);
  }

  /** What was read; `sequence` is taken as the list of labels when it says the same. */
  finish(sequence?: readonly Labels[]): RemoteWriteRequest {
    return {
      ...this.#columns.finish(sequence),
      metadata: this.#metadata,
      exemplars: this.#exemplars,
      sampleCount: this.#sampleCount,
      histogramCount: this.#histogramCount,
      faults: this.#faults,
    };
  }

  #fault(reason: RemoteWriteFault, samples: number): void {
    this.#faults.set(reason, (this.#faults.get(reason) ?? 0) + samples);
  }
}
