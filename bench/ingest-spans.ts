/**
 * Spans from the socket to durable storage: OTLP/HTTP protobuf requests of 1000 spans, two senders
 * at once, each span with nine attributes and one in six with an event. Spans a second until the
 * last answer, and CPU seconds a million spans of all processes until they have settled as rows;
 * best of the rounds. Prints one JSON line.
 * Usage: node bench/ingest-spans.ts [rounds, default 3] [requests, default 400]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { cpuMs, residentMb } from "./process-usage.ts";
import { startServer } from "./server-process.ts";
import { SPANS_PER_REQUEST, spanRequest } from "./span-requests.ts";

const SENDERS = 2;
/** The rows are written within this time after the last request. */
const SETTLE_MS = 8000;

async function measure(bodies: readonly Uint8Array<ArrayBuffer>[]) {
  const server = await startServer([]);
  try {
    const cpuBefore = cpuMs(server.pid);
    const begun = performance.now();
    let next = 0;
    let peakRssMb = 0;
    const send = async (): Promise<void> => {
      for (let body = bodies[next++]; body; body = bodies[next++]) {
        const reply = await fetch(`${server.url}/v1/traces`, {
          ...{ method: "POST", body, headers: { "content-type": "application/x-protobuf" } },
        });
        const text = await reply.text();
        if (!reply.ok) throw new Error(`${reply.status}: ${text}`);
        if (next % 20 === 0) peakRssMb = Math.max(peakRssMb, residentMb(server.pid));
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, send));
    const seconds = (performance.now() - begun) / 1000;
    await sleep(SETTLE_MS);
    const spans = bodies.length * SPANS_PER_REQUEST;
    const cpuSeconds = (cpuMs(server.pid) - cpuBefore) / 1000;
    return {
      spansPerSecond: Math.round(spans / seconds),
      cpuSecondsPerMillion: Number(((cpuSeconds / spans) * 1e6).toFixed(2)),
      peakRssMb: Math.round(peakRssMb),
    };
  } finally {
    await server.stop();
  }
}

const rounds = Number(process.argv[2] ?? 3);
const requests = Number(process.argv[3] ?? 400);
const results: Awaited<ReturnType<typeof measure>>[] = [];
for (let round = 0; round < rounds; round++) {
  const bodies = Array.from({ length: requests }, (_, i) => spanRequest(i));
  results.push(await measure(bodies));
}
results.sort((a, b) => b.spansPerSecond - a.spansPerSecond);
const bytesPerSpan = spanRequest(0).length / SPANS_PER_REQUEST;
process.stdout.write(`${JSON.stringify({ rounds, requests, bytesPerSpan, ...results[0] })}\n`);
