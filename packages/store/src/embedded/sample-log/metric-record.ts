import { deserialize, serialize } from "node:v8";
import {
  type Exemplar,
  type Labels,
  labelsFromSorted,
  type MetricMetadata,
  type NativeHistogram,
  type SampleColumns,
} from "@avx/model";
import { type AdmittedSamples, extentOf, type SampleRun } from "../../head/admission.ts";
import type { HeadSeries } from "../../head/head-series.ts";
import type { SteadyBatch } from "../../head/steady-batch.ts";
import { type RecordColumns, RecordLayout } from "./record-layout.ts";

/** From this many values on one bulk copy is faster than a loop. */
const BULK_COPY_VALUES = 32;

/** What one append writes to the log. */
export interface MetricRecord {
  readonly taken: AdmittedSamples;
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
  const { runs, samples } = extentOf(record.taken);
  const layout = new RecordLayout(runs, samples, restBytes?.length ?? 0);
  const target = buffer.byteLength >= layout.bytes ? buffer : new ArrayBuffer(layout.bytes * 2);
  layout.writeHeader(target);
  const columns = layout.columns(target);
  const written = writeRuns(record.taken.runs, columns);
  if (record.taken.steady) writeSteady(record.taken.steady, columns, written);
  const bytes = new Uint8Array(target, 0, layout.bytes);
  if (restBytes) bytes.set(restBytes, layout.restOffset);
  return bytes;
}

type Definition = readonly [number, readonly string[]];

function restOf(
  { taken, metadata, exemplars }: MetricRecord,
  segment: number,
): RecordRest | undefined {
  const definitions: Definition[] = [];
  const extras: RunExtras[] = [];
  taken.runs.forEach(({ series, columns, from, to }, run) => {
    define(series, segment, definitions);
    if (!columns.histograms && !columns.startTimestampsMs) return;
    const histograms = columns.histograms?.slice(from, to);
    extras.push({ run, histograms, startTimestampsMs: columns.startTimestampsMs?.slice(from, to) });
  });
  const list = taken.steady?.list;
  if (list && list.definedInSegment !== segment) {
    for (const series of list.series) define(series, segment, definitions);
    list.definedInSegment = segment;
  }
  const isEmpty = definitions.length + extras.length + metadata.length + exemplars.length === 0;
  return isEmpty ? undefined : { definitions, extras, metadata, exemplars };
}

function define(series: HeadSeries, segment: number, definitions: Definition[]): void {
  if (series.definedInSegment === segment) return;
  series.definedInSegment = segment;
  definitions.push([series.id, series.labels]);
}

/** Returns the numbers of samples and of runs that are written. */
function writeRuns(
  runs: readonly SampleRun[],
  { firstMs, values, ids, counts, offsets }: RecordColumns,
): { readonly samples: number; readonly runs: number } {
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
  return { samples: at, runs: runs.length };
}

/** One run for each series of the batch, behind those that are written. */
function writeSteady(
  { list, columns }: SteadyBatch,
  { firstMs, values, ids, counts, offsets }: RecordColumns,
  written: { readonly samples: number; readonly runs: number },
): void {
  const { ends, timestampsMs } = columns;
  ids.set(list.ids, written.runs);
  let run = written.runs;
  let at = written.samples;
  let from = 0;
  for (let i = 0; i < ends.length; i++, run++) {
    const to = ends[i]!;
    const first = timestampsMs[from]!;
    firstMs[run] = first;
    counts[run] = to - from;
    for (let k = from; k < to; k++, at++) offsets[at] = timestampsMs[k]! - first;
    from = to;
  }
  // The bits of values stay as they are: a copy of bytes.
  values.set(columns.values.subarray(0, from), written.samples);
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
