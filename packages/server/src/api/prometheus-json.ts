import { type LabelledSeries, type Labels, labelsToRecord, type NativeHistogram } from "@avx/model";
import {
  type BoundedBucket,
  bucketsInOrder,
  type QueryResult,
  type VectorSample,
} from "@avx/promql";
import { sampleText, secondsText } from "./number-text.ts";

/** Text is handed to the socket in pieces of about this size, so that a large answer streams. */
const CHUNK_CHARACTERS = 64 * 1024;

/** What stands beside `data` in an answer frame of Prometheus. */
export interface FrameNotes {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** `{status: "success", data, warnings?, infos?}`. */
export function successFrame(data: unknown, notes: FrameNotes = {}): string {
  return `{"status":"success","data":${JSON.stringify(data)}${notesText(notes)}}`;
}

/** The answer of query and query_range, in pieces; `statsJson` is put in as it is when not empty. */
export function* queryResultChunks(result: QueryResult, statsJson: string): Generator<string> {
  const { value } = result;
  const type = value.type;
  yield `{"status":"success","data":{"resultType":"${type}","result":`;
  if (value.type === "scalar") {
    yield `[${secondsText(value.timestampMs)},"${sampleText(value.value)}"]`;
  } else if (value.type === "string") {
    yield `[${secondsText(value.timestampMs)},${JSON.stringify(value.value)}]`;
  } else {
    yield* arrayChunks(
      value.type === "vector" ? value.samples.map(vectorItem) : matrixItems(value.series),
    );
  }
  if (statsJson !== "") yield `,"stats":${statsJson}`;
  yield `}${notesText(result)}}`;
}

function notesText({ warnings = [], infos = [] }: FrameNotes): string {
  const warningText = warnings.length > 0 ? `,"warnings":${JSON.stringify(warnings)}` : "";
  return infos.length > 0 ? `${warningText},"infos":${JSON.stringify(infos)}` : warningText;
}

function* arrayChunks(items: Iterable<string>): Generator<string> {
  let pending = "[";
  let first = true;
  for (const item of items) {
    pending += first ? item : `,${item}`;
    first = false;
    if (pending.length >= CHUNK_CHARACTERS) {
      yield pending;
      pending = "";
    }
  }
  yield `${pending}]`;
}

function vectorItem(sample: VectorSample): string {
  const at = secondsText(sample.timestampMs);
  const point =
    sample.histogram === undefined
      ? `"value":[${at},"${sampleText(sample.value)}"]`
      : `"histogram":[${at},${histogramText(sample.histogram)}]`;
  return `{"metric":${metricText(sample.labels)},${point}}`;
}

function* matrixItems(series: readonly LabelledSeries[]): Generator<string> {
  const prefixes = new Map<number, string>();
  for (const one of series) {
    const { floats, histograms } = pointTexts(one, prefixes);
    let item = `{"metric":${metricText(one.labels)}`;
    if (floats !== "" || histograms === "") item += `,"values":[${floats}]`;
    if (histograms !== "") item += `,"histograms":[${histograms}]`;
    yield `${item}}`;
  }
}

/** The points of a series; `prefixes` keeps the text of a time, as series share their steps. */
function pointTexts(series: LabelledSeries, prefixes: Map<number, string>) {
  const { timestampsMs, values } = series;
  let floats = "";
  let histograms = "";
  for (let i = 0; i < timestampsMs.length; i++) {
    const timestampMs = timestampsMs[i]!;
    let prefix = prefixes.get(timestampMs);
    if (prefix === undefined) {
      prefix = `[${secondsText(timestampMs)},`;
      prefixes.set(timestampMs, prefix);
    }
    const histogram = series.histograms?.[i];
    if (histogram === undefined) {
      const text = sampleText(values[i]!);
      floats += floats === "" ? `${prefix}"${text}"]` : `,${prefix}"${text}"]`;
    } else {
      const text = histogramText(histogram);
      histograms += histograms === "" ? `${prefix}${text}]` : `,${prefix}${text}]`;
    }
  }
  return { floats, histograms };
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
