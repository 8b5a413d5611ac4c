import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** `npm start` on free ports, its output collected. */
class Start {
  readonly child: ChildProcess;
  output = "";
  readonly exited: Promise<number | null>;

  constructor(env: Record<string, string>) {
    this.child = spawn(process.execPath, ["scripts/start.ts"], {
      cwd: ROOT,
      env: { ...process.env, ...env },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    this.exited = new Promise((resolve) => this.child.once("exit", resolve));
  }

  /** Resolves when the output has the text; fails when the command ends before. */
  async says(text: string): Promise<void> {
    let ended = false;
    void this.exited.then(() => {
      ended = true;
    });
    while (!this.output.includes(text)) {
      if (ended) throw new Error(`ended without "${text}":\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function startEnvironment(dataDir: string) {
  const [server, otlp, gateway, core] = await Promise.all([1, 2, 3, 4].map(freePort));
  return {
    AVX_LISTEN: `127.0.0.1:${server}`,
    AVX_OTLP_LISTEN: `127.0.0.1:${otlp}`,
    AVX_GATEWAY_PORT: String(gateway),
    AVX_API_CORE_PORT: String(core),
    AVX_DATA_DIR: dataDir,
  };
}

/** Lines of `ps` that contain all of these words. */
function processesWith(words: readonly string[]): string[] {
  const listed = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" }).split("\n");
  return listed.filter((line) => words.every((word) => line.includes(word)));
}

async function until<T>(seconds: number, read: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const value = await read().catch(() => undefined);
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`nothing within ${seconds} s`);
}

describe("npm start", () => {
  let dataDir = "";
  let env: Awaited<ReturnType<typeof startEnvironment>>;
  let start: Start;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "avx-start-"));
    env = await startEnvironment(dataDir);
    start = new Start(env);
    await start.says("ready: open http://");
  });

  afterAll(async () => {
    start.child.kill("SIGKILL");
    await rm(dataDir, { recursive: true, force: true });
  });

  it("says what is up, with the URL", () => {
    for (const part of ["server", "avx-api-core", "avx-gateway"]) {
      expect(start.output).toMatch(new RegExp(`${part} is up: http://127\\.0\\.0\\.1:\\d+/`));
    }
  });

  it("shows both services with live numbers within 10 s of ready", async () => {
    const names = await until(10, async () => {
      const answer = await fetch(`http://${env.AVX_LISTEN}/api/avx/services`);
      const { services } = await answer.json();
      const live = services.filter(
        (row: { requestsPerSecond: number | null }) => (row.requestsPerSecond ?? 0) > 0,
      );
      return live.length >= 2
        ? live.map((row: { service: string }) => row.service).sort()
        : undefined;
    });
    expect(names).toEqual(["avx-api-core", "avx-gateway"]);
  });

  it("carries a request's trace through gateway and api-core", async () => {
    const services = await until(10, async () => {
      const answer = await fetch(`http://${env.AVX_LISTEN}/api/avx/traces?limit=50`);
      const { traces } = await answer.json();
      return traces.find((trace: { services: string[] }) => trace.services.length === 2)?.services;
    });
    expect([...services].sort()).toEqual(["avx-api-core", "avx-gateway"]);
  });

  it("survives a kill -9 of the engine, says so, and goes on with new data", async () => {
    const engine = processesWith(["engine-main.ts", dataDir]);
    expect(engine).toHaveLength(1);
    process.kill(Number(engine[0]?.trim().split(/\s+/)[0]), "SIGKILL");
    const restarts = await until(20, async () => {
      const text = await (await fetch(`http://${env.AVX_LISTEN}/metrics`)).text();
      const count = Number(/^avx_store_engine_restarts_total (\d+)/m.exec(text)?.[1] ?? 0);
      return count > 0 ? count : undefined;
    });
    expect(restarts).toBeGreaterThanOrEqual(1);
    await until(20, async () =>
      (await fetch(`http://${env.AVX_LISTEN}/-/ready`)).ok ? true : undefined,
    );
    expect(start.output).toMatch(/engine .*(restart|stopped|exited)/i);
    const rate = await until(20, async () => {
      const query = encodeURIComponent(
        "sum(rate(http_server_request_duration_seconds_count[20s]))",
      );
      const answer = await fetch(`http://${env.AVX_LISTEN}/api/v1/query?query=${query}`);
      const value = Number((await answer.json()).data.result[0]?.value[1]);
      return value > 0 ? value : undefined;
    });
    expect(rate).toBeGreaterThan(0);
  });

  it("names a taken port and the option that changes it", async () => {
    const second = new Start({ ...(await startEnvironment(dataDir)), AVX_LISTEN: env.AVX_LISTEN });
    expect(await second.exited).toBe(1);
    expect(second.output).toContain(`port ${env.AVX_LISTEN.split(":")[1]}`);
    expect(second.output).toContain("AVX_LISTEN");
  });

  it("stops everything on Ctrl-C, exit 0, no process left", async () => {
    start.child.kill("SIGINT");
    expect(await start.exited).toBe(0);
    const words = [env.AVX_LISTEN, env.AVX_GATEWAY_PORT, env.AVX_API_CORE_PORT, dataDir];
    expect(words.flatMap((word) => processesWith(["node", word]))).toEqual([]);
  });
});
