/**
 * What a running server does to those who send to it when it is told to stop, when its disk is full and
 * when its directory cannot be used. Prints one JSON line. The disk is a tmpfs: that part needs root.
 * Usage: node bench/server-faults.ts [rounds of SIGTERM under load, default 10]
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./server-process.ts";

const MAIN = join(import.meta.dirname, "../packages/avx-telemetry/bin/avx.js");
const SENDERS = 8;
const LOAD_MS = 1500;
const DISK_BYTES = 256 * 1024 * 1024;

interface Server {
  readonly url: string;
  /** Exit code and milliseconds from SIGTERM to the end. */
  stop(): Promise<{ code: number | null; ms: number }>;
}

function avx(port: number, dataDir: string) {
  const doors = ["--listen", `127.0.0.1:${port}`, "--otlp-listen", "off"];
  const flags = [...doors, "--otlp-grpc-listen", "off", "--data-dir", dataDir];
  return spawn(process.execPath, [MAIN, "serve", ...flags], {
    stdio: ["ignore", "ignore", "pipe"],
  });
}

async function start(dataDir: string): Promise<Server> {
  const port = await freePort();
  const child = avx(port, dataDir);
  child.stderr.resume();
  const url = `http://127.0.0.1:${port}`;
  while ((await fetch(`${url}/-/ready`).catch(() => undefined))?.ok !== true) {
    if (child.exitCode !== null) throw new Error("the server did not start");
    await sleep(50);
  }
  return {
    url,
    async stop() {
      const begun = performance.now();
      child.kill("SIGTERM");
      const [code] = await once(child, "exit");
      return { code, ms: Math.round(performance.now() - begun) };
    },
  };
}

/** One line on standard error and the exit code, of a server that cannot start. */
async function refusal(dataDir: string): Promise<{ code: number | null; lines: number }> {
  const child = avx(await freePort(), dataDir);
  let text = "";
  child.stderr.on("data", (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, "exit");
  return { code, lines: text.trim().split("\n").length };
}

let lastMs = Date.now();

/** A gauge point and a span with a number of their own, as OTLP JSON. */
function bodies(n: number): { metrics: string; traces: string } {
  lastMs = Math.max(lastMs + 1, Date.now());
  const timeUnixNano = `${lastMs}000000`;
  const hex = n.toString(16);
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "faults" } }] };
  const point = { asDouble: n, timeUnixNano };
  const gauge = { name: "fault_number", gauge: { dataPoints: [point] } };
  const span = {
    ...{ traceId: "f".padEnd(32, "0"), spanId: hex.padStart(16, "0"), name: "n", kind: 1 },
    ...{ startTimeUnixNano: timeUnixNano, endTimeUnixNano: timeUnixNano },
  };
  return {
    metrics: JSON.stringify({
      resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [gauge] }] }],
    }),
    traces: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
  };
}

interface Sent {
  readonly samples: Set<number>;
  readonly spans: Set<string>;
  /** Requests that the server took and did not answer. */
  resets: number;
  number: number;
}

/** Status, "refused" when nobody listens any more, "reset" when the connection broke. */
async function post(url: string, body: string): Promise<number | "refused" | "reset"> {
  const headers = { "content-type": "application/json" };
  try {
    const reply = await fetch(url, { method: "POST", body, headers });
    await reply.arrayBuffer();
    return reply.status;
  } catch (error) {
    const code = error instanceof Error && error.cause instanceof Error && "code" in error.cause;
    return code && (error.cause as { code: unknown }).code === "ECONNREFUSED" ? "refused" : "reset";
  }
}

/** Sends until the server stops: 503, which senders retry later, or nobody there. */
async function load(url: string, sent: Sent): Promise<void> {
  for (;;) {
    const n = ++sent.number;
    const { metrics, traces } = bodies(n);
    const answers = await Promise.all([
      post(`${url}/v1/metrics`, metrics),
      post(`${url}/v1/traces`, traces),
    ]);
    if (answers[0] === 200) sent.samples.add(n);
    if (answers[1] === 200) sent.spans.add(n.toString(16).padStart(16, "0"));
    sent.resets += answers.filter((one) => one === "reset").length;
    if (answers.some((one) => one !== 200)) return;
  }
}

