import {
  type Exemplar,
  type LabelledSeries,
  type Labels,
  labelsFromPairs,
  METRIC_NAME,
  type NativeHistogram,
  setStaleAt,
  withLabel,
} from "@avx/model";
import type { OtlpExemplar, OtlpPoint } from "../otlp/metric.ts";

const NANOS_PER_MILLI = 1_000_000n;

/** Unix nanoseconds -> milliseconds, rounded down. */
function nanosToMillis(nanos: bigint): number {
  return Number(nanos / NANOS_PER_MILLI);
}

/** The times of one data point, ready for the series it becomes. */
export interface PointTimes {
  /** One timestamp, shared by all series of the point. */
  readonly timestampsMs: Float64Array;
  /** Absent when the start is unknown. */
  readonly startTimestampsMs?: Float64Array;
  readonly stale: boolean;
}

/** The times of a point in milliseconds; a start of 0 is unknown and left out. */
export function pointTimes(point: OtlpPoint): PointTimes {
  const timestampsMs = Float64Array.of(nanosToMillis(point.timeUnixNano));
  const stale = point.noRecordedValue;
  if (point.startUnixNano === 0n) return { timestampsMs, stale };
  const startTimestampsMs = Float64Array.of(nanosToMillis(point.startUnixNano));
  return { timestampsMs, startTimestampsMs, stale };
}

/** Collects what one request becomes: series of one sample each, and exemplars. */
export class SeriesSink {
  readonly series: LabelledSeries[] = [];
  readonly exemplars: Exemplar[] = [];
  readonly #labelName: (attribute: string) => string;

  constructor(labelName: (attribute: string) => string) {
    this.#labelName = labelName;
  }

  /** Adds a float sample, or the stale marker when the point has no recorded value. */
  addFloat(labels: Labels, value: number, times: PointTimes): void {
    const values = new Float64Array(1);
    if (times.stale) setStaleAt(values, 0);
    else values[0] = value;
    const { timestampsMs, startTimestampsMs } = times;
    this.series.push(
      startTimestampsMs === undefined
        ? { labels, timestampsMs, values }
        : { labels, timestampsMs, values, startTimestampsMs },
    );
  }

  addHistogram(labels: Labels, histogram: NativeHistogram, times: PointTimes): void {
    const values = Float64Array.of(Number.NaN);
    const { timestampsMs, startTimestampsMs } = times;
    const sample = { labels, timestampsMs, values, histograms: [histogram] };
    this.series.push(startTimestampsMs === undefined ? sample : { ...sample, startTimestampsMs });
  }

  /** Adds exemplars of a series; one without a time gets that of its point. */
  addExemplars(
    seriesLabels: Labels,
    exemplars: readonly OtlpExemplar[],
    { timestampsMs }: PointTimes,
  ): void {
    for (const exemplar of exemplars) {
      const labels = new Map<string, string>();
      for (const [key, value] of exemplar.attributes) {
        if (typeof value === "string") labels.set(this.#labelName(key), value);
      }
      labels.set("trace_id", exemplar.traceId);
      labels.set("span_id", exemplar.spanId);
      const { timeUnixNano, value } = exemplar;
      const timestampMs = timeUnixNano === 0n ? timestampsMs[0]! : nanosToMillis(timeUnixNano);
      this.exemplars.push({ seriesLabels, labels: labelsFromPairs(labels), value, timestampMs });
    }
  }
}

/** The labels with another metric name. */
export function named(labels: Labels, name: string): Labels {
  return withLabel(labels, METRIC_NAME, name);
}
