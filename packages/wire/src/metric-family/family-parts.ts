import { labelsFromPairs } from "@avx/model";
import type { ProtoReader } from "../protobuf/reader.ts";
import type { ExpositionExemplar } from "../text-exposition/exposition.ts";

/** Reads a `LabelPair`. */
export function readPair(reader: ProtoReader): [string, string] {
  const outer = reader.enter();
  let name = "";
  let value = "";
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) name = reader.string();
    else if (tag === 0x12) value = reader.string();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return [name, value];
}

/** Reads an `Exemplar`; the reader stands at its length. */
export function readFamilyExemplar(reader: ProtoReader): ExpositionExemplar {
  const outer = reader.enter();
  const pairs: [string, string][] = [];
  let value = 0;
  let timestampMs = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) pairs.push(readPair(reader));
    else if (tag === 0x11) value = reader.double();
    else if (tag === 0x1a) timestampMs = readTimestampMs(reader);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { labels: labelsFromPairs(pairs), value, ...(timestampMs !== 0 && { timestampMs }) };
}

/** Reads a `google.protobuf.Timestamp` as Unix ms. */
export function readTimestampMs(reader: ProtoReader): number {
  const outer = reader.enter();
  let seconds = 0;
  let nanos = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x08) seconds = reader.int64AsNumber();
    else if (tag === 0x10) nanos = reader.int32();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return seconds * 1000 + Math.floor(nanos / 1e6);
}
