/**
 * An hour of samples, one sample of each series a request as scrapers send them, as fast as the server
 * takes them: then SIGKILL, a start on the same directory until it is ready, and what the hour costs in
 * memory while it is queried. Restart: 36 million samples (10,000 a second). Memory: 100,000 series
 * at 15 s. Prints one JSON line. Usage: node bench/store-restart.ts [case, default all]
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { labelsFromRecord } from "@avx/model";
import { encodeWriteRequest, snappyEncode } from "@avx/wire";
import { anonymousMb, cpuMs, residentMb } from "./process-usage.ts";
import { freshDirectory, type ServerProcess, startServer } from "./server-process.ts";

const HOUR_MS = 3_600_000;
const SERIES_PER_REQUEST = 10_000;
const METRICS = 10;
/** Merges and garbage collections that follow the last request. */
const SETTLE_MS = 15_000;
/** A busy machine gets fewer cases, not a longer run: none begins after this. */
const LAST_BEGIN_MS = 210_000;
/** A sample message ends with tag and value (9 bytes), tag and time (1 + 6 bytes). */
const VALUE_FROM_END = 15;
const TIME_FROM_END = 6;
const HEADERS = {
  "content-type": "application/x-protobuf",
  "content-encoding": "snappy",
  "x-prometheus-remote-write-version": "0.1.0",
};

interface Case {
  readonly series: number;
  readonly stepMs: number;
}

const CASES: Readonly<Record<string, Case>> = {
  tenThousandSeriesAt1s: { series: 10_000, stepMs: 1000 },
  hundredThousandSeriesAt15s: { series: 100_000, stepMs: 15_000 },
  hundredThousandSeriesAt10s: { series: 100_000, stepMs: 10_000 },
};

/** A request of which only times and values change. */
class RequestTemplate {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #ends: number[] = [];

  constructor(firstSeries: number, timeMs: number) {
    const parts: Uint8Array[] = [];
    let end = 0;
    for (let i = firstSeries; i < firstSeries + SERIES_PER_REQUEST; i++) {
      const columns = { timestampsMs: Float64Array.of(timeMs), values: Float64Array.of(1) };
      const series = [{ labels: labelsOf(i), ...columns }];
      const part = encodeWriteRequest({ series, metadata: [], exemplars: [] });
      parts.push(part);
      end += part.length;
      this.#ends.push(end);
    }
    this.#bytes = new Uint8Array(Buffer.concat(parts));
    this.#view = new DataView(this.#bytes.buffer);
  }

