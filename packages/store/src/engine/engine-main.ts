/**
 * Entry of the engine's child process. A native crash, an out-of-memory kill or a long query ends or
 * delays this process only, never the one that takes in data.
 */
import { version } from "chdb";
import type { EngineReply, EngineRequest, EngineStart } from "./engine-protocol.ts";
import { SessionPool } from "./session-pool.ts";

const send = (reply: EngineReply): void => {
  process.send?.(reply, undefined, undefined, () => {});
};

/** Ends at once, even with statements running: the tables survive it, a native exit might hang. */
const die = (): void => {
  process.kill(process.pid, "SIGKILL");
};

// Without a parent nobody can reach us, and we would hold the directory's lock for ever.
process.on("disconnect", die);
// Ctrl-C goes to the whole process group; the parent decides when we stop.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});

// Proof of the `as`: the parent writes the argument, from the same type.
const start = JSON.parse(process.argv[2] ?? "{}") as EngineStart;

function open(): SessionPool | undefined {
  try {
    const pool = new SessionPool(start);
    send({ kind: "ready", version: version().libchdb });
    return pool;
  } catch (error) {
    send({ kind: "failed", message: messageOf(error) });
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): number {
  if (error instanceof Error && "clickhouseCode" in error) return Number(error.clickhouseCode) || 0;
  return Number(/Code: (\d+)/.exec(messageOf(error))?.[1] ?? 0);
}

const pool = open();

// The channel carries only what the parent sends, from the same type.
process.on("message", async (request: EngineRequest) => {
  if (request.kind === "stop") {
    await pool?.close();
    process.disconnect();
    return;
  }
  const { id } = request;
  if (request.kind === "cancel") {
    await pool?.cancel(id);
    return;
  }
  try {
    if (!pool) throw new Error("the engine did not open");
    send({ kind: "done", id, bytes: await pool.run(id, request.statement) });
  } catch (error) {
    send({ kind: "error", id, message: messageOf(error), code: codeOf(error) });
  }
});
