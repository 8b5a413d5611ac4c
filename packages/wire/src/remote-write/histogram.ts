import { type CounterResetHint, isStaleAt, type NativeHistogram } from "@avx/model";
import {
  absoluteCounts,
  emptySide,
  type HistogramSide,
  isWellFormed,
  readSidePart,
  SIDE_PARTS,
} from "../native-histogram/histogram-side.ts";
import { readDouble, readRepeated } from "../protobuf/packed.ts";
import type { ProtoReader } from "../protobuf/reader.ts";

const RESET_HINTS: readonly CounterResetHint[] = ["unknown", "reset", "not-reset", "gauge"];
const NO_VALUES = new Float64Array(0);

/** A native histogram with its times; `histogram` is undefined when it breaks the rules. */
export interface HistogramSample {
  readonly timestampMs: number;
  /** 0 = unknown. */
  readonly startTimestampMs: number;
  readonly histogram: NativeHistogram | undefined;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Reads a `Histogram` of remote write 1.0 or 2.0 (the same fields), integer or float. */
export function readHistogram(reader: ProtoReader): HistogramSample {
  const outer = reader.enter();
  const positive = emptySide();
  const negative = emptySide();
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
  { positive, negative }: { positive: HistogramSide; negative: HistogramSide },
): boolean {
  const field = tag >>> 3;
  if (field < 8 || field > 13) return false;
  return readSidePart(reader, tag, {
    side: field >= 11 ? positive : negative,
    part: SIDE_PARTS[(field - 8) % 3]!,
  });
}
