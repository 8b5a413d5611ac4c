/**
 * What the embedded store costs below the doors: appends of 1000 series x 10 samples a batch (the
 * columns as a decoder would hand them over), then the size on disk and two reads.
 * Prints one JSON line. Usage: node bench/ingest-store.ts [hours, default 24] [series, default 1000]
 * [samples of a series in one append, default 10]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmbeddedStore, type EmbeddedStore } from "@avx/store";
import { makeColumn, STEP_MS } from "./sample-columns.ts";

const SERIES = Number(process.argv[3] ?? 1000);
const SAMPLES_PER_APPEND = Number(process.argv[4] ?? 10);
const HOUR_MS = 3_600_000;

/** Jiffies of /proc are 10 ms. */
const JIFFY_SECONDS = 0.01;

/** CPU seconds of this process and of the engine. */
function cpuSeconds(store: EmbeddedStore): number {
  const { user, system } = process.cpuUsage();
  const fields = readFileSync(`/proc/${store.enginePid()}/stat`, "latin1")
    .split(") ")[1]
    ?.split(" ");
  const jiffies = Number(fields?.[11]) + Number(fields?.[12]);
  return (user + system) / 1e6 + jiffies * JIFFY_SECONDS;
}

function bytesBelow(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

interface ReadPlan {
  readonly startMs: number;
  readonly endMs: number;
  /** Each run asks from so much earlier: the cache of decoded samples does not have that. */
  readonly widenMs: number;
}

async function timedRead(store: EmbeddedStore, { startMs, endMs, widenMs }: ReadPlan) {
  const matchers = [{ name: "__name__", op: "=", value: "http_requests_total" }] as const;
  const signal = new AbortController().signal;
  const runs: { wall: number; cpu: number }[] = [];
  let samples = 0;
  for (let run = 0; run < 8; run++) {
    const range = { startMs: startMs - run * widenMs, endMs };
    const cpu = cpuSeconds(store);
    const wall = performance.now();
    const found = await store.metrics.select(matchers, range, signal);
    samples = found.reduce((sum, series) => sum + series.values.length, 0);
    runs.push({ wall: performance.now() - wall, cpu: cpuSeconds(store) - cpu });
  }
  const warm = runs.slice(2);
  const meanCpu = warm.reduce((sum, { cpu }) => sum + cpu, 0) / warm.length;
  const walls = warm.map(({ wall }) => wall).sort((a, b) => a - b);
  return { samples, cpuMs: Math.round(meanCpu * 1000), p50Ms: Math.round(walls[3] ?? 0) };
}

const hours = Number(process.argv[2] ?? 24);
const count = (hours * HOUR_MS) / STEP_MS;
const t0 = Math.floor((Date.now() - hours * HOUR_MS) / HOUR_MS) * HOUR_MS;
const columns = Array.from({ length: SERIES }, (_, i) => makeColumn(i, t0, count));
const dataDir = mkdtempSync(join(tmpdir(), "avx-bench-"));
const open = () =>
  createEmbeddedStore({ dataDir, retentionMs: "off", nowMs: Date.now, log: () => {} });

const labels = columns.map((column) => column.labels);

/** One request: the samples `from..to` of all series. */
function packedColumns(from: number, to: number) {
  const timestampsMs = new Float64Array(SERIES * (to - from));
  const values = new Float64Array(timestampsMs.length);
  const ends = new Uint32Array(SERIES);
  let at = 0;
  for (const [i, column] of columns.entries()) {
    for (let k = from; k < to; k++, at++) {
      timestampsMs[at] = column.timestampsMs[k]!;
      values[at] = column.values[k]!;
    }
    ends[i] = at;
  }
  return { labels, ends, timestampsMs, values };
}

const store = await open();
const cpuBefore = cpuSeconds(store);
const wallBefore = performance.now();
const latencies: number[] = [];
for (let from = 0; from < count; from += SAMPLES_PER_APPEND) {
  const packed = packedColumns(from, Math.min(count, from + SAMPLES_PER_APPEND));
  const begun = performance.now();
  await store.metrics.append({ series: [], metadata: [], exemplars: [], packed });
  latencies.push(performance.now() - begun);
}
const cpuAppend = cpuSeconds(store) - cpuBefore;
const wallAppend = (performance.now() - wallBefore) / 1000;
const endMs = t0 + hours * HOUR_MS;
const lastHour = await timedRead(store, { startMs: endMs - HOUR_MS, endMs, widenMs: 0 });
const cpuMoved = cpuSeconds(store);
await store.flush();
const cpuFlush = cpuSeconds(store) - cpuMoved;
const whole = await timedRead(store, { startMs: t0, endMs, widenMs: 2 * HOUR_MS });
const repeated = await timedRead(store, { startMs: t0, endMs, widenMs: 0 });
await store.close();
const samples = SERIES * count;
latencies.sort((a, b) => a - b);
process.stdout.write(
  `${JSON.stringify({
    bench: "ingest-store",
    samples,
    cpuSecondsPerMillion: {
      append: Number(((cpuAppend / samples) * 1e6).toFixed(3)),
      toEngine: Number(((cpuFlush / samples) * 1e6).toFixed(3)),
    },
    samplesPerSecond: Math.round(samples / wallAppend),
    appendP50Ms: Number(latencies[latencies.length >> 1]?.toFixed(1)),
    appendP99Ms: Number(latencies[Math.floor(latencies.length * 0.99)]?.toFixed(1)),
    bytesPerSample: Number((bytesBelow(join(dataDir, "engine", "store")) / samples).toFixed(3)),
    readLastHour400Series: lastHour,
    readAll400Series: whole,
    readAll400SeriesAgain: repeated,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  })}\n`,
);
rmSync(dataDir, { recursive: true, force: true });
