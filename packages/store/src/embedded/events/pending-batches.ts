import { AvxError } from "@avx/model";
import { countItems, type EventBatch } from "./event-batch.ts";

/** What may wait. */
export interface PendingBounds {
  /** Names the queue in errors. */
  readonly table: string;
  readonly maxPending: number;
  /** Memory of what waits; without a bound when absent. */
  readonly maxPendingBytes?: number;
}

/** Batches that are in the log and not yet rows, oldest first. */
export class PendingBatches<T> {
  readonly #bounds: PendingBounds;
  #batches: EventBatch<T>[] = [];
  #items = 0;
  #bytes = 0;

  constructor(bounds: PendingBounds) {
    this.#bounds = bounds;
  }

  /** Memory of all of them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Those of this moment. */
  all(): readonly EventBatch<T>[] {
    return [...this.#batches];
  }

  add(batch: EventBatch<T>): void {
    this.#batches.push(batch);
    this.#items += countItems([batch]);
    this.#bytes += batch.bytes;
  }

  remove(batches: readonly EventBatch<T>[]): void {
    const gone = new Set(batches);
    this.#batches = this.#batches.filter((batch) => !gone.has(batch));
    this.#items -= countItems(batches);
    for (const { bytes } of batches) this.#bytes -= bytes;
  }

  /** Throws `overloaded` when so many more items are too many, or the bytes are. */
  refuseBeyond(items: number): void {
    const { table, maxPending, maxPendingBytes = Number.POSITIVE_INFINITY } = this.#bounds;
    if (this.#items + items <= maxPending && this.#bytes < maxPendingBytes) return;
    throw new AvxError("overloaded", { what: `the queue for ${table}`, retryAfterSeconds: 2 });
  }
}
