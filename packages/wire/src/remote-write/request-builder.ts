import type { Exemplar, Labels, MetricMetadata } from "@avx/model";
import type { ProtoReader } from "../protobuf/reader.ts";
import { ColumnBuilder } from "./column-builder.ts";
import { readHistogram } from "./histogram.ts";
import type { RemoteWriteFault, RemoteWriteRequest } from "./remote-write.ts";

/** An exemplar before its series' labels are known to be sound. */
export interface PendingExemplar {
  readonly labels: Labels;
  readonly value: number;
  readonly timestampMs: number;
}

const TAG_DOUBLE_1 = 0x09;
const TAG_VARINT_2 = 0x10;
/** Bytes of `value` in a sample: tag and double. */
const VALUE_FIELD_BYTES = 9;
/** Seven bytes of a varint hold 49 bits: every such timestamp is an exact double. */
const EXACT_VARINT_BYTES = 7;

/** Collects the series of one request, one at a time. */
export class RequestBuilder {
  readonly #metadata: MetricMetadata[] = [];
  readonly #exemplars: Exemplar[] = [];
  readonly #faults = new Map<RemoteWriteFault, number>();
  readonly #columns = new ColumnBuilder();
  #sampleCount = 0;
  #histogramCount = 0;
  #seriesHistograms = 0;

  /** Reads a `Sample`; the reader stands at its length. */
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

  /**
   * The layout that every sender writes, value then timestamp and nothing else, without the cost
   * of a message of its own; anything else is left to the general way.
   */
  #readPlainSample(reader: ProtoReader): boolean {
    const { bytes } = reader;
    const start = reader.position;
    const length = bytes[start]!;
    const end = start + 1 + length;
    const isPlain =
      end <= reader.end &&
      length > VALUE_FIELD_BYTES + 1 &&
      length <= VALUE_FIELD_BYTES + 1 + EXACT_VARINT_BYTES &&
      bytes[start + 1] === TAG_DOUBLE_1 &&
      bytes[start + 1 + VALUE_FIELD_BYTES] === TAG_VARINT_2;
    if (!isPlain) return false;
    let timestampMs = 0;
    let scale = 1;
    let at = start + 2 + VALUE_FIELD_BYTES;
    for (; at < end; at++, scale *= 128) {
      const byte = bytes[at]!;
      timestampMs += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    if (at !== end - 1) return false;
    reader.position = start + 2;
    reader.doubleInto(this.#columns.words(), this.#columns.index);
    reader.position = end;
    this.#columns.push(timestampMs);
    return true;
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
