import { Worker } from "node:worker_threads";
import { AvxError } from "@avx/model";
import type { SampleChanges, SeriesReader } from "@avx/promql";
import type { AnswerRequest, QueryAnswer } from "../api/query-answer.ts";
import { AnswerIntake } from "./answer-intake.ts";
import { STOP_GRACE_MS } from "./limits.ts";
import type { FromWorker, ToWorker, WorkerSettings } from "./messages.ts";
import { ReaderService } from "./reader-service.ts";
import { receivedError } from "./sent-error.ts";

/** What a worker is made of. */
export interface QueryWorkerOptions {
  readonly reader: SeriesReader;
  readonly changesSince: (mark: number) => SampleChanges;
  readonly settings: WorkerSettings;
  readonly heapMb: number;
  readonly pause: () => Promise<void>;
  /** Told once, when the thread is gone: nothing can be asked any more. */
  readonly onGone: (reason: Error | undefined) => void;
}

/** Longest time that a timer takes; admission gives every query a shorter one. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** One question under way. */
interface Job {
  readonly intake: AnswerIntake;
  /** Settles the answer's promise; later calls have no effect. */
  readonly begin: (answer: QueryAnswer) => void;
  readonly fail: (error: Error) => void;
  readonly end: () => void;
}

/** A question that was given to a worker. */
export interface WorkerTask {
  /** Rejects as the engine does, and with `query_failed` when the thread dies of it. */
  readonly answer: Promise<QueryAnswer>;
  /** Resolves when the worker is free again, or gone. */
  readonly ended: Promise<void>;
}

/** A thread that evaluates queries, one at a time. Main thread's side. */
export class QueryWorker {
  readonly #thread: Worker;
  readonly #reading: ReaderService;
  readonly #onGone: QueryWorkerOptions["onGone"];
  #job: Job | undefined;
  #stopTimer: NodeJS.Timeout | undefined;
  #lastError: Error | undefined;

  constructor(options: QueryWorkerOptions) {
    const { reader, changesSince, settings, heapMb, pause, onGone } = options;
    this.#onGone = onGone;
    // A copy of the server as JavaScript has the same files with another extension.
    const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
    this.#thread = new Worker(new URL(`./worker-main${extension}`, import.meta.url), {
      workerData: settings,
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    this.#reading = new ReaderService({
      ...{ reader, changesSince, pause },
      send: (answer, transfer) => this.#thread.postMessage(answer, transfer),
    });
    this.#thread.on("message", (message: FromWorker) => this.#take(message));
    this.#thread.on("error", (error) => {
      this.#lastError = error instanceof Error ? error : new Error(String(error));
    });
    this.#thread.on("exit", () => this.#gone());
    this.#thread.unref();
  }

  /** Asks; the question before must have ended. Its `timeoutMs` bounds all, its signal stops it. */
  ask({ query, ...rest }: AnswerRequest): WorkerTask {
    const { signal, ...plain } = query;
    const leave = (): void => this.#stop(job, new AvxError("query_canceled"));
    const taken = (): void => {
      if (this.#job === job) this.#say({ type: "taken", pieces: 1 });
    };
    const { promise: answer, resolve: begin, reject: fail } = Promise.withResolvers<QueryAnswer>();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const job: Job = { intake: new AnswerIntake(taken, leave), begin, fail, end };
    this.#job = job;
    const { timeoutMs = NO_TIMEOUT_MS } = query;
    const late = (): void => this.#stop(job, new AvxError("query_timeout", { timeoutMs }));
    const timer = setTimeout(late, timeoutMs);
    signal?.addEventListener("abort", leave);
    void ended.then(() => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", leave);
    });
    this.#thread.ref();
    this.#say({ type: "ask", request: { query: plain, ...rest } });
    if (signal?.aborted) leave();
    return { answer, ended };
  }

  /** Ends the thread; a question under way fails with `query_canceled`. */
  async close(): Promise<void> {
    this.#fail(new AvxError("query_canceled"));
    await this.#thread.terminate();
  }

  #say(message: ToWorker): void {
    this.#thread.postMessage(message);
  }

  #take(message: FromWorker): void {
    switch (message.type) {
      case "answer": {
        const { isMatrix, points } = message;
        this.#job?.begin({ isMatrix, points, pieces: this.#job.intake.read() });
        break;
      }
      case "piece":
        this.#job?.intake.add(message.bytes);
        break;
      case "done":
        this.#job?.intake.end();
        this.#end();
        break;
      case "failed":
        this.#fail(receivedError(message.error));
        this.#end();
        break;
      default:
        void this.#reading.take(message);
    }
  }

  /** Whoever waits is told at once; the worker is free when it says so, or ended when it does not. */
  #stop(job: Job, reason: AvxError): void {
    if (this.#job !== job || this.#stopTimer !== undefined) return;
    this.#say({ type: "cancel" });
    this.#reading.stop();
    this.#fail(reason);
    this.#stopTimer = setTimeout(() => void this.#thread.terminate(), STOP_GRACE_MS);
  }

  #fail(error: Error): void {
    this.#job?.fail(error);
    this.#job?.intake.end(error);
  }

  #end(): void {
    clearTimeout(this.#stopTimer);
    this.#stopTimer = undefined;
    const job = this.#job;
    this.#job = undefined;
    this.#thread.unref();
    job?.end();
  }

  #gone(): void {
    this.#reading.stop();
    this.#fail(new AvxError("query_failed", { reason: reasonOf(this.#lastError) }));
    this.#end();
    this.#onGone(this.#lastError);
  }
}

function reasonOf(error: Error | undefined): string {
  const isMemory =
    error !== undefined && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  if (isMemory) return "the query needed more memory than one query may have";
  return "the evaluation of the query broke down";
}
