import { SERVICE_LABEL } from "@avx/sre";
import type { CapacityRow } from "../contract.ts";
import { CPU_CORES, EVENT_LOOP_UTILIZATION, MEMORY_BYTES } from "../forecasts/service-signals.ts";
import { OWN_METRICS } from "./own-resources.ts";

/** A resource with its use as PromQL: one series a service, or one of the server itself. */
export interface Resource extends Pick<CapacityRow, "resource" | "unit"> {
  readonly query: string;
  /** A number that holds for all, or the metric that tells the limit of each service, or its own. */
  readonly limit: number | { readonly metric: string; readonly isOwn?: true };
}

/** An event loop cannot be busy for more than all of the time. */
const WHOLE_TIME = 1;
/** JavaScript of a process runs on one thread, so on one core. */
const ONE_CORE = 1;

/** All resources; `maxSeries` is the limit of the store. */
export function resourcesOf(maxSeries: number): readonly Resource[] {
  return [
    {
      resource: "event-loop",
      unit: "ratio",
      query: EVENT_LOOP_UTILIZATION.query,
      limit: WHOLE_TIME,
    },
    { resource: "cpu", unit: "cores", query: CPU_CORES.query, limit: ONE_CORE },
    {
      ...{ resource: "memory", unit: "By", query: MEMORY_BYTES.query },
      limit: { metric: "container_memory_limit_bytes" },
    },
    {
      resource: "heap",
      unit: "By",
      query: `max by (${SERVICE_LABEL}) (sum without (v8js_heap_space_name) (v8js_memory_heap_used_bytes))`,
      limit: { metric: "v8js_memory_heap_max_bytes" },
    },
    {
      // Servers of Node have no limit of their own; one that has a pool says how large it is.
      resource: "connections",
      unit: "1",
      query: `max by (${SERVICE_LABEL}) (sum without (http_request_method, url_scheme) (http_server_active_requests))`,
      limit: { metric: "http_server_max_active_requests" },
    },
    {
      resource: "disk",
      unit: "By",
      query: `max(${OWN_METRICS.diskUsedBytes})`,
      limit: { metric: OWN_METRICS.diskSizeBytes, isOwn: true },
    },
    {
      resource: "active-series",
      unit: "1",
      query: `max(${OWN_METRICS.activeSeries})`,
      limit: maxSeries,
    },
  ];
}
