/**
 * How ingest and health are answered while heavy queries run, with and without threads for them:
 * two clients ask one heavy query after the other, a third writes 2,000 samples and asks for health
 * every 20 ms. Also what the same queries cost in CPU. Prints one JSON line.
 * Usage: node bench/query-workers.ts [seconds, default 15]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { labelsFromRecord } from "@avx/model";
import { encodeWriteRequest, snappyEncode } from "@avx/wire";
import { cpuMs, residentMb } from "./process-usage.ts";
import { startServer } from "./server-process.ts";

const SERIES = 400;
const STEP_MS = 15_000;
const SAMPLES = 5760;
/** A request may bring 100,000 points. */
const SERIES_PER_REQUEST = 16;
const HEAVY_CLIENTS = 2;
const PROBE_EVERY_MS = 20;

const QUERIES = [
  "sum by (job) (quantile_over_time(0.9, m[30m]))",
  "sum by (job) (stddev_over_time(m[1h]))",
  "avg_over_time(m[1h])",
];

function body(from: number, timesMs: readonly number[], count: number): Buffer<ArrayBuffer> {
  const series = Array.from({ length: count }, (_, k) => from + k).map((i) => ({
    labels: labelsFromRecord({ __name__: "m", job: `j${i % 20}`, instance: `i${i}` }),
    timestampsMs: Float64Array.from(timesMs),
    values: Float64Array.from(timesMs, (timeMs) => (timeMs / STEP_MS) % 977),
  }));
  return Buffer.from(snappyEncode(encodeWriteRequest({ series, metadata: [], exemplars: [] })));
}

async function write(url: string, content: Buffer<ArrayBuffer>): Promise<void> {
  const headers = { "content-type": "application/x-protobuf", "content-encoding": "snappy" };
  const reply = await fetch(`${url}/api/v1/write`, { method: "POST", headers, body: content });
  if (!reply.ok) throw new Error(`write: ${reply.status} ${await reply.text()}`);
}

async function fill(url: string, endMs: number): Promise<void> {
  const timesMs = Array.from({ length: SAMPLES }, (_, k) => endMs - (SAMPLES - k) * STEP_MS);
  for (let i = 0; i < SERIES; i += SERIES_PER_REQUEST) {
    await write(url, body(i, timesMs, SERIES_PER_REQUEST));
  }
}

/** Wall ms of one heavy query, evaluated anew. */
async function ask(url: string, query: string, endMs: number): Promise<number> {
  const begun = performance.now();
  const range = { start: `${endMs / 1000 - 6 * 3600}`, end: `${endMs / 1000}`, step: "60" };
  const parameters = new URLSearchParams({ query, ...range, nocache: "1" });
  const reply = await fetch(`${url}/api/v1/query_range?${parameters}`);
  if (!reply.ok) throw new Error(`${query}: ${reply.status} ${await reply.text()}`);
  await reply.arrayBuffer();
  return performance.now() - begun;
}

const at = (sorted: readonly number[], share: number): number =>
  Number(sorted[Math.floor(sorted.length * share)]?.toFixed(1));

function latencies(walls: number[]) {
  const sorted = walls.toSorted((a, b) => a - b);
  return {
    count: walls.length,
    p50Ms: at(sorted, 0.5),
    p99Ms: at(sorted, 0.99),
    maxMs: at(sorted, 1 - 1e-9),
  };
}

async function probe(url: string, endMs: number, untilMs: number) {
  const health: number[] = [];
  const ingest: number[] = [];
  const pending: Promise<void>[] = [];
  const timed = async (walls: number[], work: Promise<unknown>): Promise<void> => {
    const begun = performance.now();
    await work;
    walls.push(performance.now() - begun);
  };
  for (let tick = 0; performance.now() < untilMs; tick++) {
    pending.push(
      timed(
        health,
        fetch(`${url}/-/healthy`).then((reply) => reply.text()),
      ),
    );
    const timesMs = Array.from({ length: 5 }, (_, k) => endMs + tick * 100 + k);
    if (tick % 5 === 0) pending.push(timed(ingest, write(url, body(0, timesMs, SERIES))));
    await sleep(PROBE_EVERY_MS);
  }
  await Promise.all(pending);
  return { health: latencies(health), ingest: latencies(ingest) };
}

async function measure(workers: number, seconds: number) {
  const server = await startServer(["--store", "memory", "--query-workers", `${workers}`]);
  try {
    const endMs = Math.floor(Date.now() / 60_000) * 60_000 - 600_000;
    await fill(server.url, endMs);
    const [first] = QUERIES;
    const firstMs = await ask(server.url, first ?? "", endMs);
    for (const query of QUERIES) await ask(server.url, query, endMs);
    const idle = await probe(server.url, endMs, performance.now() + 3000);
    const untilMs = performance.now() + seconds * 1000;
    const before = cpuMs(server.pid);
    const queries: number[] = [];
    const client = async (): Promise<void> => {
      for (let i = 0; performance.now() < untilMs; i++) {
        queries.push(await ask(server.url, QUERIES[i % QUERIES.length] ?? "", endMs));
      }
    };
    const clients = Array.from({ length: HEAVY_CLIENTS }, client);
    const busy = await probe(server.url, endMs, untilMs);
    await Promise.all(clients);
    return {
      ...{ firstQueryMs: Math.round(firstMs), idle, busy, queries: latencies(queries) },
      cpuMsPerQuery: Math.round((cpuMs(server.pid) - before) / queries.length),
      residentMb: Math.round(residentMb(server.pid)),
    };
  } finally {
    await server.stop();
  }
}

const seconds = Number(process.argv[2] ?? 15);
const without = await measure(0, seconds);
const withThreads = await measure(2, seconds);
process.stdout.write(`${JSON.stringify({ seconds, without, withThreads })}\n`);
