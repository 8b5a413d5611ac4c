import type { MeasurementGuard } from "../metrics/measurement-guard.ts";
import type { Meter } from "../metrics/meter.ts";
import type { MetricRegistry } from "../metrics/metric-registry.ts";

/** Parts of the SDK that hold data. */
export type MemoryPart = "series" | "spans" | "logs" | "tail_buffer";

/** What a part takes, and how it gives up what is over. */
export interface MemoryUse {
  readonly bytes: () => number;
  /** Drops the oldest until at most so much is left; absent where that is done otherwise. */
  readonly trim?: (maxBytes: number) => void;
}

/** Estimates what the SDK's own data takes of the heap, part by part. */
export class OwnMemory {
  readonly budgetBytes: number;
  readonly #parts = new Map<MemoryPart, MemoryUse>();

  /** Infinity is no budget. */
  constructor(budgetBytes: number) {
    this.budgetBytes = budgetBytes;
  }

  /** Counts a part from now on. */
  add(part: MemoryPart, use: MemoryUse): void {
    this.#parts.set(part, use);
  }

  /** Drops the oldest of what waits until it is within what the series leave of the budget. */
  trim(): void {
    let left = this.budgetBytes - this.bytesOf("series");
    for (const { bytes, trim } of this.#parts.values()) {
      if (trim === undefined) continue;
      trim(left);
      left -= bytes();
    }
  }

  /** What a part takes now; 0 of one that is not there. */
  bytesOf(part: MemoryPart): number {
    return this.#parts.get(part)?.bytes() ?? 0;
  }

  /** What waits to be exported: less of it comes when less is sampled. */
  get waitingBytes(): number {
    return this.bytesOf("spans") + this.bytesOf("logs") + this.bytesOf("tail_buffer");
  }

  /** Over the budget, and sampling less could help. */
  get isOver(): boolean {
    return (
      this.bytesOf("series") <= this.budgetBytes &&
      this.bytesOf("series") + this.waitingBytes > this.budgetBytes
    );
  }

  /**
   * Counts series, and makes instruments merge new attribute sets into their overflow series while
   * those that are there take the whole budget.
   */
  watch(registry: MetricRegistry, guard: MeasurementGuard): void {
    this.add("series", { bytes: () => registry.estimatedBytes() });
    guard.onGrowth = () => {
      guard.isFull = registry.estimatedBytes() > this.budgetBytes;
    };
  }

  /** Shows the parts as `avx.sdk.overhead.memory.usage`. */
  observe(meter: Meter): void {
    meter
      .createObservableUpDownCounter("avx.sdk.overhead.memory.usage", {
        description: "Estimated memory of the SDK's own series and of what waits to be exported.",
        unit: "By",
      })
      .addCallback((result) => {
        for (const [part, { bytes }] of this.#parts) result.observe(bytes(), { part });
      });
  }
}