async function missing(url: string, { samples, spans }: Sent): Promise<number> {
  const query = encodeURIComponent("fault_number[1h]");
  const found = await (await fetch(`${url}/api/v1/query?query=${query}`)).json();
  const values: [number, string][] = found.data.result.flatMap(
    (one: { values: [number, string][] }) => one.values,
  );
  const there = new Set(values.map(([, value]) => Number(value)));
  const trace = await (await fetch(`${url}/api/avx/traces/${"f".padEnd(32, "0")}`)).json();
  const ids = new Set((trace.spans ?? []).map(({ spanId }: { spanId: string }) => spanId));
  const lostSamples = [...samples].filter((n) => !there.has(n)).length;
  return lostSamples + [...spans].filter((id) => !ids.has(id)).length;
}

async function stopUnderLoad(rounds: number) {
  const dataDir = mkdtempSync(join(tmpdir(), "avx-faults-"));
  const sent: Sent = { samples: new Set(), spans: new Set(), resets: 0, number: 0 };
  const exits: { code: number | null; ms: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const server = await start(dataDir);
    const loads = Array.from({ length: SENDERS }, () => load(server.url, sent));
    await sleep(LOAD_MS);
    exits.push(await server.stop());
    await Promise.all(loads);
  }
  const server = await start(dataDir);
  const lost = await missing(server.url, sent);
  const busy = await refusal(dataDir);
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
  const acknowledged = sent.samples.size + sent.spans.size;
  return {
    sigterm: {
      ...{ rounds, acknowledged, lost, resets: sent.resets },
      exit0: exits.filter(({ code }) => code === 0).length,
      maxMs: Math.max(...exits.map(({ ms }) => ms)),
    },
    secondProcess: busy,
  };
}

/** Undefined where no tmpfs can be mounted. */
async function fullDisk() {
  const disk = mkdtempSync(join(tmpdir(), "avx-disk-"));
  const mount = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_BYTES}`, "tmpfs", disk]);
  if (mount.status !== 0) return undefined;
  const dataDir = join(disk, "data");
  try {
    const server = await start(dataDir);
    const sent: Sent = { samples: new Set(), spans: new Set(), resets: 0, number: 0 };
    const once = async (): Promise<number | string> => {
      const n = ++sent.number;
      const status = await post(`${server.url}/v1/metrics`, bodies(n).metrics);
      if (status === 200) sent.samples.add(n);
      return status;
    };
    await once();
    fill(join(disk, "filler"));
    let statusWhenFull = await once();
    for (let i = 0; i < 5000 && statusWhenFull === 200; i++) statusWhenFull = await once();
    const read = await fetch(`${server.url}/api/v1/query?query=fault_number`);
    await sleep(3000);
    rmSync(join(disk, "filler"));
    const freed = performance.now();
    while ((await once()) !== 200) await sleep(20);
    const resumedMs = Math.round(performance.now() - freed);
    const lost = await missing(server.url, sent);
    const { code } = await server.stop();
    spawnSync("mount", ["-o", "remount,ro", disk]);
    const readOnly = await refusal(dataDir);
    return {
      diskFull: { statusWhenFull, readStatus: read.status, resumedMs, lost, exitCode: code },
      readOnly,
    };
  } finally {
    spawnSync("umount", ["-l", disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}

/** Takes all the space there is. */
function fill(path: string): void {
  const chunk = Buffer.alloc(1024 * 1024);
  for (let size = chunk.length; size >= 1; size = Math.floor(size / 2)) {
    try {
      for (;;) writeFileSync(path, chunk.subarray(0, size), { flag: "a" });
    } catch {
      // Full for pieces of this size; a smaller one may fit.
    }
  }
}

const rounds = Number(process.argv[2] ?? 10);
const stopped = await stopUnderLoad(rounds);
const full = await fullDisk();
process.stdout.write(`${JSON.stringify({ bench: "server-faults", ...stopped, ...full })}\n`);
