import type { CounterResetHint, NativeHistogram } from "@avx/model";
import {
  absoluteCounts,
  emptySide,
  isWellFormed,
  readSidePart,
  SIDE_PARTS,
} from "../native-histogram/histogram-side.ts";
import type { ProtoReader } from "../protobuf/reader.ts";
import type { ExpositionExemplar } from "../text-exposition/exposition.ts";
import { readFamilyExemplar, readTimestampMs } from "./family-parts.ts";

/** A classic bucket: observations at or below its bound. */
export interface ClassicBucket {
  readonly upperBound: number;
  readonly cumulativeCount: number;
  readonly exemplar: ExpositionExemplar | undefined;
}

/** Both forms of a histogram; a sender fills in one or both. */
export interface FamilyHistogram {
  readonly sum: number;
  readonly count: number;
  readonly buckets: readonly ClassicBucket[];
  /** Undefined without native buckets, or when they break the rules. */
  readonly native: NativeHistogram | undefined;
  readonly exemplars: readonly ExpositionExemplar[];
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Fields 9 to 11 are the negative side, 12 to 14 the positive one. */
const FIRST_SIDE_FIELD = 9;
const LAST_SIDE_FIELD = 14;

/** Reads a `Histogram`, and its start time in Unix ms (0: none given). */
export function readFamilyHistogram(reader: ProtoReader): {
  readonly histogram: FamilyHistogram;
  readonly createdMs: number;
} {
  const outer = reader.enter();
  let createdMs = 0;
  const sides = [emptySide(), emptySide()] as const;
  const buckets: ClassicBucket[] = [];
  const exemplars: ExpositionExemplar[] = [];
  const head = { sum: 0, count: 0, schema: 0, zeroThreshold: 0, zeroCount: 0 };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    const field = tag >>> 3;
    if (tag === 0x08) head.count = reader.uint64AsNumber();
    else if (tag === 0x11) head.sum = reader.double();
    else if (tag === 0x1a) buckets.push(readBucket(reader));
    else if (tag === 0x21) head.count = reader.double();
    else if (tag === 0x28) head.schema = reader.sint32();
    else if (tag === 0x31) head.zeroThreshold = reader.double();
    else if (tag === 0x38) head.zeroCount = reader.uint64AsNumber();
    else if (tag === 0x41) head.zeroCount = reader.double();
    else if (tag === 0x7a) createdMs = readTimestampMs(reader);
    else if (tag === 0x82) exemplars.push(readFamilyExemplar(reader));
    else if (field < FIRST_SIDE_FIELD || field > LAST_SIDE_FIELD) reader.skip(tag);
    else {
      const side = sides[field < 12 ? 0 : 1];
      const part = SIDE_PARTS[(field - FIRST_SIDE_FIELD) % 3]!;
      if (!readSidePart(reader, tag, { side, part })) reader.skip(tag);
    }
  }
  reader.leave(outer);
  const native = nativeOf(head, sides);
  const { sum, count } = head;
  return { histogram: { sum, count, buckets, exemplars, native }, createdMs };
}

type Sides = readonly [ReturnType<typeof emptySide>, ReturnType<typeof emptySide>];

/** As Prometheus tells it: a histogram is native when any of these fields is there. */
function nativeOf(
  { sum, count, schema, zeroThreshold, zeroCount }: NativeHistogramHead,
  [negative, positive]: Sides,
): NativeHistogram | undefined {
  const spans = negative.spans.length + positive.spans.length;
  if (spans === 0 && zeroThreshold <= 0 && zeroCount <= 0) return undefined;
  const counterResetHint: CounterResetHint = "unknown";
  const histogram: NativeHistogram = {
    ...{ sum, count, schema, zeroThreshold, zeroCount, counterResetHint },
    positiveSpans: positive.spans,
    positiveBuckets: absoluteCounts(positive),
    negativeSpans: negative.spans,
    negativeBuckets: absoluteCounts(negative),
    customBounds: new Float64Array(0),
  };
  return isWellFormed(histogram) ? histogram : undefined;
}

type NativeHistogramHead = Pick<
  NativeHistogram,
  "sum" | "count" | "schema" | "zeroThreshold" | "zeroCount"
>;

function readBucket(reader: ProtoReader): ClassicBucket {
  const outer = reader.enter();
  const bucket: Mutable<ClassicBucket> = {
    ...{ upperBound: 0, cumulativeCount: 0, exemplar: undefined },
  };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x08) bucket.cumulativeCount = reader.uint64AsNumber();
    else if (tag === 0x11) bucket.upperBound = reader.double();
    else if (tag === 0x1a) bucket.exemplar = readFamilyExemplar(reader);
    else if (tag === 0x21) bucket.cumulativeCount = reader.double();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return bucket;
}
