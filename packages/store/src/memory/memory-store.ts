import { AvxError } from "@avx/model";
import type { AcceptanceOptions } from "../head/acceptance.ts";
import type { Store, StoreHealth } from "../store.ts";
import { MemoryDocuments } from "./memory-documents.ts";
import { MemoryEvents } from "./memory-events.ts";
import { DEFAULT_MEMORY_LIMITS, type MemoryLimits } from "./memory-limits.ts";
import { MemoryLogs } from "./memory-logs.ts";
import { MemoryMetrics } from "./memory-metrics.ts";
import { MemoryTraces } from "./memory-traces.ts";

/** How long the store keeps, and how much. */
export interface MemoryStoreOptions extends AcceptanceOptions {
  readonly limits?: Partial<MemoryLimits>;
}

/**
 * A store for tests and for platforms without the embedded engine: everything is in memory, bounded,
 * visible to the next query at once, and gone with the process.
 */
export function createMemoryStore(options: MemoryStoreOptions): Store {
  const limits = { ...DEFAULT_MEMORY_LIMITS, ...options.limits };
  const metrics = new MemoryMetrics(options, limits);
  const traces = new MemoryTraces(limits.maxSpans, options);
  const logs = new MemoryLogs(limits.maxLogRecords, options);
  const documents = new MemoryDocuments(limits.maxDocuments, options);
  return {
    metrics,
    traces,
    logs,
    documents,
    events: new MemoryEvents(limits.maxEvents, options),
    admin: {
      storageUse: async () => [],
      deleteSeries: (...asked) => metrics.deleteSeries(...asked),
      cleanTombstones: async () => {}, // What is deleted is gone at once.
      snapshot: refuseSnapshot,
    },
    health: (): StoreHealth => ({
      ready: true,
      reason: "",
      engineRestarts: 0,
      engineParked: false,
      engineWakes: 0,
      headSeries: metrics.head.index.size,
      headSamples: metrics.head.sampleCount,
    }),
    close: async () => {},
  };
}

function refuseSnapshot(): Promise<string> {
  const reason = "the memory store keeps nothing on a disk that could be copied";
  return Promise.reject(new AvxError("bad_request", { reason }));
}
