import {
  type Exemplar,
  type LabelledSeries,
  type Labels,
  labelsFromPairs,
  METRIC_NAME,
  type NativeHistogram,
  type PackedSeries,
  setStaleAt,
  withLabel,
} from "@avx/model";
import type { OtlpExemplar, OtlpPoint } from "../otlp/metric.ts";

const NANOS_PER_MILLI = 1_000_000n;

/** Unix nanoseconds -> milliseconds, rounded down. */
function nanosToMillis(nanos: bigint): number {
  return Number(nanos / NANOS_PER_MILLI);
}

/** The times of one data point, in Unix milliseconds. */
export interface PointTimes {
  readonly timestampMs: number;
  /** 0 = unknown. */
  readonly startTimestampMs: number;
  readonly stale: boolean;
}

/** The times of a point in milliseconds. */
export function pointTimes(point: OtlpPoint): PointTimes {
  return {
    timestampMs: nanosToMillis(point.timeUnixNano),
    startTimestampMs: nanosToMillis(point.startUnixNano),
    stale: point.noRecordedValue,
  };
}

/** Collects what one request becomes: series of one sample each, and exemplars. */
export class SeriesSink {
  /** Series with a native histogram. */
  readonly series: LabelledSeries[] = [];
  readonly exemplars: Exemplar[] = [];
  readonly #labelName: (attribute: string) => string;
  readonly #labels: Labels[] = [];
  readonly #timestampsMs: number[] = [];
  readonly #values: number[] = [];
  readonly #startsMs: number[] = [];
  readonly #staleRows: number[] = [];
  #hasStarts = false;

  constructor(labelName: (attribute: string) => string) {
    this.#labelName = labelName;
  }

  /** Adds a float sample, or the stale marker when the point has no recorded value. */
  addFloat(labels: Labels, value: number, times: PointTimes): void {
    if (times.stale) this.#staleRows.push(this.#labels.length);
    if (times.startTimestampMs !== 0) this.#hasStarts = true;
    this.#labels.push(labels);
    this.#timestampsMs.push(times.timestampMs);
    this.#values.push(value);
    this.#startsMs.push(times.startTimestampMs);
  }

  addHistogram(labels: Labels, histogram: NativeHistogram, times: PointTimes): void {
    const { timestampMs, startTimestampMs } = times;
    this.series.push({
      labels,
      timestampsMs: Float64Array.of(timestampMs),
      values: Float64Array.of(Number.NaN),
      histograms: [histogram],
      ...(startTimestampMs !== 0 && { startTimestampsMs: Float64Array.of(startTimestampMs) }),
    });
  }

  /** The float samples as columns. */
  packed(): PackedSeries {
    const values = new Float64Array(this.#values);
    for (const row of this.#staleRows) setStaleAt(values, row);
    return {
      labels: this.#labels,
      ends: Uint32Array.from(this.#labels, (_, i) => i + 1),
      timestampsMs: new Float64Array(this.#timestampsMs),
      values,
      ...(this.#hasStarts && { startTimestampsMs: new Float64Array(this.#startsMs) }),
    };
  }

  /** Adds exemplars of a series; one without a time gets that of its point. */
  addExemplars(seriesLabels: Labels, exemplars: readonly OtlpExemplar[], times: PointTimes): void {
    for (const exemplar of exemplars) {
      const labels = new Map<string, string>();
      for (const [key, value] of exemplar.attributes) {
        if (typeof value === "string") labels.set(this.#labelName(key), value);
      }
      labels.set("trace_id", exemplar.traceId);
      labels.set("span_id", exemplar.spanId);
      const { timeUnixNano, value } = exemplar;
      const timestampMs = timeUnixNano === 0n ? times.timestampMs : nanosToMillis(timeUnixNano);
      this.exemplars.push({ seriesLabels, labels: labelsFromPairs(labels), value, timestampMs });
    }
  }
}

/** The labels with another metric name. */
export function named(labels: Labels, name: string): Labels {
  return withLabel(labels, METRIC_NAME, name);
}
