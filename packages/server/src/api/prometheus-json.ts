import { type LabelledSeries, type Labels, labelsToRecord, type NativeHistogram } from "@avx/model";
import {
  type BoundedBucket,
  bucketsInOrder,
  type QueryResult,
  type VectorSample,
} from "@avx/promql";
import { JsonBytes } from "./json-bytes.ts";
import { sampleText, secondsText } from "./number-text.ts";

/** What stands beside `data` in an answer frame of Prometheus. */
export interface FrameNotes {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** `{status: "success", data, warnings?, infos?}`. */
export function successFrame(data: unknown, notes: FrameNotes = {}): string {
  return `{"status":"success","data":${JSON.stringify(data)}${notesText(notes)}}`;
}

/**
 * The answer of query and query_range as UTF-8, in pieces that have memory of their own; `statsJson`
 * is put in as it is when not empty.
 */
export function* queryResultChunks(
  result: QueryResult,
  statsJson: string,
): Generator<Uint8Array<ArrayBuffer>> {
  const { value } = result;
  const json = new JsonBytes();
  json.text(`{"status":"success","data":{"resultType":"${value.type}","result":`);
  if (value.type === "scalar") {
    json.text(`[${secondsText(value.timestampMs)},"${sampleText(value.value)}"]`);
  } else if (value.type === "string") {
    json.text(`[${secondsText(value.timestampMs)},${JSON.stringify(value.value)}]`);
  } else if (value.type === "vector") {
    yield* listed(value.samples, json, (sample) => json.text(vectorItem(sample)));
  } else {
    yield* listed(value.series, json, (series) => putSeries(series, json));
  }
  if (statsJson !== "") json.text(`,"stats":${statsJson}`);
  json.text(`}${notesText(result)}}`);
  yield json.rest();
}

function notesText({ warnings = [], infos = [] }: FrameNotes): string {
  const warningText = warnings.length > 0 ? `,"warnings":${JSON.stringify(warnings)}` : "";
  return infos.length > 0 ? `${warningText},"infos":${JSON.stringify(infos)}` : warningText;
}

/** A list of what `put` appends for each item; pieces that are ready are handed out on the way. */
function* listed<T>(
  items: readonly T[],
  json: JsonBytes,
  put: (item: T) => void,
): Generator<Uint8Array<ArrayBuffer>> {
  json.text("[");
  for (const [i, item] of items.entries()) {
    if (i > 0) json.text(",");
    put(item);
    const piece = json.piece();
    if (piece) yield piece;
  }
  json.text("]");
}

function vectorItem(sample: VectorSample): string {
  const at = secondsText(sample.timestampMs);
  const point =
    sample.histogram === undefined
      ? `"value":[${at},"${sampleText(sample.value)}"]`
      : `"histogram":[${at},${histogramText(sample.histogram)}]`;
  return `{"metric":${metricText(sample.labels)},${point}}`;
}

function putSeries(series: LabelledSeries, json: JsonBytes): void {
  const { timestampsMs, values, histograms = [] } = series;
  json.text(`{"metric":${metricText(series.labels)}`);
  const shown = histograms.flatMap((histogram, i) => (histogram ? [{ histogram, i }] : []));
  if (shown.length < values.length || shown.length === 0) {
    json.text(',"values":[');
    const isFloat = (_: number, i: number) => histograms[i] === undefined;
    if (shown.length === 0) json.points(timestampsMs, values);
    else json.points(timestampsMs.filter(isFloat), values.filter(isFloat));
    json.text("]");
  }
  for (const [k, { histogram, i }] of shown.entries()) {
    const before = k === 0 ? ',"histograms":[' : ",";
    json.text(`${before}[${secondsText(timestampsMs[i]!)},${histogramText(histogram)}]`);
  }
  json.text(shown.length === 0 ? "}" : "]}");
}

function metricText(labels: Labels): string {
  return JSON.stringify(labelsToRecord(labels));
}

/**
 * `{count, sum, buckets: [[rule, lower, upper, count]]}`; only buckets that hold something. A zero
 * bucket with a negative count is shown, so that the buckets add up to the count.
 */
function histogramText(histogram: NativeHistogram): string {
  const buckets: string[] = [];
  for (const bucket of bucketsInOrder(histogram, histogram.zeroCount !== 0)) {
    if (bucket.count === 0) continue;
    const bounds = `"${sampleText(bucket.lower)}","${sampleText(bucket.upper)}"`;
    buckets.push(`[${boundaryRule(bucket)},${bounds},"${sampleText(bucket.count)}"]`);
  }
  const head = `"count":"${sampleText(histogram.count)}","sum":"${sampleText(histogram.sum)}"`;
  return buckets.length === 0 ? `{${head}}` : `{${head},"buckets":[${buckets.join(",")}]}`;
}

/**
 * Prometheus' numbers: 0 = open left, 1 = open right, 2 = open both, 3 = closed both. A bound is
 * inclusive on the side away from zero, and on both sides for a zero bucket of width 0.
 */
function boundaryRule({ lower, upper }: BoundedBucket): number {
  const isPoint = lower === 0 && upper === 0;
  const lowerInclusive = lower < 0 || isPoint;
  const upperInclusive = upper > 0 || isPoint;
  if (lowerInclusive) return upperInclusive ? 3 : 1;
  return upperInclusive ? 0 : 2;
}
