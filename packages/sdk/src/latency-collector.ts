import { AvxError } from "@avx/model";

/** What one collector holds by default. */
export const DEFAULT_LATENCY_CAPACITY = 1000;
/** 16 bytes an entry: this limit keeps a typing error from taking the heap. */
const MAX_LATENCY_CAPACITY = 10_000_000;

/** Latencies with their times, oldest first, as columns. */
export interface LatencyColumns {
  /** Unix time in milliseconds. */
  readonly timestampsMs: Float64Array;
  readonly latenciesMs: Float64Array;
}

/**
 * The last latencies of a service with the time of each: a ring of fixed size, so that memory does
 * not grow with traffic.
 */
export class LatencyCollector {
  readonly capacity: number;
  readonly #timestampsMs: Float64Array;
  readonly #latenciesMs: Float64Array;
  #next = 0;
  #length = 0;

  constructor(capacity = DEFAULT_LATENCY_CAPACITY) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_LATENCY_CAPACITY) {
      const reason = `${capacity} is not a whole number in 1..${MAX_LATENCY_CAPACITY}`;
      throw new AvxError("invalid_parameter", { parameter: "capacity", reason });
    }
    this.capacity = capacity;
    this.#timestampsMs = new Float64Array(capacity);
    this.#latenciesMs = new Float64Array(capacity);
  }

  /** Latencies held now, at most `capacity`. */
  get length(): number {
    return this.#length;
  }

  /** Adds one latency; NaN, infinite and negative ones are ignored. Replaces the oldest when full. */
  record(latencyMs: number, timestampMs: number = Date.now()): void {
    if (!(latencyMs >= 0 && latencyMs <= Number.MAX_VALUE)) return;
    this.#timestampsMs[this.#next] = timestampMs;
    this.#latenciesMs[this.#next] = latencyMs;
    this.#next = (this.#next + 1) % this.capacity;
    if (this.#length < this.capacity) this.#length++;
  }

  /** A copy of what was recorded at or after `sinceMs`; empty columns when there is nothing. */
  since(sinceMs: number): LatencyColumns {
    const first = (this.#next - this.#length + this.capacity) % this.capacity;
    const timestampsMs = new Float64Array(this.#length);
    const latenciesMs = new Float64Array(this.#length);
    let kept = 0;
    for (let i = 0; i < this.#length; i++) {
      const slot = (first + i) % this.capacity;
      const timestampMs = this.#timestampsMs[slot]!;
      if (timestampMs < sinceMs) continue;
      timestampsMs[kept] = timestampMs;
      latenciesMs[kept] = this.#latenciesMs[slot]!;
      kept++;
    }
    return { timestampsMs: timestampsMs.slice(0, kept), latenciesMs: latenciesMs.slice(0, kept) };
  }

  /** A copy of all that is held, oldest first. */
  all(): LatencyColumns {
    return this.since(Number.NEGATIVE_INFINITY);
  }

  clear(): void {
    this.#next = 0;
    this.#length = 0;
  }
}
