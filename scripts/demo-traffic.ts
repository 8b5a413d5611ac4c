/**
 * Sends real HTTP requests through the gateway, with a daily rhythm compressed into minutes, until
 * SIGTERM or Ctrl-C. `node scripts/demo-traffic.ts --target http://127.0.0.1:8080 --day 600`
 */
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";

/** Requests a second at the quietest and the busiest time of the compressed day. */
const NIGHT_RATE = 5;
const PEAK_RATE = 35;
const DEFAULT_DAY_SECONDS = 600;
const REQUEST_TIMEOUT_MS = 15_000;
/** When the mesh is slow, requests that cannot start in time are left out, not queued. */
const MAX_IN_FLIGHT = 100;
/** Share of requests that ask the service to fail, and that ask for what does not exist. */
const FAIL_RATIO = 0.006;
const MISSING_RATIO = 0.01;
const ITEMS = 500;

interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
}

/** Requests a second at a moment of the day (0..1): two peaks, at 11 h and 20 h, as shops have. */
export function ratePerSecond(dayShare: number): number {
  const bump = (center: number, width: number): number => {
    const distance = Math.abs(dayShare - center);
    return Math.exp(-((Math.min(distance, 1 - distance) / width) ** 2));
  };
  const shape = Math.min(1, 0.75 * bump(11 / 24, 0.13) + bump(20 / 24, 0.09));
  return NIGHT_RATE + (PEAK_RATE - NIGHT_RATE) * shape;
}

/** One call as a visitor makes them; `random` gives numbers in [0, 1). */
export function nextCall(random: () => number): Call {
  const fail = random() < FAIL_RATIO ? "?fail=true" : "";
  const kind = random();
  const id = 1 + Math.floor(random() * ITEMS);
  if (kind < MISSING_RATIO) return { method: "GET", path: `/core/items/${ITEMS + id}` };
  if (kind < 0.55) return { method: "GET", path: `/core/items/${id}${fail}` };
  if (kind < 0.75) return { method: "GET", path: `/core/orders${fail}` };
  if (kind < 0.9) {
    const body = JSON.stringify({ item: id, quantity: 1 + Math.floor(random() * 3) });
    return { method: "POST", path: `/core/orders${fail}`, body };
  }
  return { method: "GET", path: kind < 0.95 ? "/core/ping" : "/core/status" };
}

interface TrafficOptions {
  readonly target: string;
  readonly dayMs: number;
  readonly stop: AbortSignal;
}

/** Sends until `stop`; then waits for the requests under way. */
async function sendTraffic({ target, dayMs, stop }: TrafficOptions): Promise<void> {
  const inFlight = new Set<Promise<void>>();
  while (!stop.aborted) {
    // Exponential gaps: arrivals of many independent visitors.
    const rate = ratePerSecond((Date.now() % dayMs) / dayMs);
    const gapMs = (-Math.log(1 - Math.random()) / rate) * 1000;
    await pause(gapMs, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted || inFlight.size >= MAX_IN_FLIGHT) continue;
    const call = send(target, nextCall(Math.random)).finally(() => inFlight.delete(call));
    inFlight.add(call);
  }
  await Promise.all(inFlight);
}

/** An error answer or no answer is part of the demo: the gateway counts it, not we. */
async function send(target: string, call: Call): Promise<void> {
  try {
    const response = await fetch(`${target}${call.path}`, {
      method: call.method,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(call.body === undefined
        ? {}
        : { body: call.body, headers: { "content-type": "application/json" } }),
    });
    await response.arrayBuffer();
  } catch {
    // The gateway is away or slow; the next request tries again.
  }
}

function optionsFromArguments(stop: AbortSignal): TrafficOptions {
  const { values } = parseArgs({
    options: { target: { type: "string" }, day: { type: "string" } },
  });
  const target = URL.parse(values.target ?? "http://127.0.0.1:8080");
  const daySeconds = Number(values.day ?? DEFAULT_DAY_SECONDS);
  if (target === null) throw new Error(`--target ${values.target} is not a URL`);
  if (!(daySeconds > 0)) throw new Error(`--day ${values.day} is not a number of seconds above 0`);
  return { target: target.origin, dayMs: daySeconds * 1000, stop };
}

if (import.meta.main) {
  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort());
  process.once("SIGINT", () => stop.abort());
  try {
    await sendTraffic(optionsFromArguments(stop.signal));
  } catch (error) {
    process.stderr.write(`demo-traffic: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
