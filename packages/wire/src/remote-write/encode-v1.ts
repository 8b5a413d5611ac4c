import {
  type Exemplar,
  type LabelledSeries,
  type Labels,
  labelsKey,
  type MetricMetadata,
  type NativeHistogram,
  setStaleAt,
} from "@avx/model";
import { ProtoWriter } from "../protobuf/writer.ts";
import { METRIC_TYPES } from "./remote-write.ts";

/** What a sender puts into one request. */
export interface WriteRequestContent {
  readonly series: readonly LabelledSeries[];
  readonly metadata: readonly MetricMetadata[];
  readonly exemplars: readonly Exemplar[];
}

const STALE_SUM = new Float64Array(1);
setStaleAt(STALE_SUM, 0);

const RESET_HINTS = ["unknown", "reset", "not-reset", "gauge"] as const;

/**
 * A `prometheus.WriteRequest` (remote write 1.0), not yet compressed. Native histograms as floats.
 */
export function encodeWriteRequest(content: WriteRequestContent): Uint8Array {
  const { series, metadata } = content;
  const writer = new ProtoWriter();
  const exemplars = exemplarsBySeries(content.exemplars);
  for (const one of series) {
    const start = writer.begin(1);
    writeLabels(writer, one.labels);
    writeSamples(writer, one);
    for (const exemplar of exemplars.get(labelsKey(one.labels)) ?? []) {
      const exemplarStart = writer.begin(3);
      writeLabels(writer, exemplar.labels);
      writer.double(2, exemplar.value);
      writer.int64(3, exemplar.timestampMs);
      writer.end(exemplarStart);
    }
    exemplars.delete(labelsKey(one.labels));
    writer.end(start);
  }
  for (const { name, type, unit, help } of metadata) {
    const start = writer.begin(3);
    writer.uint(1, METRIC_TYPES.indexOf(type));
    writer.string(2, name);
    writer.string(4, help);
    writer.string(5, unit);
    writer.end(start);
  }
  return writer.finish();
}

function exemplarsBySeries(exemplars: readonly Exemplar[]): Map<string, Exemplar[]> {
  const bySeries = new Map<string, Exemplar[]>();
  for (const exemplar of exemplars) {
    const key = labelsKey(exemplar.seriesLabels);
    const known = bySeries.get(key);
    if (known === undefined) bySeries.set(key, [exemplar]);
    else known.push(exemplar);
  }
  return bySeries;
}

/** Labels as pairs in field 1. */
export function writeLabels(writer: ProtoWriter, labels: Labels): void {
  for (let i = 0; i < labels.length; i += 2) {
    const start = writer.begin(1);
    writer.string(1, labels[i]!);
    writer.string(2, labels[i + 1]!);
    writer.end(start);
  }
}

function writeSamples(writer: ProtoWriter, series: LabelledSeries): void {
  for (let i = 0; i < series.values.length; i++) {
    const histogram = series.histograms?.[i];
    if (histogram !== undefined) {
      const start = writer.begin(4);
      writeHistogram(writer, histogram);
      writer.int64(15, series.timestampsMs[i]!);
      writer.end(start);
      continue;
    }
    const start = writer.begin(2);
    writer.doubleBits(1, series.values, i);
    writer.int64(2, series.timestampsMs[i]!);
    writer.end(start);
  }
}

function writeHistogram(writer: ProtoWriter, histogram: NativeHistogram): void {
  writer.doubleAlways(2, histogram.count);
  if (histogram.stale === true) writer.doubleBits(3, STALE_SUM, 0);
  else writer.double(3, histogram.sum);
  writer.sint32(4, histogram.schema);
  writer.double(5, histogram.zeroThreshold);
  writer.doubleAlways(7, histogram.zeroCount);
  writeSide(writer, 8, [histogram.negativeSpans, histogram.negativeBuckets]);
  writeSide(writer, 11, [histogram.positiveSpans, histogram.positiveBuckets]);
  writer.uint(14, RESET_HINTS.indexOf(histogram.counterResetHint));
  writeDoubles(writer, 16, histogram.customBounds);
}

function writeSide(
  writer: ProtoWriter,
  field: number,
  [spans, counts]: [NativeHistogram["positiveSpans"], Float64Array],
): void {
  for (const { offset, length } of spans) {
    const start = writer.begin(field);
    writer.sint32(1, offset);
    writer.uint(2, length);
    writer.end(start);
  }
  writeDoubles(writer, field + 2, counts);
}

function writeDoubles(writer: ProtoWriter, field: number, values: Float64Array): void {
  if (values.length === 0) return;
  const start = writer.begin(field);
  for (const value of values) writer.doubleRaw(value);
  writer.end(start);
}
