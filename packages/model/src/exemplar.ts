import type { Labels } from "./labels.ts";

/** One example observation of a series, usually with `trace_id` and `span_id`. */
export interface Exemplar {
  readonly seriesLabels: Labels;
  readonly labels: Labels;
  readonly value: number;
  /** Unix time in milliseconds. */
  readonly timestampMs: number;
}
