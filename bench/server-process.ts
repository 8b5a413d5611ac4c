/** Starts `avx serve` as a process of its own, on a free port and a fresh data directory. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const MAIN = join(import.meta.dirname, "../packages/avx-telemetry/bin/avx.js");
/** A loaded machine takes seconds to start the engine. */
const START_TIMEOUT_MS = 60_000;

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** SIGKILL, as a crash; the directory stays. */
  kill(): Promise<void>;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A command that serves HTTP, ready when `readyPath` answers 2xx. */
export async function startProcess(
  command: readonly string[],
  at: { readonly port: number; readonly readyPath: string; readonly directory: string },
): Promise<ServerProcess> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (chunk) => {
    complaints = `${complaints}${chunk}`.slice(-2000);
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    rmSync(at.directory, { recursive: true, force: true });
  };
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  };
  const url = `http://127.0.0.1:${at.port}`;
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline && child.exitCode === null) {
    const ready = await fetch(url + at.readyPath).catch(() => undefined);
    if (ready?.ok && child.pid !== undefined) return { url, pid: child.pid, stop, kill };
    await sleep(100);
  }
  await stop();
  throw new Error(`${program} did not start: ${complaints}`);
}

/** A new directory for a server; `stop` removes it. */
export function freshDirectory(): string {
  return mkdtempSync(join(tmpdir(), "avx-bench-"));
}

/** Our server with these further options. */
export async function startServer(
  options: readonly string[],
  directory = freshDirectory(),
): Promise<ServerProcess> {
  const port = await freePort();
  const doors = ["--listen", `127.0.0.1:${port}`, "--otlp-listen", "off"];
  const flags = [...doors, "--otlp-grpc-listen", "off", "--data-dir", directory];
  return startProcess([process.execPath, MAIN, "serve", ...flags, ...options], {
    ...{ port, directory },
    readyPath: "/-/ready",
  });
}
