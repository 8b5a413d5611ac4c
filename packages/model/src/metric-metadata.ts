/** Metric types of the Prometheus exposition formats. */
export type MetricType =
  | "counter"
  | "gauge"
  | "histogram"
  | "gaugehistogram"
  | "summary"
  | "info"
  | "stateset"
  | "unknown";

/** Describes a metric family, not one series. `unit` and `help` may be empty. */
export interface MetricMetadata {
  /** Metric family name, as in the exposition format (counters of OpenMetrics without `_total`). */
  readonly name: string;
  readonly type: MetricType;
  readonly unit: string;
  readonly help: string;
}
