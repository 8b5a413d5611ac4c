import { deserialize, serialize } from "node:v8";
import {
  type Exemplar,
  type Labels,
  labelsFromSorted,
  type MetricMetadata,
  type NativeHistogram,
  type SampleColumns,
} from "@avx/model";
import type { SampleRun } from "../head/admission.ts";
import { RecordLayout } from "./record-layout.ts";

/** From this many values on one bulk copy is faster than a loop. */
const BULK_COPY_VALUES = 32;

/** What one append writes to the log. */
export interface MetricRecord {
  readonly runs: readonly SampleRun[];
  readonly metadata: readonly MetricMetadata[];
  readonly exemplars: readonly Exemplar[];
}

/** Parts of a run that most series do not have. */
interface RunExtras {
  readonly run: number;
  readonly histograms: readonly (NativeHistogram | undefined)[] | undefined;
  readonly startTimestampsMs: Float64Array | undefined;
}

/** What does not fit into columns; absent in most records. */
interface RecordRest {
  /** Id and labels of the series that the segment did not have yet. */
  readonly definitions: readonly (readonly [number, readonly string[]])[];
  readonly extras: readonly RunExtras[];
  readonly metadata: readonly MetricMetadata[];
  readonly exemplars: readonly Exemplar[];
}

/**
 * Writes a record into `buffer` when it fits, else into a new one, and returns its bytes: columns of
 * all runs, then definitions and other rare parts. Marks the series as defined in the segment.
 */
export function encodeMetricRecord(
  record: MetricRecord,
  segment: number,
  buffer: ArrayBuffer,
): Uint8Array {
  const rest = restOf(record, segment);
  const restBytes = rest ? serialize(rest) : undefined;
  let samples = 0;
  for (const { from, to } of record.runs) samples += to - from;
  const layout = new RecordLayout(record.runs.length, samples, restBytes?.length ?? 0);
  const target = buffer.byteLength >= layout.bytes ? buffer : new ArrayBuffer(layout.bytes * 2);
  layout.writeHeader(target);
  writeRuns(record.runs, layout, target);
  const bytes = new Uint8Array(target, 0, layout.bytes);
  if (restBytes) bytes.set(restBytes, layout.restOffset);
  return bytes;
}

function restOf(
  { runs, metadata, exemplars }: MetricRecord,
  segment: number,
): RecordRest | undefined {
  const definitions: (readonly [number, readonly string[]])[] = [];
  const extras: RunExtras[] = [];
  runs.forEach(({ series, columns, from, to }, run) => {
    if (series.definedInSegment !== segment) {
      series.definedInSegment = segment;
      definitions.push([series.id, series.labels]);
    }
    if (!columns.histograms && !columns.startTimestampsMs) return;
    const histograms = columns.histograms?.slice(from, to);
    extras.push({ run, histograms, startTimestampsMs: columns.startTimestampsMs?.slice(from, to) });
  });
  const isEmpty = definitions.length + extras.length + metadata.length + exemplars.length === 0;
  return isEmpty ? undefined : { definitions, extras, metadata, exemplars };
}

function writeRuns(runs: readonly SampleRun[], layout: RecordLayout, target: ArrayBuffer): void {
  const { firstMs, values, ids, counts, offsets } = layout.columns(target);
  let at = 0;
  for (let run = 0; run < runs.length; run++) {
    const { series, columns, from, to } = runs[run]!;
    const times = columns.timestampsMs;
    const first = times[from]!;
    ids[run] = series.id;
    counts[run] = to - from;
    firstMs[run] = first;
    for (let i = from, k = at; i < to; i++, k++) offsets[k] = times[i]! - first;
    copyValues({ source: columns.values, from, to }, values, at);
    at += to - from;
  }
}

/** Bit for bit: see `SampleBlock`, a NaN must not go through a loop. */
function copyValues(
  { source, from, to }: { source: Float64Array; from: number; to: number },
  target: Float64Array,
  at: number,
): void {
  if (to - from >= BULK_COPY_VALUES) {
    target.set(source.subarray(from, to), at);
    return;
  }
  for (let i = from, k = at; i < to; i++, k++) {
    const value = source[i]!;
    if (Number.isNaN(value)) target.set(source.subarray(i, i + 1), k);
    else target[k] = value;
  }
}

/** What a record says, in its order: definitions come first. */
export interface MetricRecordVisitor {
  define(id: number, labels: Labels): void;
  /** Samples `from..to` of the columns, which may hold those of other runs too. */
  run(id: number, columns: SampleColumns, bounds: { from: number; to: number }): void;
  rest(metadata: readonly MetricMetadata[], exemplars: readonly Exemplar[]): void;
}

/** Reads a record whose checksum was right; it is our own, so its shape is trusted. */
export function decodeMetricRecord(payload: Uint8Array, visitor: MetricRecordVisitor): void {
  const aligned = new ArrayBuffer(payload.length);
  const bytes = new Uint8Array(aligned);
  bytes.set(payload);
  const layout = RecordLayout.readHeader(aligned);
  const rest = readRest(bytes.subarray(layout.restOffset));
  for (const [id, labels] of rest.definitions) visitor.define(id, labelsFromSorted([...labels]));
  const extrasOfRun = new Map(rest.extras.map((extras) => [extras.run, extras]));
  const { firstMs, values, ids, counts, offsets } = layout.columns(aligned);
  const timestampsMs = new Float64Array(layout.samples);
  const columns = { timestampsMs, values };
  let to = 0;
  for (let run = 0; run < ids.length; run++) {
    const from = to;
    to += counts[run]!;
    const first = firstMs[run]!;
    for (let i = from; i < to; i++) timestampsMs[i] = first + offsets[i]!;
    const extras = extrasOfRun.get(run);
    if (extras) {
      visitor.run(ids[run]!, ownColumns(columns, extras, { from, to }), { from: 0, to: to - from });
    } else visitor.run(ids[run]!, columns, { from, to });
  }
  visitor.rest(rest.metadata, rest.exemplars);
}

function ownColumns(
  { timestampsMs, values }: SampleColumns,
  { histograms, startTimestampsMs }: RunExtras,
  { from, to }: { from: number; to: number },
): SampleColumns {
  return {
    timestampsMs: timestampsMs.slice(from, to),
    values: values.slice(from, to),
    ...(histograms ? { histograms } : {}),
    ...(startTimestampsMs ? { startTimestampsMs } : {}),
  };
}

function readRest(bytes: Uint8Array): RecordRest {
  if (bytes.length === 0) return { definitions: [], extras: [], metadata: [], exemplars: [] };
  // Proof of the `as`: encodeMetricRecord wrote it, from the same type.
  return deserialize(bytes) as RecordRest;
}
