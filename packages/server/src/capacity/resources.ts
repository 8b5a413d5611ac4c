import type { CapacityRow } from "../contract.ts";
import { CPU_CORES, EVENT_LOOP_UTILIZATION, MEMORY_BYTES } from "../forecasts/service-signals.ts";
import { OWN_METRICS } from "./own-resources.ts";

/** A resource with its use as PromQL: one series a service, or one of the server itself. */
export interface Resource extends Pick<CapacityRow, "resource" | "unit"> {
  readonly query: string;
  /** A number, or PromQL that gives one; absent when no limit is known. */
  readonly limit?: number | string;
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
    // V8 moves the heap's limit as it grows, and a process does not report that of its container.
    { resource: "memory", unit: "By", query: MEMORY_BYTES.query },
    {
      resource: "disk",
      unit: "By",
      query: `max(${OWN_METRICS.diskUsedBytes})`,
      limit: `max(${OWN_METRICS.diskSizeBytes})`,
    },
    {
      resource: "active-series",
      unit: "1",
      query: `max(${OWN_METRICS.activeSeries})`,
      limit: maxSeries,
    },
  ];
}
