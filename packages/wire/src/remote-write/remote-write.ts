import type {
  Exemplar,
  LabelledSeries,
  MetricMetadata,
  MetricType,
  PackedSeries,
} from "@avx/model";

/**
 * What a remote write request (1.0 or 2.0) says; what could not be taken is counted.
 */
export interface RemoteWriteRequest {
  /** Series of plain samples. The columns are as long as they had to grow: copy to keep them. */
  readonly packed: PackedSeries;
  /** Series with histograms, with start times, or whose samples came out of order. */
  readonly series: readonly LabelledSeries[];
  readonly metadata: readonly MetricMetadata[];
  readonly exemplars: readonly Exemplar[];
  /** Float samples and native histograms in `packed` and `series`. */
  readonly sampleCount: number;
  readonly histogramCount: number;
  /** Samples and histograms that were left out, by reason. */
  readonly faults: ReadonlyMap<RemoteWriteFault, number>;
}

/** Why a sample or histogram of a readable request was left out. */
export type RemoteWriteFault = "malformed_labels" | "malformed_native_histogram";

/** Metric types by their number in both versions. */
export const METRIC_TYPES: readonly MetricType[] = [
  "unknown",
  "counter",
  "gauge",
  "histogram",
  "gaugehistogram",
  "summary",
  "info",
  "stateset",
];
