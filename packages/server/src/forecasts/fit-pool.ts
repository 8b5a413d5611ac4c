import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { AvxError } from "@avx/model";
import { type FitAnswer, type FitJob, runFit } from "./run-fit.ts";

/** Makes forecasts, away from the event loop. */
export interface FitPool {
  /**
   * Makes a forecast. `urgent` jobs, for which somebody waits, go before all others. Rejects with
   * AvxError `overloaded` when too many wait, `query_timeout` for one that takes too long.
   */
  fit(job: FitJob, options: FitOptions): Promise<FitAnswer>;
  /** How many jobs are worked on at a time. */
  readonly size: number;
  /** Ends all threads; jobs that wait or run are rejected with `query_canceled`. */
  close(): Promise<void>;
}

/** Whether somebody waits for it, and until when he does. */
export interface FitOptions {
  readonly urgent: boolean;
  readonly signal?: AbortSignal | undefined;
  /** The series and what is asked of it: a later fit of the same may reuse what an earlier one chose. */
  readonly identity?: string | undefined;
}

/** The event loop, queries and the store need the other cores; fits are seldom many. */
const MOST_THREADS = 4;
/** Some seconds of work of each thread. */
const MAX_WAITING = 200;
/** The longest automatic fit of 4,500 samples takes about a second on a busy core. */
const FIT_TIMEOUT_MS = 30_000;
const HEAP_MB = 256;

/** A pool whose threads start when they are needed first. */
export function createFitPool(
  size: number = Math.min(MOST_THREADS, Math.max(1, availableParallelism() - 1)),
): FitPool {
  return new Pool(size);
}

/** Fits in the thread that calls: for programs that do nothing else. */
export function createLocalFits(): FitPool {
  return { size: 1, fit: async (job) => runFit(job), close: async () => {} };
}

interface Waiting {
  readonly job: FitJob;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (answer: FitAnswer) => void;
  readonly reject: (error: unknown) => void;
}

type Reply = { readonly answer: FitAnswer } | { readonly failure: string };

class Pool implements FitPool {
  readonly size: number;
  readonly #idle: Worker[] = [];
  readonly #running = new Map<Worker, Waiting>();
  readonly #urgent: Waiting[] = [];
  readonly #patient: Waiting[] = [];
  #isClosed = false;

  constructor(size: number) {
    this.size = size;
  }

  fit(job: FitJob, { urgent, signal }: FitOptions): Promise<FitAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new AvxError("query_canceled"));
      const queue = urgent ? this.#urgent : this.#patient;
      if (queue.length >= MAX_WAITING) {
        return reject(new AvxError("overloaded", { what: "forecasting", retryAfterSeconds: 10 }));
      }
      queue.push({ job, signal, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const waiting of [...this.#running.values(), ...this.#urgent, ...this.#patient]) {
      waiting.reject(new AvxError("query_canceled"));
    }
    this.#urgent.length = 0;
    this.#patient.length = 0;
    const workers = [...this.#idle, ...this.#running.keys()];
    this.#running.clear();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #next(): void {
    while (this.#running.size < this.size) {
      const waiting = this.#urgent.shift() ?? this.#patient.shift();
      if (waiting === undefined) return;
      if (waiting.signal?.aborted) waiting.reject(waiting.signal.reason);
      else this.#run(waiting, this.#idle.pop() ?? this.#start());
    }
  }

  #run(waiting: Waiting, worker: Worker): void {
    const timer = setTimeout(() => {
      waiting.reject(new AvxError("query_timeout", { seconds: FIT_TIMEOUT_MS / 1000 }));
      this.#end(worker);
    }, FIT_TIMEOUT_MS);
    timer.unref();
    this.#running.set(worker, waiting);
    worker.ref();
    worker.once("message", (reply: Reply) => {
      clearTimeout(timer);
      worker.unref();
      this.#running.delete(worker);
      this.#idle.push(worker);
      if ("answer" in reply) waiting.resolve(reply.answer);
      else waiting.reject(new Error(reply.failure));
      this.#next();
    });
    worker.postMessage(waiting.job);
  }

  #start(): Worker {
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
    const worker = new Worker(new URL(`./fit-main${extension}`, import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    worker.unref();
    // Out of memory, or a fault of Node: it takes its own job with it and no other.
    worker.on("error", (error) => {
      this.#running.get(worker)?.reject(error);
      this.#end(worker);
    });
    return worker;
  }

  #end(worker: Worker): void {
    this.#running.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    void worker.terminate();
    if (!this.#isClosed) this.#next();
  }
}
