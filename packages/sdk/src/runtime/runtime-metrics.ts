import type { Meter } from "../metrics/meter.ts";
import { observeDescriptors } from "./descriptor-metrics.ts";
import { observeEventLoop } from "./event-loop-metrics.ts";
import { observeGarbageCollection } from "./garbage-collection-metrics.ts";
import { observeHeap } from "./heap-metrics.ts";
import { observeMemoryLimits } from "./memory-limit-metrics.ts";
import { observeProcess } from "./process-metrics.ts";

/** Observes the Node process: loop, garbage collection, heap, CPU, memory. Gives the stop function. */
export function observeRuntime(meter: Meter): () => void {
  observeHeap(meter);
  observeMemoryLimits(meter);
  observeDescriptors(meter);
  observeProcess(meter);
  const stops = [observeEventLoop(meter), observeGarbageCollection(meter)];
  return () => {
    for (const stop of stops) stop();
  };
}
