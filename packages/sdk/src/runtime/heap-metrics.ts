import { nodeV8 } from "../lazy-builtins.ts";
import type { Meter } from "../metrics/meter.ts";

/** `v8js.memory.heap.*` by heap space. */
export function observeHeap(meter: Meter): void {
  const gauge = (name: string, description: string) =>
    meter.createObservableUpDownCounter(`v8js.memory.heap.${name}`, { unit: "By", description });
  const size = gauge("space.size", "Total heap memory size pre-allocated for a heap space.");
  const used = gauge("used", "Heap memory size allocated.");
  const available = gauge("space.available_size", "Heap space available size.");
  const physical = gauge("space.physical_size", "Committed size of a heap space.");
  meter.addBatchObservableCallback(
    (result) => {
      for (const space of nodeV8().getHeapSpaceStatistics()) {
        const attributes = { "v8js.heap.space.name": space.space_name };
        result.observe(size, space.space_size, attributes);
        result.observe(used, space.space_used_size, attributes);
        result.observe(available, space.space_available_size, attributes);
        result.observe(physical, space.physical_space_size, attributes);
      }
    },
    [size, used, available, physical],
  );
}
