import type {
  Counter as ApiCounter,
  Gauge as ApiGauge,
  Histogram as ApiHistogram,
  Attributes,
  SpanContext,
  UpDownCounter,
} from "@opentelemetry/api";

/** One attribute set of a counter, for hot paths. */
export interface BoundCounter {
  /** Adds `value`, 1 when absent; what the instrument may not take is dropped and counted. */
  add(value?: number): void;
}

/** One attribute set of a gauge, for hot paths. */
export interface BoundGauge {
  record(value: number): void;
}

/** One attribute set of a histogram, for hot paths. */
export interface BoundHistogram {
  /** Counts `value`; with a sampled span it is kept as an exemplar. */
  record(value: number, span?: SpanContext): void;
}

/** A counter or up-down counter of the API, which can be bound to an attribute set. */
export interface Counter extends ApiCounter, UpDownCounter {
  bind(attributes?: Attributes): BoundCounter;
}

/** A gauge of the API, which can be bound to an attribute set. */
export interface Gauge extends ApiGauge {
  bind(attributes?: Attributes): BoundGauge;
}

/** A histogram of the API, which can be bound to an attribute set. */
export interface Histogram extends ApiHistogram {
  bind(attributes?: Attributes): BoundHistogram;
}
