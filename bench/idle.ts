/**
 * What a server takes that nobody asks: memory and CPU of all its processes, on an empty directory and
 * on one with a minute of a mesh's data that was killed and started again, beside Prometheus and
 * VictoriaMetrics where they are installed. Also how long the first question takes that has to start
 * the parked engine. Prints one JSON line. Linux only.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { cpuMs, memoryByProcess } from "./process-usage.ts";
import { isInstalled, startPrometheus, startVictoriaMetrics } from "./rival-servers.ts";
import { freshDirectory, type ServerProcess, startServer } from "./server-process.ts";
import { spanRequest } from "./span-requests.ts";

/** Start-up is over, and the engine has not been parked yet. */
const STARTED_MS = 20_000;
/** The engine is parked after a minute, and the first documents of a service ask it once more. */
const SETTLE_MS = 150_000;
/** Two runs of what is done every minute. */
const MEASURED_MS = 120_000;
const WRITTEN_MS = 60_000;
const SAMPLES_PER_SECOND = 2000;
const SPAN_REQUESTS = 20;

interface Footprint {
  readonly server: string;
  readonly residentMbStarted: number;
  readonly residentMb: number;
  readonly anonymousMb: number;
  readonly proportionalMb: number;
  readonly processes: number;
  readonly cpuPercent: number;
}

function sumOf(pid: number) {
  const all = memoryByProcess(pid);
  const sum = (of: (one: (typeof all)[number]) => number): number =>
    Math.round(all.reduce((total, one) => total + of(one), 0));
  return {
    residentMb: sum((one) => one.residentMb),
    anonymousMb: sum((one) => one.anonymousMb),
    proportionalMb: sum((one) => one.proportionalMb),
    processes: all.length,
  };
}

async function footprint(name: string, { pid }: ServerProcess): Promise<Footprint> {
  await sleep(STARTED_MS);
  const started = sumOf(pid);
  await sleep(SETTLE_MS - STARTED_MS);
  const [beginMs, beginCpuMs] = [performance.now(), cpuMs(pid)];
  await sleep(MEASURED_MS);
  const cpuPercent = (100 * (cpuMs(pid) - beginCpuMs)) / (performance.now() - beginMs);
  return {
    ...{ server: name, residentMbStarted: started.residentMb, ...sumOf(pid) },
    cpuPercent: Number(cpuPercent.toFixed(2)),
  };
}

/** Fills the directory, kills the server, and starts it again. */
async function startOnUsedDirectory(): Promise<ServerProcess> {
  const directory = freshDirectory();
  const first = await startServer([], directory);
  const services = ["avx-gateway", "avx-api-core", "avx-orders", "avx-search"];
  const writer = new Worker(new URL("./mesh-writer.ts", import.meta.url), {
    workerData: { url: first.url, services, samplesPerSecond: SAMPLES_PER_SECOND },
  });
  for (let i = 0; i < SPAN_REQUESTS; i++) {
    await fetch(`${first.url}/v1/traces`, {
      ...{ method: "POST", body: spanRequest(i) },
      headers: { "content-type": "application/x-protobuf" },
    });
  }
  await sleep(WRITTEN_MS);
  await writer.terminate();
  await first.kill();
  return startServer([], directory);
}

/** How often the parked engine was started although nobody asked. */
async function wakesOf({ url }: ServerProcess): Promise<number> {
  const page = await (await fetch(`${url}/metrics`)).text();
  return Number(/^avx_store_engine_wakes_total (\d+)/m.exec(page)?.[1]);
}

/** Milliseconds of a question that only the engine can answer, and of the same again. */
async function firstQuestion({ url }: ServerProcess) {
  const ask = async (): Promise<number> => {
    const beginMs = performance.now();
    const answer = await fetch(`${url}/api/avx/traces?limit=20`);
    if (!answer.ok) throw new Error(`traces: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
    return Math.round(performance.now() - beginMs);
  };
  return { firstMs: await ask(), nextMs: await ask() };
}

const servers: (readonly [name: string, server: ServerProcess])[] = [];
try {
  servers.push(["avx, used directory", await startOnUsedDirectory()]);
  servers.push(["avx, empty directory", await startServer([])]);
  if (isInstalled("prometheus")) servers.push(["prometheus, empty", await startPrometheus()]);
  if (isInstalled("victoria-metrics")) {
    servers.push(["victoria-metrics, empty", await startVictoriaMetrics()]);
  }
  const footprints = await Promise.all(servers.map(([name, server]) => footprint(name, server)));
  const used = servers[0]?.[1];
  const engineWakes = used && (await wakesOf(used));
  const questionOfParked = used && (await firstQuestion(used));
  process.stdout.write(`${JSON.stringify({ footprints, engineWakes, questionOfParked })}\n`);
} finally {
  await Promise.all(servers.map(([, server]) => server.stop()));
}
