import { Worker } from "node:worker_threads";
import { AvxError } from "@avx/model";
import type { SentError } from "../../query-workers/messages.ts";
import { receivedError } from "../../query-workers/sent-error.ts";
import type { BulkBody } from "./pieces.ts";

/** From this size on a body is read on the thread: 10 ms of decoding, at worst 40. */
export const BULK_BYTES = 1024 * 1024;

/** Decoded objects take ten times the bytes of the largest body, in the worst case more. */
const HEAP_MB = 768;

/** Bodies on the thread or waiting for it. */
const MAX_WAITING = 8;

/** The thread's answer to one body. */
export type BulkAnswer = { readonly pieces: readonly Uint8Array[] } | { readonly error: SentError };

interface Waiting {
  readonly resolve: (pieces: readonly Uint8Array[]) => void;
  readonly reject: (error: Error) => void;
}

/** Cuts large bodies into pieces on a thread of its own, which begins with the first of them. */
export class BulkSplitter {
  #thread: Worker | undefined;
  /** In the order in which the thread answers. */
  #waiting: Waiting[] = [];

  /**
   * Resolves to the pieces. Rejects as the decoders do, with `overloaded` when too many bodies wait,
   * and with `body_too_large` when reading the body takes more memory than one may have.
   */
  async split({ bytes, ...body }: BulkBody): Promise<readonly Uint8Array[]> {
    if (this.#waiting.length >= MAX_WAITING) {
      throw new AvxError("overloaded", { what: "the queue of large bodies", retryAfterSeconds: 2 });
    }
    this.#thread ??= this.#start();
    const thread = this.#thread;
    // Inflated bodies may lie in a pool of Node's: only memory of its own can be handed over.
    const handed = new Uint8Array(bytes);
    const { promise, resolve, reject } = Promise.withResolvers<readonly Uint8Array[]>();
    this.#waiting.push({ resolve, reject });
    thread.postMessage({ ...body, bytes: handed }, [handed.buffer]);
    return promise;
  }

  /** Ends the thread; bodies that wait are refused. */
  async close(): Promise<void> {
    await this.#thread?.terminate();
  }

  #start(): Worker {
    // A copy of the server as JavaScript has the same files with another extension.
    const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
    const thread = new Worker(new URL(`./bulk-main${extension}`, import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    let failure: Error | undefined;
    thread.on("message", (answer: BulkAnswer) => {
      const asked = this.#waiting.shift();
      if ("pieces" in answer) asked?.resolve(answer.pieces);
      else asked?.reject(receivedError(answer.error));
    });
    thread.on("error", (error) => {
      failure = error instanceof Error ? error : new Error(String(error));
    });
    thread.on("exit", () => this.#gone(failure));
    thread.unref();
    return thread;
  }

  /** The body under way broke the thread, the others may come again. */
  #gone(failure: Error | undefined): void {
    this.#thread = undefined;
    const [broken, ...others] = this.#waiting;
    this.#waiting = [];
    const isMemory =
      failure !== undefined && "code" in failure && failure.code === "ERR_WORKER_OUT_OF_MEMORY";
    const again = new AvxError("overloaded", {
      what: "reading large bodies",
      retryAfterSeconds: 1,
    });
    const tooLarge = new AvxError("body_too_large", {
      limitBytes: HEAP_MB * 2 ** 20,
      stage: "decoded",
    });
    broken?.reject(isMemory ? tooLarge : again);
    for (const one of others) one.reject(again);
  }
}
