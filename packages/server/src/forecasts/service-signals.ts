import { latencyQuantileQuery, requestRateQuery, SERVICE_LABEL, saturationQuery } from "@avx/sre";
import { OWN_METRICS } from "../capacity/own-resources.ts";

/** Something of every service that is forecast; its query has one series a service. */
export interface ServiceSignal {
  /** The value of the label `signal`; it names the unit. */
  readonly name: string;
  readonly query: string;
}

/** At least two exports at the usual 15 s lie in it. */
const WINDOW_MS = 60_000;
const SCOPE = { windowMs: WINDOW_MS };

/** Requests per second of all instances of each service. */
export const REQUEST_RATE: ServiceSignal = {
  name: "request_rate",
  query: requestRateQuery(SCOPE),
};

/** Cores that the busiest instance of each service keeps busy. */
export const CPU_CORES: ServiceSignal = {
  name: "cpu_cores",
  query: `max by (${SERVICE_LABEL}) (sum without (cpu_mode) (rate(process_cpu_time_seconds_total[${WINDOW_MS}ms])))`,
};

/** Physical memory of the largest instance of each service. */
export const MEMORY_BYTES: ServiceSignal = {
  name: "memory_bytes",
  query: `max by (${SERVICE_LABEL}) (process_memory_usage_bytes)`,
};

/** Share of time that the event loop of the busiest instance is busy. */
export const EVENT_LOOP_UTILIZATION: ServiceSignal = {
  name: "event_loop_utilization",
  query: saturationQuery(SCOPE),
};

/** What the schedule forecasts of every service; the last two are of this server. */
export const SERVICE_SIGNALS: readonly ServiceSignal[] = [
  REQUEST_RATE,
  { name: "latency_p95_seconds", query: latencyQuantileQuery(SCOPE, 0.95) },
  CPU_CORES,
  MEMORY_BYTES,
  EVENT_LOOP_UTILIZATION,
  { name: "active_series", query: ownQuery(OWN_METRICS.activeSeries) },
  { name: "disk_used_bytes", query: ownQuery(OWN_METRICS.diskUsedBytes) },
];

function ownQuery(metric: string): string {
  return `max by (${SERVICE_LABEL}) (${metric})`;
}
