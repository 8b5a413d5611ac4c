import { deserialize, serialize } from "node:v8";
import {
  type Exemplar,
  type Labels,
  labelsFromSorted,
  type MetricMetadata,
  type NativeHistogram,
  type SampleColumns,
} from "@avx/model";
import { ByteWriter } from "../engine/byte-writer.ts";
import type { SampleRun } from "../head/admission.ts";

/** Bytes of a run before its samples: series, count, first time, length of the extras. */
const RUN_HEADER_BYTES = 20;
const BYTES_PER_SAMPLE = 12;

/** What one append writes to the log. */
export interface MetricRecord {
  readonly runs: readonly SampleRun[];
  readonly metadata: readonly MetricMetadata[];
  readonly exemplars: readonly Exemplar[];
}

/** Parts of a run that most series do not have. */
interface RunExtras {
  readonly histograms?: readonly (NativeHistogram | undefined)[];
  readonly startTimestampsMs?: Float64Array;
}

/**
 * A record: definitions of the series that `segment` does not have yet, then the runs, then
 * metadata and exemplars. Marks the series as defined in the segment.
 */
export function encodeMetricRecord(record: MetricRecord, segment: number): Uint8Array {
  const { runs, metadata, exemplars } = record;
  const fresh = new Set<SampleRun["series"]>();
  let samples = 0;
  for (const { series, from, to } of runs) {
    samples += to - from;
    if (series.definedInSegment !== segment) fresh.add(series);
  }
  const writer = new ByteWriter(samples * BYTES_PER_SAMPLE + runs.length * RUN_HEADER_BYTES + 1024);
  writer.u32(fresh.size);
  for (const series of fresh) {
    writer.u32(series.id);
    writer.u32(series.labels.length);
    for (const part of series.labels) writer.string(part);
    series.definedInSegment = segment;
  }
  writer.u32(runs.length);
  for (const run of runs) encodeRun(writer, run);
  const hasRest = metadata.length > 0 || exemplars.length > 0;
  encodeBlob(writer, hasRest ? { metadata, exemplars } : undefined);
  return writer.view();
}

function encodeRun(writer: ByteWriter, { series, columns, from, to }: SampleRun): void {
  const { timestampsMs, values, histograms, startTimestampsMs } = columns;
  const firstMs = timestampsMs[from]!;
  writer.u32(series.id);
  writer.u32(to - from);
  writer.f64(firstMs);
  writer.offsets(timestampsMs, from, to);
  writer.floats(values, from, to);
  const extras: RunExtras = {
    ...(histograms ? { histograms: histograms.slice(from, to) } : {}),
    ...(startTimestampsMs ? { startTimestampsMs: startTimestampsMs.slice(from, to) } : {}),
  };
  encodeBlob(writer, histograms || startTimestampsMs ? extras : undefined);
}

function encodeBlob(writer: ByteWriter, value: unknown): void {
  const bytes = value === undefined ? undefined : serialize(value);
  writer.u32(bytes?.length ?? 0);
  if (bytes) writer.bytes(bytes);
}

/** What a record says, read in its order. */
export interface MetricRecordVisitor {
  define(id: number, labels: Labels): void;
  run(id: number, columns: SampleColumns): void;
  rest(metadata: readonly MetricMetadata[], exemplars: readonly Exemplar[]): void;
}

/** Reads a record whose checksum was right; it is our own, so its shape is trusted. */
export function decodeMetricRecord(payload: Buffer, visitor: MetricRecordVisitor): void {
  const reader = new RecordReader(payload);
  for (let n = reader.u32(); n > 0; n--) {
    const id = reader.u32();
    const parts = Array.from({ length: reader.u32() }, () => reader.string());
    visitor.define(id, labelsFromSorted(parts));
  }
  for (let n = reader.u32(); n > 0; n--) {
    const id = reader.u32();
    visitor.run(id, reader.columns());
  }
  // Proof of the `as`: encodeMetricRecord wrote it, from the same types.
  const rest = reader.blob() as Omit<MetricRecord, "runs"> | undefined;
  if (rest) visitor.rest(rest.metadata, rest.exemplars);
}

class RecordReader {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  u32(): number {
    this.at += 4;
    return this.bytes.readUInt32LE(this.at - 4);
  }

  string(): string {
    let length = 0;
    let factor = 1;
    let byte: number;
    do {
      byte = this.bytes[this.at++]!;
      length += (byte & 127) * factor;
      factor *= 128;
    } while (byte > 127);
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }

  private copy(length: number): ArrayBuffer {
    const copy = new ArrayBuffer(length);
    new Uint8Array(copy).set(this.bytes.subarray(this.at, this.at + length));
    this.at += length;
    return copy;
  }

  columns(): SampleColumns {
    const count = this.u32();
    const firstMs = this.bytes.readDoubleLE(this.at);
    this.at += 8;
    const timestampsMs = Float64Array.from(new Uint32Array(this.copy(count * 4)));
    for (let i = 0; i < count; i++) timestampsMs[i]! += firstMs;
    const values = new Float64Array(this.copy(count * 8));
    // Proof of the `as`: encodeRun wrote it, from the same type.
    const extras = this.blob() as RunExtras | undefined;
    return { timestampsMs, values, ...extras };
  }

  blob(): unknown {
    const length = this.u32();
    this.at += length;
    return length === 0 ? undefined : deserialize(this.bytes.subarray(this.at - length, this.at));
  }
}
