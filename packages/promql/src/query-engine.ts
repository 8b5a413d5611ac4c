import type { LabelledSeries, Labels, NativeHistogram } from "@avx/model";
import type { QueryCost } from "./cost/query-cost.ts";
import type { RemarkedSteps } from "./evaluator/annotations.ts";

/** A query at one time, Unix ms. `signal` aborts it; times left out are the engine's defaults. */
export interface InstantQuery {
  readonly query: string;
  readonly timeMs: number;
  readonly lookbackMs?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Whether the statistics say how many samples each step looked at. */
  readonly countSamples?: boolean;
}

/** A query at every step of a range, Unix ms. */
export interface RangeQuery {
  readonly query: string;
  readonly startMs: number;
  /** Inclusive. */
  readonly endMs: number;
  readonly stepMs: number;
  readonly lookbackMs?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Whether the statistics say how many samples each step looked at. */
  readonly countSamples?: boolean;
  /** Nothing that was evaluated before is used. */
  readonly fresh?: boolean;
}

/** One element of an instant vector; `histogram` where the sample is a native histogram. */
export interface VectorSample {
  readonly labels: Labels;
  readonly timestampMs: number;
  readonly value: number;
  readonly histogram?: NativeHistogram;
}

/** What an expression evaluates to. Order of a vector is kept (sort, topk); a matrix is sorted by labels. */
export type QueryValue =
  | { readonly type: "scalar"; readonly timestampMs: number; readonly value: number }
  | { readonly type: "string"; readonly timestampMs: number; readonly value: string }
  | { readonly type: "vector"; readonly samples: readonly VectorSample[] }
  | { readonly type: "matrix"; readonly series: readonly LabelledSeries[] };

/** What a query read and how long it took. */
export interface QueryStats {
  readonly samplesRead: number;
  readonly seriesRead: number;
  readonly durationMs: number;
  /** How long the query waited for its turn before, where it had to. */
  readonly queuedMs?: number;
  /** Of the duration, until all samples were read. */
  readonly preparationMs?: number;
  /** Only where they were asked for. */
  readonly samples?: SampleStatistics;
}

/** Samples by step as Prometheus counts them: a native histogram by its size, windows in full. */
export interface SampleStatistics {
  /** Times of the steps, Unix ms. */
  readonly timesMs: Float64Array;
  /** What each step would load by itself. */
  readonly totalPerStep: Float64Array;
  /** What each step needs beyond the windows of the step before. */
  readonly readPerStep: Float64Array;
  /** The most samples that were held at a time. */
  readonly peak: number;
}

/** The value with Prometheus' annotations: warnings are likely mistakes, infos may be fine. */
export interface QueryResult {
  readonly value: QueryValue;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  readonly stats: QueryStats;
  /** The steps of a range query that its one warning or info speaks of, where that is known. */
  readonly remarkedSteps?: RemarkedSteps;
}

/**
 * Answers PromQL. Throws AvxError `bad_query` for what cannot be parsed or asked (Prometheus'
 * bad_data), `query_failed` and `query_limit_exceeded` for what fails in evaluation (execution),
 * `query_timeout`, `query_canceled`.
 */
export interface QueryEngine {
  instant(query: InstantQuery): Promise<QueryResult>;
  range(query: RangeQuery): Promise<QueryResult>;
}

/** Says what a query would need at most, without reading anything; a range query has a step. */
export interface QueryEstimator {
  /** Throws AvxError `bad_query` for what cannot be parsed or asked. */
  cost(query: InstantQuery | RangeQuery): Promise<QueryCost>;
}
