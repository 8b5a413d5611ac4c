/** Sends prepared OTLP requests to a fresh server, as fast as two senders can. */
import { setTimeout as sleep } from "node:timers/promises";
import { cpuMs, residentMb } from "./process-usage.ts";
import { startServer } from "./server-process.ts";

const SENDERS = 2;
/** The rows are written within this time after the last request. */
const SETTLE_MS = 8000;
/** Requests between two looks at the memory. */
const REQUESTS_PER_LOOK = 20;

/** What is sent. */
export interface OtlpLoad {
  readonly path: "/v1/traces" | "/v1/logs";
  readonly bodies: readonly Uint8Array<ArrayBuffer>[];
  readonly itemsPerRequest: number;
}

/** Items a second until the last answer; CPU of all processes until all items have settled as rows. */
export interface OtlpLoadResult {
  readonly itemsPerSecond: number;
  readonly cpuSecondsPerMillion: number;
  readonly peakRssMb: number;
}

/** One round; throws when a request is not taken. */
export async function measureLoad(load: OtlpLoad): Promise<OtlpLoadResult> {
  const { path, bodies, itemsPerRequest } = load;
  const server = await startServer([]);
  try {
    const cpuBefore = cpuMs(server.pid);
    const begun = performance.now();
    let next = 0;
    let peakRssMb = 0;
    const send = async (): Promise<void> => {
      for (let body = bodies[next++]; body; body = bodies[next++]) {
        const reply = await fetch(server.url + path, {
          ...{ method: "POST", body, headers: { "content-type": "application/x-protobuf" } },
        });
        const text = await reply.text();
        if (!reply.ok) throw new Error(`${reply.status}: ${text}`);
        if (next % REQUESTS_PER_LOOK === 0) {
          peakRssMb = Math.max(peakRssMb, residentMb(server.pid));
        }
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, send));
    const seconds = (performance.now() - begun) / 1000;
    await sleep(SETTLE_MS);
    const items = bodies.length * itemsPerRequest;
    const cpuSeconds = (cpuMs(server.pid) - cpuBefore) / 1000;
    return {
      itemsPerSecond: Math.round(items / seconds),
      cpuSecondsPerMillion: Number(((cpuSeconds / items) * 1e6).toFixed(2)),
      peakRssMb: Math.round(peakRssMb),
    };
  } finally {
    await server.stop();
  }
}

/** The round with the most items a second. */
export async function bestRound(rounds: number, load: () => OtlpLoad): Promise<OtlpLoadResult> {
  let best: OtlpLoadResult | undefined;
  for (let round = 0; round < rounds; round++) {
    const result = await measureLoad(load());
    if (!best || result.itemsPerSecond > best.itemsPerSecond) best = result;
  }
  if (!best) throw new Error("no round");
  return best;
}
