import { AvxError } from "@avx/model";
import type { SampleChanges, SeriesReader } from "@avx/promql";
import type { AnswerRequest } from "../api/query-answer.ts";
import type { Log } from "../self/log.ts";
import { WORKER_HEAP_MB } from "./limits.ts";
import type { WorkerSettings } from "./messages.ts";
import { QueryWorker, type WorkerTask } from "./query-worker.ts";

/** What the pool is made of. */
export interface QueryPoolOptions {
  readonly reader: SeriesReader;
  readonly changesSince: (mark: number) => SampleChanges;
  readonly settings: WorkerSettings;
  /** Threads, at least 1; each starts when it is needed first. */
  readonly size: number;
  /** Heap of one thread, MB. */
  readonly heapMb?: number;
  readonly pause: () => Promise<void>;
  readonly log: Log;
}

/**
 * Threads that evaluate queries. The caller asks no more than `size` at a time. A thread that dies
 * takes its own query with it and no other; the next query starts a new one.
 */
export class QueryPool {
  readonly #options: QueryPoolOptions;
  readonly #lanes: Lane[];
  #isClosed = false;

  constructor(options: QueryPoolOptions) {
    this.#options = options;
    this.#lanes = Array.from({ length: options.size }, () => ({ isBusy: false }));
  }

  /** Gives the question to a free thread, if possible to one that had this query before. */
  ask(request: AnswerRequest): WorkerTask {
    if (this.#isClosed) throw new AvxError("query_canceled");
    const lane = this.#freeLane(request.query.query);
    lane.worker ??= this.#start(lane);
    lane.isBusy = true;
    const task = lane.worker.ask(request);
    void task.ended.then(() => {
      lane.isBusy = false;
    });
    return task;
  }

  /** Ends all threads; questions under way fail with `query_canceled`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#lanes.map(({ worker }) => worker?.close()));
  }

  #freeLane(query: string): Lane {
    const own = this.#lanes[hash(query) % this.#lanes.length];
    const free = this.#lanes.filter(({ isBusy }) => !isBusy);
    const started = free.find(({ worker }) => worker !== undefined);
    const lane = own?.isBusy === false && own.worker ? own : (started ?? free[0]);
    if (lane === undefined) throw new TypeError("no thread is free");
    return lane;
  }

  #start(lane: Lane): QueryWorker {
    const { log, heapMb = WORKER_HEAP_MB, ...options } = this.#options;
    const worker = new QueryWorker({
      ...{ ...options, heapMb },
      onGone: (reason) => {
        if (lane.worker === worker) delete lane.worker;
        if (!this.#isClosed) log("warn", "a query thread ended", { reason: String(reason) });
      },
    });
    return worker;
  }
}

/** A place for a thread. */
interface Lane {
  isBusy: boolean;
  worker?: QueryWorker;
}

/** FNV-1a: any even spread will do. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
