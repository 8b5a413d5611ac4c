import { constants, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";

/**
 * How much a large heap may grow between two full collections, in percent of what lives. By default
 * it grows to three or four times that: with 100,000 series, 200 MB of garbage for half a second of
 * CPU time an hour of samples.
 */
const GROWTH_PERCENT = 50;

/**
 * From what lives on a heap is large. Below, frequent collections would spare little memory and cost
 * a fifth of all CPU time of remote write.
 */
export const LARGE_HEAP_BYTES = 100 * 1024 * 1024;

/** Where the size of the heap comes from and where the decision goes; tests put their own. */
export interface HeapGrowthPorts {
  /** Calls after each full collection until the returned function stops it. */
  readonly onFullCollection: (call: () => void) => () => void;
  /** Bytes of JavaScript objects, right after a collection those that live. */
  readonly heapBytes: () => number;
  readonly setFlag: (flag: string) => void;
}

/** Holds the heap of this process tighter once it is large, for good. Returns what stops watching. */
export function tightenLargeHeap(ports: HeapGrowthPorts = THIS_PROCESS): () => void {
  const stop = ports.onFullCollection(() => {
    if (ports.heapBytes() < LARGE_HEAP_BYTES) return;
    stop();
    ports.setFlag(`--heap-growing-percent=${GROWTH_PERCENT}`);
  });
  return stop;
}

const THIS_PROCESS: HeapGrowthPorts = {
  onFullCollection: (call) => {
    const observer = new PerformanceObserver((list) => {
      if (list.getEntries().some(isFullCollection)) call();
    });
    observer.observe({ entryTypes: ["gc"] });
    return () => observer.disconnect();
  },
  heapBytes: () => process.memoryUsage().heapUsed,
  setFlag: setFlagsFromString,
};

/** Node documents `detail` but does not type it. */
function isFullCollection(entry: PerformanceEntry & { readonly detail?: unknown }): boolean {
  const { detail } = entry;
  if (typeof detail !== "object" || detail === null || !("kind" in detail)) return false;
  return detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}
