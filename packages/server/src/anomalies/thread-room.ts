import { Worker } from "node:worker_threads";
import {
  buffersOf,
  type JudgedColumns,
  type RestoredRoom,
  type RoomCall,
  type RoomReply,
  type WatchChange,
  type WatchRoom,
} from "./watch-messages.ts";

/**
 * Heap of the thread. States lie outside of it; what is inside takes 0.7 kB a series: 70 MB for
 * 100,000, and as much again while they are saved.
 */
const HEAP_MB = 512;

/** Watches in a thread of their own, so that judging never makes ingest wait. */
export function createThreadRoom(): WatchRoom {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
  const worker = new Worker(new URL(`./room-main${extension}`, import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  worker.unref();
  const calls = new Map<number, Pending>();
  let next = 0;
  let failure: Error | undefined;
  const fail = (reason: string): void => {
    failure = new Error(`the thread of the detectors ended: ${reason}`);
    for (const { reject } of calls.values()) reject(failure);
    calls.clear();
  };
  worker.on("error", (error) => fail(String(error)));
  worker.on("exit", (code) => fail(`exit code ${code}`));
  worker.on("message", (reply: RoomReply) => {
    const pending = calls.get(reply.number);
    calls.delete(reply.number);
    if (calls.size === 0) worker.unref();
    if ("error" in reply) pending?.reject(new Error(reply.error));
    else pending?.resolve(reply.value);
  });
  const ask = <T>(call: RoomCall, transfer: ArrayBuffer[] = []): Promise<T> =>
    new Promise<unknown>((resolve, reject) => {
      if (failure !== undefined) return reject(failure);
      const number = next++;
      calls.set(number, { resolve, reject });
      worker.ref();
      worker.postMessage({ number, call }, transfer);
    }) as Promise<T>; // Proof of the `as`: room-main answers each call as the room does.
  return {
    judge: (added, samples) =>
      ask<JudgedColumns>({ call: "judge", added, samples }, buffersOf(samples)),
    learn: (added, samples) => ask<void>({ call: "learn", added, samples }, buffersOf(samples)),
    silence: (ids, nowMs) => ask<readonly WatchChange[]>({ call: "silence", ids, nowMs }),
    setThreshold(id, threshold) {
      // A thread that has ended says so to the next call that is waited for.
      ask<void>({ call: "threshold", id, threshold }).catch(() => {});
    },
    save: (path, savedMs) => ask<void>({ call: "save", path, savedMs }),
    restore: (path, most) => ask<RestoredRoom>({ call: "restore", path, most }),
    async close() {
      worker.removeAllListeners("exit");
      await worker.terminate();
    },
  };
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}
