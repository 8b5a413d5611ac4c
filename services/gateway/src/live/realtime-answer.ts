import type { LatencyColumns } from "@avx/sdk";
import type { AvxMetrics } from "@avx/sdk/avx-metrics";
import { WINDOW_MS } from "./live-latencies.ts";

/** What every answer about the live window begins with. */
export interface WindowHead {
  readonly service: string;
  readonly timestamp: string;
  readonly window_seconds: number;
  /** Requests in the window. */
  readonly count: number;
}

/** Said instead of numbers while no request was forwarded in the window: absence is not 0 ms. */
export interface NoDataYet extends WindowHead {
  readonly status: "no_data";
  readonly message: string;
}

/** What every answer about the live window is made of. */
export interface LiveInput {
  readonly service: string;
  readonly nowMs: number;
  readonly latencies: LatencyColumns;
  readonly analysis: AvxMetrics;
}

/** `/metrics/realtime`: milliseconds. `std_dev_ms` is null for a single request. */
export function realtimeAnswer(input: LiveInput) {
  const head = windowHead(input);
  if (head.count === 0) return noDataYet(head);
  const { statistics } = input.analysis.trackLatencies(input.latencies);
  return {
    status: "ok" as const,
    ...head,
    mean_ms: statistics.mean,
    std_dev_ms: Number.isNaN(statistics.standardDeviation) ? null : statistics.standardDeviation,
    min_ms: statistics.min,
    max_ms: statistics.max,
    p50_ms: statistics.p50,
    p95_ms: statistics.p95,
    p99_ms: statistics.p99,
  };
}

/** `/metrics/anomalies`: unusual seconds of the window, by their mean latency, oldest first. */
export function anomaliesAnswer(input: LiveInput) {
  const head = windowHead(input);
  if (head.count === 0) return { ...noDataYet(head), anomalies: [] };
  const { anomalies } = input.analysis.trackLatencies(input.latencies);
  return {
    status: "ok" as const,
    ...head,
    anomalies: anomalies.map((anomaly) => ({
      timestamp: new Date(anomaly.timestampMs).toISOString(),
      value: anomaly.value,
      unit: "ms",
      type: anomaly.type,
      // A constant history makes any change infinitely unusual; JSON has no word for it.
      score: Number.isFinite(anomaly.score) ? anomaly.score : Number.MAX_VALUE,
      threshold: anomaly.threshold,
      expected_lower: finiteOrNull(anomaly.expectedLower),
      expected_upper: finiteOrNull(anomaly.expectedUpper),
    })),
  };
}

/** `/metrics/quality`: the data quality of the window's mean latency by second. */
export function qualityAnswer(input: LiveInput) {
  const head = windowHead(input);
  if (head.count === 0) return noDataYet(head);
  const quality = input.analysis.assessLatencyQuality(input.latencies);
  return {
    status: "ok" as const,
    ...head,
    accuracy: quality.accuracy,
    completeness: quality.completeness,
    consistency: quality.consistency,
    validity: quality.validity,
    overall_score: quality.overallScore,
    meets_nasa_standards: quality.meetsStandard,
  };
}

function windowHead({ service, nowMs, latencies }: LiveInput): WindowHead {
  return {
    service,
    timestamp: new Date(nowMs).toISOString(),
    window_seconds: WINDOW_MS / 1000,
    count: latencies.latenciesMs.length,
  };
}

function noDataYet(head: WindowHead): NoDataYet {
  const message = `no request was forwarded in the last ${head.window_seconds} s`;
  return { status: "no_data", ...head, message };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