  at(step: number, timeMs: number): Uint8Array<ArrayBuffer> {
    for (const [i, end] of this.#ends.entries()) {
      this.#view.setFloat64(end - VALUE_FROM_END, step * (1 + (i % 97)) + ((i * step) % 7), true);
      let rest = timeMs;
      for (let k = 0; k < TIME_FROM_END; k++, rest = Math.floor(rest / 128)) {
        this.#bytes[end - TIME_FROM_END + k] = (rest % 128) | (k < TIME_FROM_END - 1 ? 128 : 0);
      }
    }
    return new Uint8Array(snappyEncode(this.#bytes));
  }
}

function labelsOf(i: number) {
  return labelsFromRecord({
    __name__: `restart_requests_${i % METRICS}_total`,
    job: `job${i % 20}`,
    instance: `10.0.${(i >> 8) % 256}.${i % 256}:9100`,
    handler: `/api/v1/h${Math.floor(i / METRICS)}`,
  });
}

async function writeHour(url: string, { series, stepMs }: Case): Promise<void> {
  const t0 = Date.now() - HOUR_MS;
  const templates = Array.from(
    { length: series / SERIES_PER_REQUEST },
    (_, i) => new RequestTemplate(i * SERIES_PER_REQUEST, t0),
  );
  let sending: Promise<void> = Promise.resolve();
  for (let step = 0; step < HOUR_MS / stepMs; step++) {
    for (const template of templates) {
      const body = template.at(step, t0 + step * stepMs);
      await sending;
      sending = send(url, body);
      sending.catch(() => {}); // It is awaited in the next turn.
    }
  }
  await sending;
}

/** Sends again what the server asks to send later. */
async function send(url: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  for (;;) {
    const request = { method: "POST", headers: HEADERS, body };
    const reply = await fetch(`${url}/api/v1/write`, request);
    const text = await reply.text();
    if (reply.ok) return;
    if (reply.status !== 429 && reply.status !== 503) throw new Error(`${reply.status}: ${text}`);
    await sleep(1000 * Number(reply.headers.get("retry-after") ?? 1));
  }
}

async function query(url: string, path: string): Promise<unknown> {
  const reply = await fetch(`${url}/api/v1/${path}`);
  const { data, error } = await reply.json();
  if (!reply.ok) throw new Error(`${path}: ${error}`);
  return data.result;
}

/** How many samples of the hour are there, metric by metric. */
async function countSamples(url: string): Promise<number> {
  let count = 0;
  for (let i = 0; i < METRICS; i++) {
    const text = `sum(count_over_time(restart_requests_${i}_total[65m]))`;
    const found = await query(url, `query?query=${encodeURIComponent(text)}`);
    if (Array.isArray(found)) count += Number(found[0]?.value[1] ?? 0);
  }
  return count;
}

function directoryBytes(path: string): number {
  let bytes = 0;
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
  }
  return bytes;
}

const mb = (value: number) => Math.round(value);

async function memoryOf({ url, pid }: ServerProcess) {
  await sleep(SETTLE_MS);
  const settled = { rssMb: mb(residentMb(pid)), anonMb: mb(anonymousMb(pid)) };
  const text = encodeURIComponent("sum by (job) (rate(restart_requests_3_total[5m]))");
  const end = Date.now() / 1000;
  const begun = performance.now();
  const range = `query_range?query=${text}&start=${end - HOUR_MS / 1000}&end=${end}&step=60`;
  const found = await query(url, range);
  const lastHourQueryMs = mb(performance.now() - begun);
  const jobs = Array.isArray(found) ? found.length : 0;
  const queried = { rssMb: mb(residentMb(pid)), anonMb: mb(anonymousMb(pid)) };
  return { settled, queried, lastHourQueryMs, jobs };
}

async function measure(one: Case) {
  const directory = freshDirectory();
  let server = await startServer([], directory);
  try {
    const begun = performance.now();
    await writeHour(server.url, one);
    const writeSeconds = Math.round((performance.now() - begun) / 1000);
    const ingestCpuSeconds = Math.round(cpuMs(server.pid) / 1000);
    const memory = await memoryOf(server);
    const logMb = mb(directoryBytes(join(directory, "wal")) / 2 ** 20);
    await server.kill();
    const restartBegun = performance.now();
    server = await startServer([], directory);
    const readySeconds = Number(((performance.now() - restartBegun) / 1000).toFixed(2));
    const restartCpuSeconds = Number((cpuMs(server.pid) / 1000).toFixed(2));
    const restartedRssMb = mb(residentMb(server.pid));
    const samples = (one.series * HOUR_MS) / one.stepMs;
    const lostSamples = samples - (await countSamples(server.url));
    const restart = { logMb, readySeconds, restartCpuSeconds, restartedRssMb, lostSamples };
    return { samples, writeSeconds, ingestCpuSeconds, ...restart, memory };
  } finally {
    await server.stop();
  }
}

const chosen = process.argv[2];
const figures: Record<string, unknown> = {};
for (const [name, one] of Object.entries(CASES)) {
  if (chosen !== undefined && chosen !== name) continue;
  figures[name] = performance.now() < LAST_BEGIN_MS ? await measure(one) : "no time left";
}
process.stdout.write(
  `${JSON.stringify({ targets: { readySeconds: 15, rssMb: 1024 }, ...figures })}\n`,
);
