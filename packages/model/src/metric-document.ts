import type { AvxContext } from "./avx-context.ts";

/** One finding inside a metric document. */
export interface DocumentAnomaly {
  readonly timestamp: string;
  readonly value: number;
  /** Name of the detector that found it. */
  readonly type: string;
  readonly score: number;
  readonly threshold: number;
}

/** Data quality, each 0..1; weights accuracy 0.30, completeness 0.25, consistency 0.25, validity 0.20. */
export interface DocumentQuality {
  readonly accuracy: number;
  readonly completeness: number;
  readonly consistency: number;
  readonly validity: number;
  readonly overall_score: number;
  /** overall_score >= 0.95. */
  readonly meets_nasa_standards: boolean;
}

/** Forecast of requests per second, one value a minute; `model` names the model that really ran. */
export interface DocumentForecast {
  readonly next_5min: readonly number[];
  readonly model: string;
  /** Level of the interval that the forecast was made with, 0..1. */
  readonly confidence: number;
}

/**
 * The summary of one service over one interval, in the fixed JSON shape of the product. A value
 * that has no data in the interval is null; `forecast` is absent while history is too short.
 */
export interface MetricDocument {
  readonly id: string;
  readonly service: string;
  readonly timestamp: string;
  readonly context: AvxContext;
  readonly metrics: {
    readonly latency: {
      readonly mean_ms: number | null;
      readonly p50_ms: number | null;
      readonly p95_ms: number | null;
      readonly p99_ms: number | null;
      readonly max_ms: number | null;
    };
    readonly traffic: {
      readonly requests_per_second: number | null;
      readonly bytes_per_second: number | null;
      readonly active_connections: number | null;
    };
    readonly errors: {
      readonly error_rate: number | null;
      readonly total_errors: number | null;
      readonly error_budget_remaining: number | null;
    };
    readonly anomalies: readonly DocumentAnomaly[];
    readonly quality: DocumentQuality | null;
  };
  readonly forecast?: DocumentForecast;
}
