import { runOutside } from "../tracing/trace-scope.ts";
import { BoundedQueue } from "./bounded-queue.ts";
import type { ExportHealth } from "./export-health.ts";
import type { ExportStatistics } from "./export-statistics.ts";
import type { OtlpSender } from "./otlp-sender.ts";

/** The `OTEL_BSP_*` and `OTEL_BLRP_*` settings. */
export interface BatchLimits {
  readonly maxQueueItems: number;
  readonly maxBatchItems: number;
  readonly delayMs: number;
  /** For one batch with all its attempts; Infinity = any. */
  readonly exportTimeoutMs: number;
}

/** How items of one signal become requests, and who counts them. */
export interface BatchExporterOptions<T> {
  readonly limits: BatchLimits;
  readonly encode: (items: readonly T[]) => Uint8Array;
  readonly sender: OtlpSender;
  readonly statistics: ExportStatistics;
  readonly health: ExportHealth;
}

/**
 * Collects spans or log records and sends them in batches: when one is full, and at the latest
 * after the delay. One request is under way at a time; what arrives meanwhile waits in a bounded
 * queue. The timer never keeps the process alive.
 */
export class BatchExporter<T> {
  readonly #options: BatchExporterOptions<T>;
  readonly #queue: BoundedQueue<T>;
  #timer: NodeJS.Timeout | undefined = undefined;
  #sending: Promise<void> | undefined = undefined;
  #isClosed = false;

  constructor(options: BatchExporterOptions<T>) {
    this.#options = options;
    this.#queue = new BoundedQueue(options.limits.maxQueueItems);
  }

  /** Items that wait. */
  get queueLength(): number {
    return this.#queue.length;
  }

  /** The sum of `bytesOf` over the items that wait. */
  waitingBytes(bytesOf: (item: T) => number): number {
    return this.#queue.sum(bytesOf);
  }

  /** Drops the oldest items until the others take at most so many bytes. They are counted. */
  trim(maxBytes: number, bytesOf: (item: T) => number): void {
    let bytes = this.#queue.sum(bytesOf);
    while (bytes > maxBytes) {
      const [oldest] = this.#queue.take(1);
      if (oldest === undefined) return;
      bytes -= bytesOf(oldest);
      this.#queue.dropped++;
    }
  }

  /** Takes one item; after `close` it is ignored. */
  push(item: T): void {
    if (this.#isClosed) return;
    this.#queue.push(item);
    const { maxBatchItems, delayMs } = this.#options.limits;
    if (this.#queue.length >= maxBatchItems && this.#sending === undefined) this.#start(0);
    else if (this.#timer === undefined) this.#start(delayMs);
  }

  /** Sends all that waits; resolves when it was sent or given up. */
  async flush(): Promise<void> {
    await this.#sending;
    this.#sending ??= this.#drain().finally(() => {
      this.#sending = undefined;
    });
    await this.#sending;
  }

  /** Sends what waits, each batch with one attempt, and takes no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#options.sender.hurry();
    await this.flush();
  }

  /** Takes all that waits, encoded, for a sender that cannot wait. */
  takeEncoded(): Uint8Array[] {
    const { limits } = this.#options;
    const bodies: Uint8Array[] = [];
    while (this.#queue.length > 0) {
      const body = this.#encoded(this.#queue.take(limits.maxBatchItems));
      if (body !== undefined) bodies.push(body);
    }
    return bodies;
  }

  /**
   * The batch, less what cannot be written: values of programs without types may be anything.
   * undefined when nothing is left.
   */
  #encoded(batch: T[]): Uint8Array | undefined {
    const { encode, statistics } = this.#options;
    try {
      return encode(batch);
    } catch {
      const whole = batch.filter((item) => {
        try {
          return encode([item]).length > 0;
        } catch {
          return false;
        }
      });
      statistics.failed.add(batch.length - whole.length);
      batch.splice(0, batch.length, ...whole);
      return whole.length === 0 ? undefined : encode(whole);
    }
  }

  #start(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = runOutside(() =>
      setTimeout(() => {
        this.#timer = undefined;
        void this.flush();
      }, delayMs).unref(),
    );
  }

  async #drain(): Promise<void> {
    const { limits, sender, statistics, health } = this.#options;
    try {
      while (this.#queue.length > 0) {
        const batch = this.#queue.take(limits.maxBatchItems);
        const body = this.#encoded(batch);
        if (body === undefined) continue;
        const outcome = await sender.send(body);
        health.note(outcome);
        if (outcome.kind === "failed") statistics.failed.add(batch.length);
        else {
          statistics.rejected.add(outcome.rejected);
          statistics.sent.add(batch.length - outcome.rejected);
        }
      }
    } catch (cause) {
      // Compression has failed: that batch is lost, the application goes on.
      health.note({ kind: "failed", reason: cause instanceof Error ? cause.message : "encoding" });
    } finally {
      statistics.dropped.add(this.#queue.dropped);
      this.#queue.dropped = 0;
    }
  }
}
