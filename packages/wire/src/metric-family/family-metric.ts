import type { ProtoReader } from "../protobuf/reader.ts";
import type { ExpositionExemplar } from "../text-exposition/exposition.ts";
import { type FamilyHistogram, readFamilyHistogram } from "./family-histogram.ts";
import { readFamilyExemplar, readPair, readTimestampMs } from "./family-parts.ts";

/** A summary with its quantiles. */
export interface FamilySummary {
  readonly sum: number;
  readonly count: number;
  readonly quantiles: readonly { readonly quantile: number; readonly value: number }[];
}

/** One `Metric` of a family. */
export interface FamilyMetricRead {
  readonly labels: readonly (readonly [string, string])[];
  readonly value: number;
  readonly exemplar: ExpositionExemplar | undefined;
  readonly summary: FamilySummary | undefined;
  readonly histogram: FamilyHistogram | undefined;
  /** 0: none given. */
  readonly timestampMs: number;
  /** When it started; 0: none given. */
  readonly createdMs: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Reads a `Metric`; the reader stands at its length. Field numbers are those of metrics.proto. */
export function readFamilyMetric(reader: ProtoReader): FamilyMetricRead {
  const outer = reader.enter();
  const labels: [string, string][] = [];
  const metric: Mutable<FamilyMetricRead> = {
    ...{ labels, value: 0, timestampMs: 0, createdMs: 0 },
    ...{ exemplar: undefined, summary: undefined, histogram: undefined },
  };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) labels.push(readPair(reader));
    // gauge, counter, untyped
    else if (tag === 0x12 || tag === 0x1a || tag === 0x2a) readValue(reader, metric);
    else if (tag === 0x22) readSummary(reader, metric);
    else if (tag === 0x3a) Object.assign(metric, readFamilyHistogram(reader));
    else if (tag === 0x30) metric.timestampMs = reader.int64AsNumber();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return metric;
}

function readValue(reader: ProtoReader, metric: Mutable<FamilyMetricRead>): void {
  const outer = reader.enter();
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x09) metric.value = reader.double();
    else if (tag === 0x12) metric.exemplar = readFamilyExemplar(reader);
    else if (tag === 0x1a) metric.createdMs = readTimestampMs(reader);
    else reader.skip(tag);
  }
  reader.leave(outer);
}

function readSummary(reader: ProtoReader, metric: Mutable<FamilyMetricRead>): void {
  const outer = reader.enter();
  const quantiles: { quantile: number; value: number }[] = [];
  let count = 0;
  let sum = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x08) count = reader.uint64AsNumber();
    else if (tag === 0x11) sum = reader.double();
    else if (tag === 0x1a) quantiles.push(readQuantile(reader));
    else if (tag === 0x22) metric.createdMs = readTimestampMs(reader);
    else reader.skip(tag);
  }
  reader.leave(outer);
  metric.summary = { sum, count, quantiles };
}

function readQuantile(reader: ProtoReader): { quantile: number; value: number } {
  const outer = reader.enter();
  const found = { quantile: 0, value: 0 };
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x09) found.quantile = reader.double();
    else if (tag === 0x11) found.value = reader.double();
    else reader.skip(tag);
  }
  reader.leave(outer);
  return found;
}
