import type { QueryEngine } from "@avx/promql";
import { failedRateQuery, latencyQuantileQuery, requestRateQuery, saturationQuery } from "@avx/sre";
import type { AnomalyEvent, GoldenSignal } from "../contract.ts";
import { instantByService } from "../signals/by-service.ts";

/** The value of one golden signal of one service at one time. */
export interface SignalSample {
  readonly service: string;
  readonly signal: GoldenSignal;
  readonly unit: AnomalyEvent["unit"];
  readonly value: number;
  /** Requests in the window that it was read over. */
  readonly requests: number;
}

/** Windows hold at least so many samples of each series, so that a rate is known. */
const WINDOW_SAMPLES = 4;
/** Short, so that a change of latency is seen at once: a quantile needs a few per cent of requests. */
const LEAST_LATENCY_WINDOW_MS = 10_000;
/** Long enough that the chance of single arrivals and failures evens out. */
const LEAST_RATE_WINDOW_MS = 30_000;

/** When, and at what distance the services in question send samples. */
export interface FeedRequest {
  readonly timeMs: number;
  readonly cadenceMs: number;
}

/** The queries of the golden signals of services that send samples each `cadenceMs`. */
export function goldenQueries(cadenceMs: number, service?: string) {
  const scope = service === undefined ? {} : { service };
  const reach = WINDOW_SAMPLES * cadenceMs;
  const short = { ...scope, windowMs: Math.max(LEAST_LATENCY_WINDOW_MS, reach) };
  const long = { ...scope, windowMs: rateWindowMs(cadenceMs) };
  return {
    latency: latencyQuantileQuery(short, 0.95),
    traffic: requestRateQuery(long),
    failed: failedRateQuery(long),
    saturation: saturationQuery(long),
    windowMs: long.windowMs,
  };
}

/** The window of rates and ratios for services that send samples each `cadenceMs`. */
export function rateWindowMs(cadenceMs: number): number {
  return Math.max(LEAST_RATE_WINDOW_MS, WINDOW_SAMPLES * cadenceMs);
}

/** Reads all four golden signals of all services. Latency is the 95th percentile. */
export async function readGoldenSignals(
  engine: QueryEngine,
  { timeMs, cadenceMs }: FeedRequest,
): Promise<readonly SignalSample[]> {
  const queries = goldenQueries(cadenceMs);
  const [latency, traffic, failed, saturation] = await Promise.all([
    instantByService(engine, queries.latency, timeMs),
    instantByService(engine, queries.traffic, timeMs),
    instantByService(engine, queries.failed, timeMs),
    instantByService(engine, queries.saturation, timeMs),
  ]);
  const windowSeconds = rateWindowMs(cadenceMs) / 1000;
  const errors = new Map<string, number>();
  for (const [service, rate] of traffic) {
    const ratio = ratioOf(failed.get(service), rate);
    if (!Number.isNaN(ratio)) errors.set(service, ratio);
  }
  return [
    ...samples(latency, "latency", "s"),
    ...samples(traffic, "traffic", "1/s"),
    ...samples(errors, "errors", "ratio"),
    ...samples(saturation, "saturation", "ratio"),
  ].map((sample) => ({ ...sample, requests: (traffic.get(sample.service) ?? 0) * windowSeconds }));
}

function samples(
  byService: ReadonlyMap<string, number>,
  signal: GoldenSignal,
  unit: AnomalyEvent["unit"],
): Omit<SignalSample, "requests">[] {
  return [...byService].map(([service, value]) => ({ service, signal, unit, value }));
}

/** The share of failed requests; `NaN` without requests. */
export function ratioOf(failedPerSecond: number | undefined, requestsPerSecond: number): number {
  return requestsPerSecond > 0 ? (failedPerSecond ?? 0) / requestsPerSecond : Number.NaN;
}
