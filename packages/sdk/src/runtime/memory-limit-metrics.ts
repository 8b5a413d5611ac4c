import { nodeOs, nodeV8 } from "../lazy-builtins.ts";
import type { Meter } from "../metrics/meter.ts";

/** Where memory limits come from. */
export interface MemorySources {
  /** Of the control group; 0, or more than there is, when nothing limits it. */
  readonly constrainedBytes: () => number;
  readonly machineBytes: () => number;
  /** The size at which V8 gives up. */
  readonly heapLimitBytes: () => number;
}

const PROCESS_SOURCES: MemorySources = {
  constrainedBytes: () => process.constrainedMemory(),
  machineBytes: () => nodeOs().totalmem(),
  heapLimitBytes: () => nodeV8().getHeapStatistics().heap_size_limit,
};

/**
 * What memory may grow to: `v8js.memory.heap.max`, the heap size at which V8 ends the process, and
 * `container.memory.limit` of the control group (v1 and v2) when it is limited.
 */
export function observeMemoryLimits(meter: Meter, sources: MemorySources = PROCESS_SOURCES): void {
  meter
    .createObservableGauge("v8js.memory.heap.max", {
      unit: "By",
      description: "Size at which V8 runs out of heap.",
    })
    .addCallback((result) => result.observe(sources.heapLimitBytes()));
  meter
    .createObservableUpDownCounter("container.memory.limit", {
      unit: "By",
      description: "Memory that the control group of the process may use.",
    })
    .addCallback((result) => {
      const bytes = sources.constrainedBytes();
      if (bytes > 0 && bytes <= sources.machineBytes()) result.observe(bytes);
    });
}
