import {
  type Labels,
  labelsFromPairs,
  labelValue,
  METRIC_NAME,
  type MetricMetadata,
  type MetricType,
} from "@avx/model";
import { readRepeated } from "../protobuf/packed.ts";
import { ProtoReader } from "../protobuf/reader.ts";
import { checkedLabels } from "./label-validity.ts";
import { METRIC_TYPES, type RemoteWriteRequest } from "./remote-write.ts";
import { type PendingExemplar, RequestBuilder } from "./request-builder.ts";

const NO_REFERENCES = new Float64Array(0);

/**
 * Decodes an `io.prometheus.write.v2.Request` (remote write 2.0, already inflated): labels are
 * references into a table of strings. A reference beyond the table, or a table that does not start
 * with "", throws `malformed_payload`.
 */
export function decodeWriteRequestV2(bytes: Uint8Array): RemoteWriteRequest {
  const reader = new ProtoReader(bytes, "remote write 2.0");
  const symbols = readSymbols(reader);
  const decoder: SeriesContext = { reader, symbols, builder: new RequestBuilder() };
  const seen = new Set<string>();
  reader.position = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x2a) readSeries(decoder, seen);
    else reader.skip(tag);
  }
  return decoder.builder.finish();
}

interface SeriesContext {
  readonly reader: ProtoReader;
  readonly symbols: readonly string[];
  readonly builder: RequestBuilder;
}

/** Symbols are read first: the order of fields in a message is free. */
function readSymbols(reader: ProtoReader): string[] {
  const symbols: string[] = [];
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x22) symbols.push(reader.string());
    else reader.skip(tag);
  }
  if (symbols.length > 0 && symbols[0] !== "") throw reader.fault("symbols[0] is not empty", 0);
  return symbols;
}

function readSeries(context: SeriesContext, seen: Set<string>): void {
  const { reader, builder } = context;
  const outer = reader.enter();
  let references: Float64Array = NO_REFERENCES;
  const exemplars: PendingExemplar[] = [];
  let metadata: SymbolMetadata | undefined;
  let createdMs = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a || tag === 0x08) references = readReferences(reader, tag, references);
    else if (tag === 0x12) builder.readSample(reader);
    else if (tag === 0x1a) builder.readHistogram(reader);
    else if (tag === 0x22) exemplars.push(readExemplar(context));
    else if (tag === 0x2a) metadata = readMetadata(context);
    else if (tag === 0x30) createdMs = reader.int64AsNumber();
    else reader.skip(tag);
  }
  reader.leave(outer);
  builder.setSeriesStart(createdMs);
  const labels = checkedLabels(resolve(context, references));
  builder.endSeries(labels, exemplars);
  if (labels === undefined || metadata === undefined) return;
  const described = { ...metadata, name: familyName(labelValue(labels, METRIC_NAME), metadata) };
  if (isEmpty(described) || seen.has(described.name)) return;
  seen.add(described.name);
  builder.addMetadata(described);
}

function readReferences(reader: ProtoReader, tag: number, values: Float64Array): Float64Array {
  return readRepeated(reader, { tag, values, read: (r) => r.uint32() });
}

function resolve({ reader, symbols }: SeriesContext, references: Float64Array): string[] {
  if (references.length % 2 !== 0) throw reader.fault("odd number of label references");
  return Array.from(references, (reference) => {
    const text = symbols[reference];
    if (text === undefined) throw reader.fault(`no symbol ${reference}`);
    return text;
  });
}

function readExemplar(context: SeriesContext): PendingExemplar {
  const { reader } = context;
  const outer = reader.enter();
  let references: Float64Array = NO_REFERENCES;
  let value = 0;
  let timestampMs = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a || tag === 0x08) references = readReferences(reader, tag, references);
    else if (tag === 0x11) value = reader.double();
    else if (tag === 0x18) timestampMs = reader.int64AsNumber();
    else reader.skip(tag);
  }
  reader.leave(outer);
  const texts = resolve(context, references);
  const labels: Labels = labelsFromPairs(
    Array.from({ length: texts.length / 2 }, (_, i) => [texts[2 * i]!, texts[2 * i + 1]!] as const),
  );
  return { labels, value, timestampMs };
}

type SymbolMetadata = Omit<MetricMetadata, "name">;

function readMetadata({ reader, symbols }: SeriesContext): SymbolMetadata {
  const outer = reader.enter();
  let type: MetricType = "unknown";
  let help = "";
  let unit = "";
  const symbol = (reference: number): string => {
    const text = symbols[reference];
    if (text === undefined && reference !== 0) throw reader.fault(`no symbol ${reference}`);
    return text ?? "";
  };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x08) type = METRIC_TYPES[reader.int32()] ?? "unknown";
    else if (tag === 0x18) help = symbol(reader.uint32());
    else if (tag === 0x20) unit = symbol(reader.uint32());
    else reader.skip(tag);
  }
  reader.leave(outer);
  return { type, help, unit };
}

/** In 2.0 each series carries its family's metadata: the name without the suffix of the series. */
function familyName(series: string, { type }: SymbolMetadata): string {
  const hasParts = type === "histogram" || type === "gaugehistogram" || type === "summary";
  return hasParts ? series.replace(/_(bucket|sum|count|gsum|gcount)$/, "") : series;
}

function isEmpty({ type, help, unit }: SymbolMetadata): boolean {
  return type === "unknown" && help === "" && unit === "";
}
