import { METRIC_NAME } from "@avx/model";
import { errorRatioQuery, SERVICE_LABEL } from "@avx/sre";
import { goldenQueries } from "../anomalies/golden-signal-feed.ts";
import type { AnomalySignal } from "../contract.ts";
import { CPU_CORES, MEMORY_BYTES } from "../forecasts/service-signals.ts";

/** A series of every service whose quality is assessed. */
export interface QualitySubject {
  readonly signal: AnomalySignal;
  /** "" for a golden signal. */
  readonly metric: string;
  /** PromQL with one series a service. */
  readonly query: string;
  /** What a value can be at all. */
  readonly validRange: { readonly lower: number; readonly upper: number };
  /**
   * The metric whose samples should all be there. Absent where samples come with requests only: then
   * nothing is missing while nobody asks.
   */
  readonly counted?: string;
}

const AT_LEAST_ZERO = { lower: 0, upper: Number.MAX_VALUE };
const SHARE = { lower: 0, upper: 1 };
const REQUESTS = "http_server_request_duration_seconds_count";

/** What is assessed of every service that exports each `cadenceMs`. */
export function qualitySubjects(cadenceMs: number): readonly QualitySubject[] {
  const { latency, traffic, saturation, windowMs } = goldenQueries(cadenceMs);
  const errors = errorRatioQuery({ windowMs });
  const eventLoop = "nodejs_eventloop_utilization_ratio";
  return [
    { signal: "latency", metric: "", query: measured(latency), validRange: AT_LEAST_ZERO },
    { signal: "traffic", metric: "", query: traffic, validRange: AT_LEAST_ZERO, counted: REQUESTS },
    { signal: "errors", metric: "", query: errors, validRange: SHARE },
    { signal: "saturation", metric: "", query: saturation, validRange: SHARE, counted: eventLoop },
    {
      ...{ signal: "metric", metric: CPU_CORES.name, query: CPU_CORES.query },
      ...{ validRange: AT_LEAST_ZERO, counted: "process_cpu_time_seconds_total" },
    },
    {
      ...{ signal: "metric", metric: MEMORY_BYTES.name, query: MEMORY_BYTES.query },
      ...{ validRange: AT_LEAST_ZERO, counted: "process_memory_usage_bytes" },
    },
  ];
}

/** A quantile is NaN while there are no requests: nothing was measured, and nothing is wrong. */
function measured(query: string): string {
  return `${query} >= 0`;
}

/** Samples of a metric in each step, those of the fullest series of each service. */
export function sampleCountQuery(metric: string, stepMs: number): string {
  const name = JSON.stringify(metric);
  return `max by (${SERVICE_LABEL}) (count_over_time({${METRIC_NAME}=${name}}[${stepMs}ms]))`;
}

/** Unix seconds of the newest sample of a metric, by service. */
export function newestQuery(metric: string): string {
  return `max by (${SERVICE_LABEL}) (timestamp({${METRIC_NAME}=${JSON.stringify(metric)}}))`;
}

/** Whether a quality is that of this subject. */
export function isOf(
  { signal, metric }: QualitySubject,
  quality: { readonly signal: AnomalySignal; readonly metric: string },
): boolean {
  return quality.signal === signal && quality.metric === metric;
}
