/**
 * Half an hour of steady load: 20,000 samples a second by remote write and 2,000 spans a second by
 * OTLP. Counts what was sent and what the server says that it took, and looks at the memory of the
 * main process and of the engine's every 15 seconds. Prints a line a minute on stderr and one JSON line
 * at the end; ends with 1 when anything at all was dropped, refused or restarted.
 * Usage: node bench/soak.ts [--minutes N]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { cpuMs } from "./process-usage.ts";
import { startServer } from "./server-process.ts";
import { everyMinute, type Look, lookAt, sinceFirstCut, slopes } from "./soak-memory.ts";
import { SPANS_PER_REQUEST, spanRequest } from "./span-requests.ts";

const SAMPLES_PER_SECOND = 20_000;
const SPANS_PER_SECOND = 2000;
const SERVICES = ["avx-gateway", "avx-api-core", "avx-orders", "avx-search"];
const LOOK_MS = 15_000;
/** Fewer say nothing about growth. */
const MIN_LOOKS = 12;
/** Requests under way when the load ends are answered within this time. */
const DRAIN_MS = 3000;

const { values: flags } = parseArgs({ options: { minutes: { type: "string", default: "30" } } });
const minutes = Number(flags.minutes);
if (!(minutes > 0)) throw new Error(`--minutes ${flags.minutes} is not a positive number`);

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
const begunMs = performance.now();
const endMs = begunMs + minutes * 60_000;

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

/** All looks until the load ends. */
async function watch(): Promise<Look[]> {
  const looks: Look[] = [];
  for (let dueMs = begunMs + LOOK_MS; dueMs <= endMs; dueMs += LOOK_MS) {
    await sleep(Math.max(0, dueMs - performance.now()));
    looks.push(await lookAt(server, (performance.now() - begunMs) / 60_000));
    const said = looks.length % (60_000 / LOOK_MS) === 0 && everyMinute(looks).at(-1);
    if (said) process.stderr.write(`${JSON.stringify(said)}\n`);
  }
  return looks;
}

try {
  const sending = sendSpans();
  const looks = await watch();
  await sending;
  const seconds = (performance.now() - begunMs) / 1000;
  const cores = cpuMs(server.pid) / 1000 / seconds;
  // What a thread is told to stop doing may still be under way: it ends with the last answer counted.
  await writer.terminate();
  await sleep(DRAIN_MS);
  const end = await lookAt(server, seconds / 60);
  const lost = {
    // The request under way when the writer was ended may have been taken, but not counted.
    samplesNotTaken: Math.max(0, samples - end.counters.samplesTaken),
    spansNotTaken: spans - end.counters.spansTaken,
    itemsRefused: end.counters.itemsRefused,
    requestsRefused: end.counters.requestsRefused,
    failedSpanRequests,
    writerFailures: writerFailure === "" ? 0 : 1,
    engineRestarts: end.counters.engineRestarts,
  };
  const isFaultless = Object.values(lost).every((count) => count === 0);
  if (!isFaultless) process.exitCode = 1;
  const afterCut = sinceFirstCut(looks);
  const peakMb = Math.max(...looks.map(({ mainMb, engineMb }) => mainMb + engineMb));
  process.stdout.write(
    `${JSON.stringify({
      ...{ minutes, isFaultless, samplesSent: samples, spansSent: spans },
      samplesPerSecond: Math.round(samples / seconds),
      ...lost,
      ...(writerFailure && { writerFailure }),
      serverCores: Number(cores.toFixed(2)),
      peakMb: Math.round(peakMb),
      growthPerHourOfLastHalf: slopes(looks.slice(looks.length / 2)),
      minutesSinceFirstCut: (afterCut.length * LOOK_MS) / 60_000,
      ...(afterCut.length >= MIN_LOOKS && { growthPerHourSinceFirstCut: slopes(afterCut) }),
      memory: everyMinute(looks),
    })}\n`,
  );
} finally {
  await writer.terminate();
  await server.stop();
}
