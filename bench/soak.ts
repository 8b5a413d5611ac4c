/**
 * Half an hour of steady load: 20,000 samples a second by remote write and 2,000 spans a second by
 * OTLP. Counts what was sent, what the server says that it took, refused and failed requests, and
 * looks at the memory of all its processes every 15 seconds. Prints one JSON line.
 * Usage: node bench/soak.ts [minutes, default 30]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { cpuMs, residentMb } from "./process-usage.ts";
import { startServer } from "./server-process.ts";
import { SPANS_PER_REQUEST, spanRequest } from "./span-requests.ts";

const SAMPLES_PER_SECOND = 20_000;
const SPANS_PER_SECOND = 2000;
const SERVICES = ["avx-gateway", "avx-api-core", "avx-orders", "avx-search"];
const LOOK_MS = 15_000;
/** Caches, the optimiser and the first blocks take this long to settle. */
const SETTLE_MINUTES = 10;

const minutes = Number(process.argv[2] ?? 30);
const server = await startServer([]);
const writer = new Worker(new URL("./mesh-writer.ts", import.meta.url), {
  workerData: { url: server.url, services: SERVICES, samplesPerSecond: SAMPLES_PER_SECOND },
});
let samples = 0;
let writerFailure = "";
writer.on("message", (written: number) => {
  samples += written;
});
writer.on("error", (error) => {
  writerFailure = String(error);
});

let spans = 0;
let failedSpanRequests = 0;
const endMs = performance.now() + minutes * 60_000;

async function sendSpans(): Promise<void> {
  const everyMs = (1000 * SPANS_PER_REQUEST) / SPANS_PER_SECOND;
  for (let i = 0, dueMs = performance.now(); dueMs < endMs; i++, dueMs += everyMs) {
    await sleep(Math.max(0, dueMs - performance.now()));
    const reply = await fetch(`${server.url}/v1/traces`, {
      ...{ method: "POST", body: spanRequest(i) },
      headers: { "content-type": "application/x-protobuf" },
    }).catch(() => undefined);
    await reply?.arrayBuffer();
    if (reply?.ok) spans += SPANS_PER_REQUEST;
    else failedSpanRequests++;
  }
}

/** The sum of a counter of the server's own page over all its series. */
async function counter(name: string, condition = ""): Promise<number> {
  const page = await (await fetch(`${server.url}/metrics`)).text();
  return page
    .split("\n")
    .filter((line) => line.startsWith(name) && line.includes(condition))
    .reduce((sum, line) => sum + Number(line.split(" ")[1]), 0);
}

/** Least squares, in MB an hour. */
function slopeMbPerHour(
  looks: readonly { readonly minute: number; readonly mb: number }[],
): number {
  const n = looks.length;
  const meanMinute = looks.reduce((sum, { minute }) => sum + minute, 0) / n;
  const meanMb = looks.reduce((sum, { mb }) => sum + mb, 0) / n;
  let above = 0;
  let below = 0;
  for (const { minute, mb } of looks) {
    above += (minute - meanMinute) * (mb - meanMb);
    below += (minute - meanMinute) ** 2;
  }
  return Math.round((60 * above) / below);
}

try {
  const begunMs = performance.now();
  const sending = sendSpans();
  const looks: { minute: number; mb: number }[] = [];
  while (performance.now() < endMs) {
    await sleep(LOOK_MS);
    looks.push({ minute: (performance.now() - begunMs) / 60_000, mb: residentMb(server.pid) });
  }
  await sending;
  const sentSamples = samples;
  const seconds = (performance.now() - begunMs) / 1000;
  const settled = looks.filter(({ minute }) => minute >= Math.min(SETTLE_MINUTES, minutes / 2));
  const at = (share: number) => Math.round(looks[Math.floor((looks.length - 1) * share)]?.mb ?? 0);
  process.stdout.write(
    `${JSON.stringify({
      minutes,
      samplesSent: sentSamples,
      samplesPerSecond: Math.round(sentSamples / seconds),
      samplesTaken: await counter("avx_ingest_accepted_total", 'signal="metrics"'),
      spansSent: spans,
      spansTaken: await counter("avx_ingest_accepted_total", 'signal="traces"'),
      itemsRefused: await counter("avx_rejected_total"),
      requestsRefused: await counter("avx_ingest_refused_total"),
      failedSpanRequests,
      ...(writerFailure && { writerFailure }),
      residentMb: { begin: at(0), third: at(1 / 3), twoThirds: at(2 / 3), end: at(1) },
      slopeMbPerHour: slopeMbPerHour(settled),
      serverCores: Number((cpuMs(server.pid) / 1000 / seconds).toFixed(2)),
    })}\n`,
  );
} finally {
  await writer.terminate();
  await server.stop();
}
