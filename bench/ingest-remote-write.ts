/**
 * Remote write from the socket to durable storage, over the whole of each server: A is 1000 series x
 * 10 samples a request, B is 10,000 series x 1. Prometheus and VictoriaMetrics get the same requests
 * in the same run when they are installed (Debian: apt-get install prometheus victoria-metrics).
 * CPU seconds a million samples of all processes of a server, from the first request until it has
 * settled; best of the rounds, as other work on the machine only adds. Prints one JSON line.
 * Usage: node bench/ingest-remote-write.ts [rounds, default 2]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { encodeWriteRequest, snappyEncode } from "@avx/wire";
import { cpuMs, residentMb } from "./process-usage.ts";
import { isInstalled, startPrometheus, startVictoriaMetrics } from "./rival-servers.ts";
import { makeColumn, STEP_MS } from "./sample-columns.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

const HOUR_MS = 3_600_000;
/** Merges and flushes that follow the last request are part of the price. */
const SETTLE_MS = 12_000;
const HEADERS = {
  "content-type": "application/x-protobuf",
  "content-encoding": "snappy",
  "x-prometheus-remote-write-version": "0.1.0",
};

interface Workload {
  readonly series: number;
  /** Samples of each series. */
  readonly samples: number;
  /** Samples of each series in one request. */
  readonly perRequest: number;
}

interface Measured {
  readonly cpuSecondsPerMillion: number;
  readonly samplesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly peakRssMb: number;
}

const WORKLOADS: Readonly<Record<string, Workload>> = {
  A: { series: 1000, samples: 2880, perRequest: 10 },
  B: { series: 10_000, samples: 240, perRequest: 1 },
};

const STARTS: Readonly<Record<string, () => Promise<ServerProcess>>> = {
  avx: () => startServer([]),
  ...(isInstalled("prometheus") && { prometheus: startPrometheus }),
  ...(isInstalled("victoria-metrics") && { victoriaMetrics: startVictoriaMetrics }),
};

/** All requests of a workload, ready to be sent. */
function requestsOf({ series, samples, perRequest }: Workload): Uint8Array<ArrayBuffer>[] {
  const spanMs = samples * STEP_MS;
  const t0 = Math.floor((Date.now() - spanMs) / HOUR_MS) * HOUR_MS - HOUR_MS;
  const columns = Array.from({ length: series }, (_, i) => makeColumn(i, t0, samples));
  return Array.from({ length: samples / perRequest }, (_, request) => {
    const from = request * perRequest;
    const part = columns.map(({ labels, timestampsMs, values }) => ({
      labels,
      timestampsMs: timestampsMs.subarray(from, from + perRequest),
      values: values.subarray(from, from + perRequest),
    }));
    const bytes = encodeWriteRequest({ series: part, metadata: [], exemplars: [] });
    return new Uint8Array(snappyEncode(bytes));
  });
}

async function measure(
  start: () => Promise<ServerProcess>,
  requests: readonly Uint8Array<ArrayBuffer>[],
  samples: number,
): Promise<Measured> {
  const server = await start();
  try {
    const cpuBefore = cpuMs(server.pid);
    const begun = performance.now();
    const latencies: number[] = [];
    let peakRssMb = 0;
    for (const [i, body] of requests.entries()) {
      const sent = performance.now();
      const url = `${server.url}/api/v1/write`;
      const reply = await fetch(url, { method: "POST", headers: HEADERS, body });
      const text = await reply.text();
      if (!reply.ok) throw new Error(`${server.url} answered ${reply.status}: ${text}`);
      latencies.push(performance.now() - sent);
      if (i % 20 === 0) peakRssMb = Math.max(peakRssMb, residentMb(server.pid));
    }
    const wallSeconds = (performance.now() - begun) / 1000;
    await sleep(SETTLE_MS);
    const cpuSeconds = (cpuMs(server.pid) - cpuBefore) / 1000;
    latencies.sort((a, b) => a - b);
    return {
      cpuSecondsPerMillion: Number(((cpuSeconds / samples) * 1e6).toFixed(3)),
      samplesPerSecond: Math.round(samples / wallSeconds),
      p50Ms: Number(latencies[latencies.length >> 1]?.toFixed(1)),
      p99Ms: Number(latencies[Math.floor(latencies.length * 0.99)]?.toFixed(1)),
      peakRssMb: Math.round(peakRssMb),
    };
  } finally {
    await server.stop();
  }
}

const rounds = Number(process.argv[2] ?? 2);
const best: Record<string, Record<string, Measured>> = {};
for (const [name, workload] of Object.entries(WORKLOADS)) {
  const requests = requestsOf(workload);
  const ofWorkload: Record<string, Measured> = {};
  best[name] = ofWorkload;
  for (let round = 0; round < rounds; round++) {
    for (const [server, start] of Object.entries(STARTS)) {
      const found = await measure(start, requests, workload.series * workload.samples);
      const known = ofWorkload[server];
      const isBetter = !known || found.cpuSecondsPerMillion < known.cpuSecondsPerMillion;
      if (isBetter) ofWorkload[server] = found;
    }
  }
}
process.stdout.write(`${JSON.stringify({ workloads: WORKLOADS, rounds, ...best })}\n`);
