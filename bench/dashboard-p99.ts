/**
 * How long the pages wait: 50 of the dashboard's own queries a second (last hour), while 20,000
 * samples a second come in by remote write. Latency is counted from the moment a query was due, so a
 * server that falls behind shows it. Prints one JSON line.
 * Usage: node bench/dashboard-p99.ts [minutes, default 5]
 */
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { cpuMs, residentMb } from "./process-usage.ts";
import { startServer } from "./server-process.ts";

const QUERIES_PER_SECOND = 50;
const SAMPLES_PER_SECOND = 20_000;
const RANGE_SECONDS = 3600;
/** What the pages choose for an hour. */
const STEP_SECONDS = 10;
/** The first seconds compile the code. */
const WARM_UP_MS = 15_000;
/** Services of the mesh that `bench/mesh-writer.ts` plays. */
const SERVICES = ["avx-gateway", "avx-api-core", "avx-orders", "avx-search"];

const COUNT = "http_server_request_duration_seconds_count";
const BUCKET = "http_server_request_duration_seconds_bucket";

/** The range queries of the pages: of all services, of one, of its routes. */
function pageQueries(): string[] {
  const queries: string[] = [];
  for (const service of [null, ...SERVICES]) {
    const own = service === null ? "" : `service_name="${service}"`;
    const rate = (by: string, condition = "") =>
      `sum by (${by}) (rate(${COUNT}{${[own, condition].filter(Boolean).join(",")}}[60s]))`;
    const failed = 'http_response_status_code=~"5.."';
    const quantile = (by: string, q: number) =>
      `histogram_quantile(${q}, sum by (${by}, le) (rate(${BUCKET}{${own}}[60s])))`;
    for (const by of service === null ? ["service_name"] : ["service_name", "http_route"]) {
      queries.push(rate(by), quantile(by, 0.5), quantile(by, 0.95), quantile(by, 0.99));
      queries.push(`(${rate(by, failed)} or 0 * ${rate(by)}) / ${rate(by)}`);
    }
    queries.push(
      `max by (service_name) (max_over_time(nodejs_eventloop_utilization_ratio{${own}}[60s]))`,
    );
  }
  return queries;
}

/** Every request that a page makes, as a path with its parameters at a time. */
function requests(nowMs: number): string[] {
  const end = Math.floor(nowMs / 1000 / STEP_SECONDS) * STEP_SECONDS;
  const range = `start=${end - RANGE_SECONDS}&end=${end}`;
  return [
    ...pageQueries().map(
      (query) =>
        `/api/v1/query_range?query=${encodeURIComponent(query)}&${range}&step=${STEP_SECONDS}`,
    ),
    `/api/avx/services?${range}`,
    `/api/avx/anomalies?${range}`,
  ];
}

interface Outcome {
  readonly ms: number;
  readonly ok: boolean;
}

async function ask(url: string, dueMs: number): Promise<Outcome> {
  const reply = await fetch(url).catch(() => undefined);
  await reply?.arrayBuffer().catch(() => undefined);
  return { ms: performance.now() - dueMs, ok: reply?.ok === true };
}

/** Sends at the due times whatever the answers do. */
async function load(url: string, forMs: number): Promise<Outcome[]> {
  const begunMs = performance.now();
  const pending: Promise<Outcome>[] = [];
  for (let i = 0; ; i++) {
    const dueMs = begunMs + (i * 1000) / QUERIES_PER_SECOND;
    if (dueMs > begunMs + forMs) break;
    await sleep(Math.max(0, dueMs - performance.now()));
    const paths = requests(Date.now());
    pending.push(ask(`${url}${paths[(i * 7) % paths.length]}`, dueMs));
  }
  return Promise.all(pending);
}

const minutes = Number(process.argv[2] ?? 5);
const server = await startServer([]);
const writer = new Worker(new URL("./mesh-writer.ts", import.meta.url), {
  workerData: { url: server.url, services: SERVICES, samplesPerSecond: SAMPLES_PER_SECOND },
});
let written = 0;
writer.on("message", (samples: number) => {
  written += samples;
});
try {
  await load(server.url, WARM_UP_MS);
  const before = { cpu: cpuMs(server.pid), written, wall: performance.now() };
  const outcomes = await load(server.url, minutes * 60_000);
  const seconds = (performance.now() - before.wall) / 1000;
  const sorted = outcomes.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number) => Number(sorted[Math.floor(sorted.length * share)]?.toFixed(1));
  process.stdout.write(
    `${JSON.stringify({
      minutes,
      queries: outcomes.length,
      failed: outcomes.filter(({ ok }) => !ok).length,
      samplesPerSecond: Math.round((written - before.written) / seconds),
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      p99Ms: at(0.99),
      maxMs: Number(sorted.at(-1)?.toFixed(1)),
      serverCores: Number(((cpuMs(server.pid) - before.cpu) / 1000 / seconds).toFixed(2)),
      residentMb: Math.round(residentMb(server.pid)),
      loadOfMachine: Number(loadavg()[0]?.toFixed(1)),
    })}\n`,
  );
} finally {
  await writer.terminate();
  await server.stop();
}
