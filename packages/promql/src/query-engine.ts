import type { LabelledSeries, Labels, NativeHistogram } from "@avx/model";

export interface InstantQuery {
  readonly query: string;
  readonly timeMs: number;
  readonly lookbackMs?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface RangeQuery {
  readonly query: string;
  readonly startMs: number;
  /** Inclusive. */
  readonly endMs: number;
  readonly stepMs: number;
  readonly lookbackMs?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
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

export interface QueryStats {
  readonly samplesRead: number;
  readonly seriesRead: number;
  readonly durationMs: number;
}

export interface QueryResult {
  readonly value: QueryValue;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  readonly stats: QueryStats;
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
