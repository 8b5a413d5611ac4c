import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ENGINE_UV_THREADS } from "./engine-config.ts";
import { engineError, engineUnavailable } from "./engine-error.ts";
import type { EngineReply, EngineRequest, EngineStart, Statement } from "./engine-protocol.ts";

/** A stop that takes longer ends with SIGKILL; the tables survive that. */
const STOP_TIMEOUT_MS = 8_000;

interface Waiter {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** One life of the engine's child process. */
export class EngineProcess {
  private readonly child: ChildProcess;
  private readonly waiters = new Map<number, Waiter>();
  private nextId = 1;
  private hasExited = false;
  /** Resolves with the reason when the process has ended, however it ended. */
  readonly exited: Promise<string>;
  /** Resolves when statements can run; rejects when the directory cannot be opened. */
  readonly ready: Promise<void>;

  constructor(start: EngineStart, log: (line: string) => void) {
    // Under a bundler the entry lies beside this file with the same extension.
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
    const entry = fileURLToPath(new URL(`./engine-main${extension}`, import.meta.url));
    this.child = fork(entry, [JSON.stringify(start)], {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // Days are those of UTC, whatever the machine's zone: one insert must be one partition.
      env: { ...process.env, TZ: "UTC", UV_THREADPOOL_SIZE: String(ENGINE_UV_THREADS) },
    });
    if (this.child.stderr) {
      createInterface(this.child.stderr).on("line", (line) => log(`engine: ${line}`));
    }
    this.exited = new Promise((resolve) => {
      this.child.once("exit", (code, signal) => resolve(this.end(`exit ${signal ?? code}`)));
      this.child.once("error", (error) => resolve(this.end(error.message)));
    });
    this.ready = new Promise((resolve, reject) => {
      this.child.on("message", (reply: EngineReply) => {
        if (reply.kind === "ready") resolve();
        else if (reply.kind === "failed") reject(new Error(reply.message));
        else this.settle(reply);
      });
      void this.exited.then((reason) => reject(new Error(reason)));
    });
    this.ready.catch(() => {});
  }

  get pid(): number {
    return this.hasExited ? 0 : (this.child.pid ?? 0);
  }

  private end(reason: string): string {
    this.hasExited = true;
    for (const { reject } of this.waiters.values()) {
      reject(engineUnavailable("the engine stopped while the query ran"));
    }
    this.waiters.clear();
    return reason;
  }

  private settle(reply: Extract<EngineReply, { id: number }>): void {
    const waiter = this.waiters.get(reply.id);
    this.waiters.delete(reply.id);
    if (reply.kind === "done") waiter?.resolve(reply.bytes);
    else waiter?.reject(engineError(reply.message, reply.code));
  }

  /** When the signal fires the statement is ended and the promise rejects with its reason at once. */
  run(statement: Statement, signal?: AbortSignal): Promise<Uint8Array> {
    if (this.hasExited) return Promise.reject(engineUnavailable("the engine restarts"));
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = this.nextId++;
    const onAbort = (): void => {
      this.waiters.get(id)?.reject(signal?.reason);
      this.waiters.delete(id);
      this.send({ kind: "cancel", id });
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    return new Promise<Uint8Array>((resolve, reject) => {
      this.waiters.set(id, { resolve, reject });
      this.send({ kind: "run", id, statement });
    }).finally(() => signal?.removeEventListener("abort", onAbort));
  }

  private send(request: EngineRequest): void {
    // An error here means that the process is going: its exit settles everything.
    this.child.send(request, () => {});
  }

  /** Lets running statements finish, then ends the process. */
  async stop(): Promise<void> {
    if (this.hasExited) return;
    this.send({ kind: "stop" });
    const timer = setTimeout(() => this.kill(), STOP_TIMEOUT_MS);
    await this.exited;
    clearTimeout(timer);
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }
}
