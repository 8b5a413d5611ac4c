import { type BucketSpan, CUSTOM_BUCKETS_SCHEMA, type NativeHistogram } from "@avx/model";
import { readDouble, readRepeated, readSint64 } from "../protobuf/packed.ts";
import type { ProtoReader } from "../protobuf/reader.ts";

const MIN_SCHEMA = -4;
const MAX_SCHEMA = 8;
const NO_VALUES = new Float64Array(0);

/** One side of the buckets as sent: integer deltas or float counts. */
export interface HistogramSide {
  spans: BucketSpan[];
  deltas: Float64Array;
  counts: Float64Array;
}

/** The three fields of a side, in the order of their numbers in every message. */
export const SIDE_PARTS = ["spans", "deltas", "counts"] as const;

/** A side without buckets. */
export function emptySide(): HistogramSide {
  return { spans: [], deltas: NO_VALUES, counts: NO_VALUES };
}

/** Reads one of the fields of a side; false, with nothing read, when the wire type is not its own. */
export function readSidePart(
  reader: ProtoReader,
  tag: number,
  { side, part }: { readonly side: HistogramSide; readonly part: (typeof SIDE_PARTS)[number] },
): boolean {
  if (part === "spans" && (tag & 7) === 2) side.spans.push(readSpan(reader));
  else if (part === "deltas" && ((tag & 7) === 2 || (tag & 7) === 0)) {
    side.deltas = readRepeated(reader, { tag, values: side.deltas, read: readSint64 });
  } else if (part === "counts" && ((tag & 7) === 2 || (tag & 7) === 1)) {
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
export function absoluteCounts({ deltas, counts }: HistogramSide): Float64Array {
  if (deltas.length === 0) return counts;
  let count = 0;
  return deltas.map((delta) => {
    count += delta;
    return count;
  });
}

/** Whether schema, spans, buckets and bounds fit each other and no count is negative. */
export function isWellFormed(histogram: NativeHistogram): boolean {
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
