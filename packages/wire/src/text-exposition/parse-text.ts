import type { MetricType } from "@avx/model";
import { TextCursor, unescapeHelp } from "./cursor.ts";
import type { Exposition, ExpositionSample } from "./exposition.ts";
import { FamilyMetadata } from "./family-metadata.ts";
import { hasMore, readSeriesLabels, readValue } from "./sample-parts.ts";

const TYPES: ReadonlyMap<string, MetricType> = new Map<string, MetricType>([
  ["counter", "counter"],
  ["gauge", "gauge"],
  ["histogram", "histogram"],
  ["summary", "summary"],
  ["untyped", "unknown"],
]);
const INTEGER = /^[+-]?[0-9]{1,18}$/;

/**
 * Parses the Prometheus text format 0.0.4 (also with quoted UTF-8 names). Any fault throws
 * `malformed_payload` with the line; nothing of such a scrape counts.
 */
export function parseTextExposition(bytes: Uint8Array): Exposition {
  const cursor = new TextCursor(bytes, "Prometheus text");
  const samples: ExpositionSample[] = [];
  const metadata = new FamilyMetadata();
  while (!cursor.isAtEnd) {
    cursor.skipBlanks();
    if (cursor.isAtLineEnd) cursor.endLine();
    else if (cursor.take("#")) readComment(cursor, metadata);
    else samples.push(readSample(cursor, metadata.lastType));
  }
  return { samples, metadata: metadata.list() };
}

function readComment(cursor: TextCursor, metadata: FamilyMetadata): void {
  cursor.skipBlanks();
  const keyword = cursor.token();
  if (keyword !== "HELP" && keyword !== "TYPE") {
    cursor.restOfLine();
    cursor.endLine();
    return;
  }
  cursor.skipBlanks();
  const isQuoted = cursor.text.charAt(cursor.at) === '"';
  const name = isQuoted ? cursor.quoted("metric name") : cursor.name(true);
  if (name === "") throw cursor.fault(`expected a metric name after ${keyword}`);
  cursor.skipBlanks();
  const text = cursor.restOfLine();
  if (keyword === "HELP") metadata.setHelp(name, unescapeHelp(text));
  else {
    const type = TYPES.get(text.trim());
    if (type === undefined) throw cursor.fault(`metric type ${JSON.stringify(text)} is not known`);
    metadata.setType(name, type);
  }
  cursor.endLine();
}

function readSample(cursor: TextCursor, type: MetricType | undefined): ExpositionSample {
  const labels = readSeriesLabels(cursor, "any", type);
  const value = readValue(cursor, "any", "value");
  if (!hasMore(cursor, "any")) {
    cursor.endLine();
    return { labels, value };
  }
  const text = cursor.token();
  if (!INTEGER.test(text))
    throw cursor.fault(`timestamp ${JSON.stringify(text)} is not an integer`);
  cursor.skipBlanks();
  cursor.endLine();
  return { labels, value, timestampMs: Number(text) };
}
