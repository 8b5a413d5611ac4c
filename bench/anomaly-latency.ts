/**
 * How long from a sample's arrival to the event that it opens, under load: 20,000 samples a second
 * come in by remote write while 200 watched series and 9 services change, one after another. An
 * event counts when a listener of the live stream has it. Prints one JSON line.
 * Usage: node bench/anomaly-latency.ts [samples a second, default 20000]
 */
import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type LabelledSeries, labelsFromRecord } from "@avx/model";
import { encodeWriteRequest, snappyEncode } from "@avx/wire";
import { cpuMs, residentMb } from "./process-usage.ts";
import { startServer } from "./server-process.ts";

const LOAD_PER_SECOND = Number(process.argv[2] ?? 20_000);
const SERIES = 200;
const SERVICES = 9;
const STEP_MS = 2000;
/** Cadence, full windows, and 48 samples: then every detector judges. */
const WARM_UP_STEPS = 75;
const MEASURED_STEPS = 36;
const LOAD_SERVICES = ["avx-gateway", "avx-api-core", "avx-orders", "avx-search"];
const BOUNDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1];

interface Found {
  readonly signal: string;
  readonly service: string;
  readonly timestampMs: number;
  readonly endMs: number | null;
  readonly reason: string;
}

const server = await startServer(["--detect", '{__name__="probe"}', "--findings-per-day", "10000"]);
const load = new Worker(new URL("./mesh-writer.ts", import.meta.url), {
  workerData: { url: server.url, services: LOAD_SERVICES, samplesPerSecond: LOAD_PER_SECOND },
});
let loadSamples = 0;
load.on("message", (samples: number) => {
  loadSamples += samples;
});

/** When the last samples of each service were sent. */
const sentMs = new Map<string, number>();
const direct: number[] = [];
const golden: number[] = [];
const strangers: string[] = [];

function onEvent({ signal, service, timestampMs, endMs, reason }: Found): void {
  if (endMs !== null) return;
  const nowMs = Date.now();
  const isProbe = service.startsWith("probe-");
  if (signal === "metric") direct.push(nowMs - timestampMs);
  else if (isProbe && signal === "latency") golden.push(nowMs - (sentMs.get(service) ?? nowMs));
  else strangers.push(`${service} ${signal} ${reason}`);
}

async function listen(signal: AbortSignal): Promise<void> {
  const response = await fetch(`${server.url}/api/avx/anomalies/stream`, { signal });
  let text = "";
  const seen = new Set<string>();
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const id = /^id: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (id === undefined || data === undefined || seen.has(id)) continue;
      seen.add(id);
      onEvent(JSON.parse(data));
    }
  }
}

function sample(labels: Record<string, string>, timeMs: number, value: number): LabelledSeries {
  return {
    labels: labelsFromRecord(labels),
    timestampsMs: Float64Array.of(timeMs),
    values: Float64Array.of(value),
  };
}

async function write(series: readonly LabelledSeries[]): Promise<void> {
  const reply = await fetch(`${server.url}/api/v1/write`, {
    method: "POST",
    headers: { "content-type": "application/x-protobuf", "content-encoding": "snappy" },
    body: new Uint8Array(snappyEncode(encodeWriteRequest({ series, metadata: [], exemplars: [] }))),
  });
  if (!reply.ok) throw new Error(`remote write: ${reply.status} ${await reply.text()}`);
}

const counts = Array.from({ length: SERVICES }, () => BOUNDS.map(() => 0));

/** 40 requests of each service; those of a slow one take 400 ms more. */
async function writeServices(isSlow: (service: number) => boolean): Promise<void> {
  const timeMs = Date.now();
  const series = counts.flatMap((buckets, s) => {
    const service_name = `probe-${s}`;
    for (let i = 0; i < 40; i++) {
      const seconds = 0.02 + 0.03 * Math.random() + (isSlow(s) ? 0.4 : 0);
      for (const [b, bound] of BOUNDS.entries()) if (seconds <= bound) buckets[b]!++;
    }
    sentMs.set(service_name, timeMs);
    const name = "http_server_request_duration_seconds";
    const total = buckets.at(-1)!;
    const bucket = (le: string, value: number) =>
      sample({ __name__: `${name}_bucket`, service_name, le }, timeMs, value);
    return [
      ...BOUNDS.map((bound, b) => bucket(String(bound), buckets[b]!)),
      bucket("+Inf", total),
      sample({ __name__: `${name}_count`, service_name }, timeMs, total),
    ];
  });
  await write(series);
}

/** Each series is written alone, so that its samples come at a moment of their own. */
async function writeProbes(step: number): Promise<void> {
  const inFlight: Promise<void>[] = [];
  for (let i = 0; i < SERIES; i++) {
    const jumpAt = WARM_UP_STEPS + (i % (MEASURED_STEPS - 5));
    const isHigh = step >= jumpAt && step < jumpAt + 5;
    const labels = { __name__: "probe", service_name: "probes", n: String(i) };
    const value = 20 + Math.random() + (isHigh ? 60 : 0);
    inFlight.push(write([sample(labels, Date.now(), value)]));
    if (i % 10 === 9) await sleep(STEP_MS / (SERIES / 10) / 2);
  }
  await Promise.all(inFlight);
}

const listening = new AbortController();
const heard = listen(listening.signal).catch(() => {});
const startedMs = performance.now();
for (let step = 0; step < WARM_UP_STEPS + MEASURED_STEPS; step++) {
  const slow = step < WARM_UP_STEPS ? -1 : Math.floor((step - WARM_UP_STEPS) / 4);
  await Promise.all([writeServices((service) => service === slow), writeProbes(step)]);
  await sleep(Math.max(0, startedMs + (step + 1) * STEP_MS - performance.now()));
}
const seconds = (performance.now() - startedMs) / 1000;
await sleep(1000);
listening.abort();
await heard;
await load.terminate();
const cpuShare = cpuMs(server.pid) / 1000 / seconds;
const memoryMb = residentMb(server.pid);
const metrics = await (await fetch(`${server.url}/metrics`)).text();
await server.stop();

function distribution(latenciesMs: number[]) {
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { events: sorted.length, p50Ms: at(0.5) ?? null, p99Ms: at(0.99) ?? null };
}

process.stdout.write(
  `${JSON.stringify({
    bench: "anomaly-latency",
    samplesPerSecond: Math.round(loadSamples / seconds),
    watchedSeries: { wanted: SERIES, ...distribution(direct) },
    goldenSignals: { wanted: SERVICES, ...distribution(golden) },
    otherEvents: strangers.length,
    dropped: Number(/^avx_anomaly_dropped_total (\d+)/m.exec(metrics)?.[1] ?? 0),
    serverCpuShare: Number(cpuShare.toFixed(2)),
    residentMb: Math.round(memoryMb),
    load: Number(loadavg()[0]?.toFixed(1)),
  })}\n`,
);
