import { type Labels, labelsFromPairs, type MetricMetadata, type MetricType } from "@avx/model";
import { ProtoReader } from "../protobuf/reader.ts";
import type { LabelCache } from "./label-cache.ts";
import { LabelCursor } from "./label-cursor.ts";
import { checkedLabels } from "./label-validity.ts";
import { METRIC_TYPES, type RemoteWriteRequest } from "./remote-write.ts";
import { type PendingExemplar, RequestBuilder } from "./request-builder.ts";
import { readSteadySeries } from "./steady-series.ts";

const TAG_LABEL = 0x0a;

/**
 * Decodes a `prometheus.WriteRequest` (remote write 1.0, already inflated). Series with unsorted,
 * repeated or missing labels are counted as faults; broken bytes throw `malformed_payload`.
 */
export function decodeWriteRequest(bytes: Uint8Array, cache?: LabelCache): RemoteWriteRequest {
  const reader = new ProtoReader(bytes, "remote write");
  const builder = new RequestBuilder();
  const cursor = cache && new LabelCursor(cache, reader.view);
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) {
      readSeries(reader, builder, cursor);
      if (cursor) readSteadySeries(reader, builder, cursor);
    } else if (tag === 0x1a) builder.addMetadata(readMetadata(reader));
    else reader.skip(tag);
  }
  return builder.finish(cursor?.end(builder.itemCount));
}

function readSeries(
  reader: ProtoReader,
  builder: RequestBuilder,
  cursor: LabelCursor | undefined,
): void {
  const outer = reader.enter();
  const start = reader.position;
  const expected = cursor?.expected(start, reader.end);
  let labelsEnd = start + (expected?.length ?? 0);
  reader.position = labelsEnd;
  // Senders write the labels first: their bytes as a whole are the key of the cache.
  while (reader.position < reader.end && reader.bytes[reader.position] === TAG_LABEL) {
    reader.skip(reader.nextTag());
    labelsEnd = reader.position;
  }
  let lateLabels: string[] | undefined;
  let exemplars: PendingExemplar[] | undefined;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x12) builder.readSample(reader);
    else if (tag === 0x1a) {
      exemplars ??= [];
      exemplars.push(readExemplar(reader));
    } else if (tag === 0x22) builder.readHistogram(reader);
    else if (tag === TAG_LABEL) {
      lateLabels ??= [];
      readLabel(reader, lateLabels);
    } else reader.skip(tag);
  }
  const range = { start, end: labelsEnd };
  let labels: Labels | undefined;
  if (lateLabels !== undefined || cursor === undefined) {
    labels = readLabelRun(reader, range, lateLabels);
    cursor?.interrupt();
  } else {
    const isExpected = expected !== undefined && expected.length === labelsEnd - start;
    labels = isExpected
      ? cursor.take(expected)
      : cursor.find(range, () => readLabelRun(reader, range, lateLabels));
  }
  reader.leave(outer);
  builder.endSeries(labels, exemplars);
}

function readLabelRun(
  reader: ProtoReader,
  { start, end }: { start: number; end: number },
  lateLabels: readonly string[] | undefined,
): Labels | undefined {
  const flat: string[] = [];
  reader.position = start;
  while (reader.position < end) {
    reader.nextTag();
    readLabel(reader, flat);
  }
  return checkedLabels(lateLabels === undefined ? flat : [...flat, ...lateLabels]);
}

function readLabel(reader: ProtoReader, flat: string[]): void {
  const outer = reader.enter();
  let name = "";
  let value = "";
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) name = reader.string();
    else if (tag === 0x12) value = reader.string();
    else reader.skip(tag);
  }
  reader.leave(outer);
  flat.push(name, value);
}

function readExemplar(reader: ProtoReader): PendingExemplar {
  const outer = reader.enter();
  const flat: string[] = [];
  let value = 0;
  let timestampMs = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) readLabel(reader, flat);
    else if (tag === 0x11) value = reader.double();
    else if (tag === 0x18) timestampMs = reader.int64AsNumber();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { labels: looseLabels(flat), value, timestampMs };
}

/** Labels of an exemplar: no metric name needed, any order. */
function looseLabels(flat: readonly string[]): Labels {
  const pairs: [string, string][] = [];
  for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i]!, flat[i + 1]!]);
  return labelsFromPairs(pairs);
}

function readMetadata(reader: ProtoReader): MetricMetadata {
  const outer = reader.enter();
  let type: MetricType = "unknown";
  let name = "";
  let help = "";
  let unit = "";
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x08) type = METRIC_TYPES[reader.int32()] ?? "unknown";
    else if (tag === 0x12) name = reader.string();
    else if (tag === 0x22) help = reader.string();
    else if (tag === 0x2a) unit = reader.string();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { name, type, unit, help };
}
