import type { MetricType } from "@avx/model";
import { attachCreated } from "./created.ts";
import { TextCursor, unescapeHelp } from "./cursor.ts";
import type { Exposition, ExpositionExemplar, ExpositionSample } from "./exposition.ts";
import { FamilyMetadata } from "./family-metadata.ts";
import {
  hasMore,
  readExemplarLabels,
  readFinite,
  readSeriesLabels,
  readValue,
} from "./sample-parts.ts";

const TYPES: ReadonlySet<string> = new Set<MetricType>([
  "counter",
  "gauge",
  "histogram",
  "gaugehistogram",
  "summary",
  "info",
  "stateset",
  "unknown",
]);
const MILLIS_PER_SECOND = 1000;

/**
 * Parses OpenMetrics 1.0: one space between tokens, "# EOF" at the end, exemplars, units;
 * `_created` lines become the start time of their series. Faults throw `malformed_payload`.
 */
export function parseOpenMetrics(bytes: Uint8Array): Exposition {
  const cursor = new TextCursor(bytes, "OpenMetrics");
  const samples: ExpositionSample[] = [];
  const metadata = new FamilyMetadata();
  for (;;) {
    if (cursor.isAtEnd) throw cursor.fault("data does not end with # EOF");
    if (cursor.take("# EOF")) break;
    if (cursor.take("# ")) readDescriptor(cursor, metadata);
    else samples.push(readSample(cursor, metadata.lastType));
  }
  cursor.take("\n");
  if (!cursor.isAtEnd) throw cursor.fault("unexpected data after # EOF");
  return { samples: attachCreated(samples, metadata), metadata: metadata.list() };
}

function readDescriptor(cursor: TextCursor, metadata: FamilyMetadata): void {
  const keyword = cursor.name(false);
  if (keyword !== "TYPE" && keyword !== "HELP" && keyword !== "UNIT") {
    throw cursor.fault("expected TYPE, HELP, UNIT or EOF after #");
  }
  cursor.expect(" ", `one space after ${keyword}`);
  const isQuoted = cursor.text.charAt(cursor.at) === '"';
  const name = isQuoted ? cursor.quoted("metric name") : cursor.name(true);
  if (name === "") throw cursor.fault(`expected a metric name after ${keyword}`);
  cursor.expect(" ", `text in ${keyword}`);
  const text = cursor.restOfLine();
  if (keyword === "HELP") metadata.setHelp(name, unescapeHelp(text));
  else if (keyword === "TYPE") metadata.setType(name, metricType(cursor, text));
  else {
    if (text !== "" && !name.endsWith(`_${text}`)) {
      throw cursor.fault(`unit ${JSON.stringify(text)} is not a suffix of ${name}`);
    }
    metadata.setUnit(name, text);
  }
  cursor.endLine();
}

function metricType(cursor: TextCursor, text: string): MetricType {
  if (!TYPES.has(text)) throw cursor.fault(`metric type ${JSON.stringify(text)} is not known`);
  // Proof of the `as`: TYPES was made of MetricType values.
  return text as MetricType;
}

function readSample(cursor: TextCursor, type: MetricType | undefined): ExpositionSample {
  const labels = readSeriesLabels(cursor, "single-space", type);
  const value = readValue(cursor, "single-space", "value");
  let sample: ExpositionSample = { labels, value };
  if (hasMore(cursor, "single-space") && !cursor.text.startsWith(" # ", cursor.at)) {
    const seconds = readFinite(cursor, "single-space", "timestamp");
    sample = { ...sample, timestampMs: toMillis(seconds) };
  }
  if (cursor.take(" # ")) sample = { ...sample, exemplar: readExemplar(cursor) };
  cursor.endLine();
  return sample;
}

function readExemplar(cursor: TextCursor): ExpositionExemplar {
  const labels = readExemplarLabels(cursor, "single-space");
  const value = readValue(cursor, "single-space", "exemplar value");
  if (!hasMore(cursor, "single-space")) return { labels, value };
  const seconds = readFinite(cursor, "single-space", "exemplar timestamp");
  return { labels, value, timestampMs: toMillis(seconds) };
}

function toMillis(seconds: number): number {
  return Math.round(seconds * MILLIS_PER_SECOND);
}
