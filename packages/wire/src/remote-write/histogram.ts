import {
  type BucketSpan,
  type CounterResetHint,
  CUSTOM_BUCKETS_SCHEMA,
  isStaleAt,
  type NativeHistogram,
} from "@avx/model";
import { readDouble, readRepeated, readSint64 } from "../protobuf/packed.ts";
import type { ProtoReader } from "../protobuf/reader.ts";

const RESET_HINTS: readonly CounterResetHint[] = ["unknown", "reset", "not-reset", "gauge"];
const MIN_SCHEMA = -4;
const MAX_SCHEMA = 8;
const NO_VALUES = new Float64Array(0);

/** A native histogram with its times; `histogram` is undefined when it breaks the rules. */
export interface HistogramSample {
  readonly timestampMs: number;
  /** 0 = unknown. */
  readonly startTimestampMs: number;
  readonly histogram: NativeHistogram | undefined;
}

/** One side of the buckets as sent: integer deltas or float counts. */
interface Side {
  spans: BucketSpan[];
  deltas: Float64Array;
  counts: Float64Array;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Reads a `Histogram` of remote write 1.0 or 2.0 (the same fields), integer or float. */
export function readHistogram(reader: ProtoReader): HistogramSample {
  const outer = reader.enter();
  const positive: Side = { spans: [], deltas: NO_VALUES, counts: NO_VALUES };
  const negative: Side = { spans: [], deltas: NO_VALUES, counts: NO_VALUES };
  const sum = new Float64Array(1);
  const sumWords = new Uint32Array(sum.buffer);
  const head = { schema: 0, zeroThreshold: 0, zeroCount: 0, count: 0 };
  let counterResetHint: CounterResetHint = "unknown";
  let customBounds: Float64Array = NO_VALUES;
  let timestampMs = 0;
  let startTimestampMs = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x19) reader.doubleInto(sumWords, 0);
    else if (tag === 0x70) counterResetHint = RESET_HINTS[reader.int32()] ?? "unknown";
    else if (tag === 0x78) timestampMs = reader.int64AsNumber();
    else if (tag === 0x88) startTimestampMs = reader.int64AsNumber();
    else if (tag === 0x82 || tag === 0x81) {
      customBounds = readRepeated(reader, { tag, values: customBounds, read: readDouble });
    } else if (!readHead(reader, tag, head) && !readBuckets(reader, tag, { positive, negative })) {
      reader.skip(tag);
    }
  }
  reader.leave(outer);
  const histogram: Mutable<NativeHistogram> = {
    ...head,
    sum: sum[0]!,
    positiveSpans: positive.spans,
    positiveBuckets: absoluteCounts(positive),
    negativeSpans: negative.spans,
    negativeBuckets: absoluteCounts(negative),
    customBounds,
    counterResetHint,
  };
  if (isStaleAt(sum, 0)) histogram.stale = true;
  const isSound = isWellFormed(histogram);
  return { timestampMs, startTimestampMs, histogram: isSound ? histogram : undefined };
}

interface HistogramHead {
  schema: number;
  zeroThreshold: number;
  zeroCount: number;
  count: number;
}

function readHead(reader: ProtoReader, tag: number, head: HistogramHead): boolean {
  if (tag === 0x08) head.count = reader.uint64AsNumber();
  else if (tag === 0x11) head.count = reader.double();
  else if (tag === 0x20) head.schema = reader.sint32();
  else if (tag === 0x29) head.zeroThreshold = reader.double();
  else if (tag === 0x30) head.zeroCount = reader.uint64AsNumber();
  else if (tag === 0x39) head.zeroCount = reader.double();
  else return false;
  return true;
}

/** Fields 8 to 10 are the negative side, 11 to 13 the positive one: spans, deltas, counts. */
function readBuckets(
  reader: ProtoReader,
  tag: number,
  { positive, negative }: { positive: Side; negative: Side },
): boolean {
  const field = tag >>> 3;
  if (field < 8 || field > 13) return false;
  const side = field >= 11 ? positive : negative;
  const part = (field - 8) % 3;
  if (part === 0 && (tag & 7) === 2) side.spans.push(readSpan(reader));
  else if (part === 1 && ((tag & 7) === 2 || (tag & 7) === 0)) {
    side.deltas = readRepeated(reader, { tag, values: side.deltas, read: readSint64 });
  } else if (part === 2 && ((tag & 7) === 2 || (tag & 7) === 1)) {
    side.counts = readRepeated(reader, { tag, values: side.counts, read: readDouble });
  } else return false;
  return true;
}

function readSpan(reader: ProtoReader): BucketSpan {
  const outer = reader.enter();
  let offset = 0;
  let length = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x08) offset = reader.sint32();
    else if (tag === 0x10) length = reader.uint32();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { offset, length };
}

/** Float counts as they are; integer buckets are deltas to the bucket before. */
function absoluteCounts({ deltas, counts }: Side): Float64Array {
  if (deltas.length === 0) return counts;
  let count = 0;
  return deltas.map((delta) => {
    count += delta;
    return count;
  });
}

function isWellFormed(histogram: NativeHistogram): boolean {
  const { schema, customBounds } = histogram;
  const isCustom = schema === CUSTOM_BUCKETS_SCHEMA;
  if (!isCustom && (schema < MIN_SCHEMA || schema > MAX_SCHEMA)) return false;
  const ascends = customBounds.every((bound, i) => i === 0 || bound > customBounds[i - 1]!);
  if (isCustom ? !ascends : customBounds.length > 0) return false;
  if (isCustom && histogram.negativeBuckets.length > 0) return false;
  return (
    spansFit(histogram.positiveSpans, histogram.positiveBuckets) &&
    spansFit(histogram.negativeSpans, histogram.negativeBuckets)
  );
}

function spansFit(spans: readonly BucketSpan[], buckets: Float64Array): boolean {
  let length = 0;
  for (const [i, span] of spans.entries()) {
    if (i > 0 && span.offset < 0) return false;
    length += span.length;
  }
  return length === buckets.length && buckets.every((count) => count >= 0);
}
