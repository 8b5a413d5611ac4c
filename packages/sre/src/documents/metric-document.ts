import type {
  AvxContext,
  DocumentAnomaly,
  DocumentForecast,
  DocumentQuality,
  MetricDocument,
} from "@avx/model";
import { errorBudgetRemaining } from "../slo/error-budget.ts";

/** What one interval of one service measured. A value without data is NaN or undefined. */
export interface IntervalMeasurements {
  readonly meanSeconds?: number | undefined;
  readonly p50Seconds?: number | undefined;
  readonly p95Seconds?: number | undefined;
  readonly p99Seconds?: number | undefined;
  readonly maxSeconds?: number | undefined;
  readonly requestsPerSecond?: number | undefined;
  readonly failedPerSecond?: number | undefined;
  readonly failedCount?: number | undefined;
  readonly bytesPerSecond?: number | undefined;
  readonly activeRequests?: number | undefined;
}

/** All that a document says, before it has its final shape. */
export interface DocumentInput {
  readonly service: string;
  /** End of the interval, Unix ms. */
  readonly timestampMs: number;
  readonly context: AvxContext;
  readonly measured: IntervalMeasurements;
  readonly anomalies: readonly DocumentAnomaly[];
  readonly quality: DocumentQuality | null;
  readonly forecast?: DocumentForecast;
}

/** The share of good requests a service aims at while it has no objective of its own. */
const DEFAULT_OBJECTIVE = 0.999;

/** Assembles the document of one service and one interval; absent measurements become null. */
export function buildMetricDocument(input: DocumentInput): MetricDocument {
  const { service, timestampMs, context, measured, anomalies, quality, forecast } = input;
  const timestamp = new Date(timestampMs).toISOString().replace(/\.\d{3}Z$/, "Z");
  const errorRate = ratio(measured.failedPerSecond, measured.requestsPerSecond);
  return {
    id: `metric-${service}-${compactTime(timestamp)}`,
    service,
    timestamp,
    context,
    metrics: {
      latency: {
        mean_ms: milliseconds(measured.meanSeconds),
        p50_ms: milliseconds(measured.p50Seconds),
        p95_ms: milliseconds(measured.p95Seconds),
        p99_ms: milliseconds(measured.p99Seconds),
        max_ms: milliseconds(measured.maxSeconds),
      },
      traffic: {
        requests_per_second: finite(measured.requestsPerSecond),
        bytes_per_second: finite(measured.bytesPerSecond),
        active_connections: finite(measured.activeRequests),
      },
      errors: {
        error_rate: errorRate,
        total_errors: errorRate === null ? null : Math.round(finite(measured.failedCount) ?? 0),
        error_budget_remaining:
          errorRate === null ? null : errorBudgetRemaining(errorRate, DEFAULT_OBJECTIVE),
      },
      anomalies,
      quality,
    },
    ...(forecast === undefined ? {} : { forecast }),
  };
}

/** `2025-11-20T12:00:00Z` -> `20251120-120000`. */
function compactTime(timestamp: string): string {
  return timestamp.replace(/[-:Z]/g, "").replace("T", "-");
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}

function milliseconds(seconds: number | undefined): number | null {
  const value = finite(seconds);
  return value === null ? null : value * 1000;
}

/** Null while there are no requests; no failure series at all means 0. */
function ratio(failed: number | undefined, all: number | undefined): number | null {
  const total = finite(all);
  if (total === null || total <= 0) return null;
  return Math.min(1, (finite(failed) ?? 0) / total);
}
