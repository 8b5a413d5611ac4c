import type { Labels, MetricMetadata, NativeHistogram } from "@avx/model";

/** One line of an exposition. */
export interface ExpositionSample {
  /** With the metric name. */
  readonly labels: Labels;
  /** NaN with a histogram. */
  readonly value: number;
  /** Only the protobuf exposition has them. */
  readonly histogram?: NativeHistogram;
  /** Absent: the time of the scrape. */
  readonly timestampMs?: number;
  /** When the counter or histogram started, from its `_created` line. */
  readonly startTimestampMs?: number;
  readonly exemplar?: ExpositionExemplar;
}

/** The exemplar at the end of an OpenMetrics line. */
export interface ExpositionExemplar {
  readonly labels: Labels;
  readonly value: number;
  readonly timestampMs?: number;
}

/** What a scrape says. */
export interface Exposition {
  readonly samples: readonly ExpositionSample[];
  /** One entry a family that has a TYPE, HELP or UNIT line, in order of appearance. */
  readonly metadata: readonly MetricMetadata[];
}
