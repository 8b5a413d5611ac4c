import type { BucketSpan, NativeHistogram } from "@avx/model";
import { ProtoWriter } from "../protobuf/writer.ts";

/** Content type of `encodeMetricFamilies`. */
export const METRIC_FAMILY_CONTENT_TYPE =
  "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

/** One series of a family at one time. */
export interface FamilyMetric {
  /** Names and values alternating, without the metric name; values may be empty. */
  readonly labels: readonly string[];
  readonly timestampMs: number;
  /** Unused where `histogram` is defined. */
  readonly value: number;
  /** A native histogram of a standard schema. */
  readonly histogram?: NativeHistogram;
}

/** A metric family, as `io.prometheus.client.MetricFamily`. */
export interface MetricFamily {
  readonly name: string;
  readonly type: "untyped" | "histogram" | "gaugehistogram";
  readonly metrics: readonly FamilyMetric[];
}

/** Numbers of the enum MetricType in client_model's metrics.proto. */
const TYPE_NUMBERS = { untyped: 3, histogram: 4, gaugehistogram: 5 } as const;

/**
 * The families one after another, each behind its length: the exposition in which native histograms
 * can be scraped. No family gives no bytes.
 */
export function encodeMetricFamilies(families: Iterable<MetricFamily>): Uint8Array {
  const writer = new ProtoWriter();
  for (const { name, type, metrics } of families) {
    const message = new ProtoWriter();
    message.string(1, name);
    message.uintAlways(3, TYPE_NUMBERS[type]);
    for (const metric of metrics) writeMetric(message, metric);
    writer.delimited(message.finish());
  }
  return writer.finish();
}

function writeMetric(writer: ProtoWriter, metric: FamilyMetric): void {
  const { labels, timestampMs, value, histogram } = metric;
  const start = writer.begin(4);
  for (let i = 0; i < labels.length; i += 2) {
    const pair = writer.begin(1);
    writer.stringAlways(1, labels[i]!);
    writer.stringAlways(2, labels[i + 1]!);
    writer.end(pair);
  }
  if (histogram === undefined) {
    const untyped = writer.begin(5);
    writer.doubleAlways(1, value);
    writer.end(untyped);
  } else {
    writeHistogram(writer, histogram);
  }
  writer.int64Always(6, timestampMs);
  writer.end(start);
}

function writeHistogram(writer: ProtoWriter, histogram: NativeHistogram): void {
  const start = writer.begin(7);
  writer.doubleAlways(2, histogram.sum);
  writer.doubleAlways(4, histogram.count);
  writer.uintAlways(5, zigzag(histogram.schema));
  writer.doubleAlways(6, histogram.zeroThreshold);
  writer.doubleAlways(8, histogram.zeroCount);
  writeSpans(writer, 9, histogram.negativeSpans);
  for (const count of histogram.negativeBuckets) writer.doubleAlways(11, count);
  writeSpans(writer, 12, histogram.positiveSpans);
  for (const count of histogram.positiveBuckets) writer.doubleAlways(14, count);
  writer.end(start);
}

function writeSpans(writer: ProtoWriter, field: number, spans: readonly BucketSpan[]): void {
  for (const { offset, length } of spans) {
    const start = writer.begin(field);
    writer.uintAlways(1, zigzag(offset));
    writer.uintAlways(2, length);
    writer.end(start);
  }
}

/** A signed 32-bit number as sint32 keeps it. */
function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}
