import type { ProtoWriter } from "../protobuf/writer.ts";
import type { ProtoExemplar, ProtoMetricData, ProtoNativeBuckets } from "./proto-metric.ts";

/** Empty buckets in a row that cost less than a new span. */
const MAX_BRIDGED = 2;

type HistogramData = Extract<ProtoMetricData, { kind: "histogram" }>;

/** The field `histogram` of a metric, with whole counts. */
export function writeProtoHistogram(
  writer: ProtoWriter,
  { count, sum, buckets, native, exemplars = [] }: HistogramData,
  startMs: number,
): void {
  const histogram = writer.begin(7);
  writer.uintAlways(1, count);
  writer.doubleAlways(2, sum);
  for (const { upperBound, cumulativeCount, exemplar } of buckets) {
    const bucket = writer.begin(3);
    writer.uintAlways(1, cumulativeCount);
    writer.doubleAlways(2, upperBound);
    if (exemplar !== undefined) writeExemplar(writer, 3, exemplar);
    writer.end(bucket);
  }
  if (native !== undefined) writeNative(writer, native);
  writeTimestamp(writer, 15, startMs);
  for (const exemplar of exemplars) writeExemplar(writer, 16, exemplar);
  writer.end(histogram);
}

/** A google.protobuf.Timestamp. */
export function writeTimestamp(writer: ProtoWriter, field: number, timeMs: number): void {
  const seconds = Math.floor(timeMs / 1000);
  const timestamp = writer.begin(field);
  writer.int64(1, seconds);
  writer.uint(2, Math.round((timeMs - seconds * 1000) * 1e6));
  writer.end(timestamp);
}

function writeExemplar(writer: ProtoWriter, field: number, exemplar: ProtoExemplar): void {
  const { labels, value, timestampMs } = exemplar;
  const start = writer.begin(field);
  for (let i = 0; i < labels.length; i += 2) {
    const pair = writer.begin(1);
    writer.stringAlways(1, labels[i]!);
    writer.stringAlways(2, labels[i + 1]!);
    writer.end(pair);
  }
  writer.doubleAlways(2, value);
  writeTimestamp(writer, 3, timestampMs);
  writer.end(start);
}

/** Runs of buckets, and each count as the change from the one before. */
function writeNative(writer: ProtoWriter, native: ProtoNativeBuckets): void {
  const { schema, zeroThreshold, zeroCount, counts } = native;
  writer.uintAlways(5, zigzag(schema));
  writer.doubleAlways(6, zeroThreshold);
  writer.uintAlways(7, zeroCount);
  const runs = runsOf(counts);
  let next = 0;
  for (const [i, { first, length }] of runs.entries()) {
    // The first offset is an index, further ones count from the end of the run before.
    const offset = i === 0 ? native.offset + first : first - next;
    writeSpan(writer, offset, length);
    next = first + length;
  }
  // Without buckets an empty run is what makes it a native histogram.
  if (runs.length === 0) writeSpan(writer, 0, 0);
  let previous = 0;
  for (const { first, length } of runs) {
    for (let i = first; i < first + length; i++) {
      const count = counts[i]!;
      writer.uintAlways(13, zigzag(count - previous));
      previous = count;
    }
  }
}

interface Run {
  readonly first: number;
  length: number;
}

function runsOf(counts: ArrayLike<number>): Run[] {
  const runs: Run[] = [];
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    const last = runs.at(-1);
    const gap = last === undefined ? Number.POSITIVE_INFINITY : i - last.first - last.length;
    if (last === undefined || gap > MAX_BRIDGED) runs.push({ first: i, length: 1 });
    else last.length += gap + 1;
  }
  return runs;
}

function writeSpan(writer: ProtoWriter, offset: number, length: number): void {
  const span = writer.begin(12);
  writer.uintAlways(1, zigzag(offset));
  writer.uintAlways(2, length);
  writer.end(span);
}

/** A signed whole number up to 2^52 as sint32 and sint64 keep it. */
function zigzag(value: number): number {
  return value >= 0 ? value * 2 : value * -2 - 1;
}
