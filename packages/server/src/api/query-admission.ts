import { AvxError } from "@avx/model";
import type { QueryEngine, QueryResult } from "@avx/promql";

/** How many queries run at a time, how many wait for how long, and how long one may run. */
export interface AdmissionLimits {
  readonly running: number;
  readonly waiting: number;
  readonly waitMs: number;
  readonly timeoutMs: number;
}

/**
 * More at a time would not be faster, as they share one thread, but hold more memory. A page asks
 * some twenty queries at once, which the queue takes; who waited ten seconds has gone away.
 */
export const DEFAULT_ADMISSION: AdmissionLimits = {
  running: 4,
  waiting: 32,
  waitMs: 10_000,
  timeoutMs: 30_000,
};

const RETRY_AFTER_SECONDS = 2;

/**
 * The engine behind a queue. Rejects with AvxError `query_queue_full` when the queue is full or a
 * query waited too long, `query_canceled` when its signal aborts while it waits. A query's own
 * `timeoutMs` can only lower the limit.
 */
export function withAdmission(
  engine: QueryEngine,
  limits: AdmissionLimits = DEFAULT_ADMISSION,
): QueryEngine {
  const places = new QueryPlaces(limits);
  const bounded = <Q extends Timed>(query: Q): Q => ({
    ...query,
    timeoutMs: Math.min(query.timeoutMs ?? limits.timeoutMs, limits.timeoutMs),
  });
  const admitted = async (
    signal: AbortSignal | undefined,
    work: () => Promise<QueryResult>,
  ): Promise<QueryResult> => {
    const askedMs = performance.now();
    let queuedMs = 0;
    const result = await places.hold(signal, () => {
      queuedMs = performance.now() - askedMs;
      return work();
    });
    return { ...result, stats: { ...result.stats, queuedMs } };
  };
  return {
    instant: (query) => admitted(query.signal, () => engine.instant(bounded(query))),
    range: (query) => admitted(query.signal, () => engine.range(bounded(query))),
  };
}

interface Timed {
  readonly timeoutMs?: number;
}

/**
 * Places for running queries, given away in the order of arrival. `hold` rejects as `withAdmission`
 * says; the time that a query may run is not its matter.
 */
export class QueryPlaces {
  readonly #limits: AdmissionLimits;
  readonly #queue = new Set<() => void>();
  #running = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  async hold<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#limits.running) this.#running++;
    else await this.#wait(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Resolves with a place that is handed over by a query that leaves. */
  #wait(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(new AvxError("query_canceled"));
    if (this.#queue.size >= this.#limits.waiting) return Promise.reject(this.#full());
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        settle();
        resolve();
      };
      const cancel = (): void => {
        settle();
        reject(new AvxError("query_canceled"));
      };
      const giveUp = (): void => {
        settle();
        reject(this.#full());
      };
      const timer = setTimeout(giveUp, this.#limits.waitMs);
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", cancel);
        this.#queue.delete(enter);
      };
      signal?.addEventListener("abort", cancel);
      this.#queue.add(enter);
    });
  }

  #leave(): void {
    const [next] = this.#queue;
    if (next === undefined) this.#running--;
    else next();
  }

  #full(): AvxError {
    return new AvxError("query_queue_full", {
      waiting: this.#queue.size,
      limit: this.#limits.running,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}
