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
}

/** Long enough for two exports at 15 s, short enough to show a change at once. */
const WINDOW_MS = 30_000;

/** Reads all four golden signals of all services at `timeMs`. Latency is the 95th percentile. */
export async function readGoldenSignals(
  engine: QueryEngine,
  timeMs: number,
): Promise<readonly SignalSample[]> {
  const scope = { windowMs: WINDOW_MS };
  const [latency, traffic, failed, saturation] = await Promise.all([
    instantByService(engine, latencyQuantileQuery(scope, 0.95), timeMs),
    instantByService(engine, requestRateQuery(scope), timeMs),
    instantByService(engine, failedRateQuery(scope), timeMs),
    instantByService(engine, saturationQuery(scope), timeMs),
  ]);
  const errors = new Map<string, number>();
  for (const [service, rate] of traffic) {
    if (rate > 0) errors.set(service, (failed.get(service) ?? 0) / rate);
  }
  return [
    ...samples(latency, "latency", "s"),
    ...samples(traffic, "traffic", "1/s"),
    ...samples(errors, "errors", "ratio"),
    ...samples(saturation, "saturation", "ratio"),
  ];
}

function samples(
  byService: ReadonlyMap<string, number>,
  signal: GoldenSignal,
  unit: AnomalyEvent["unit"],
): SignalSample[] {
  return [...byService].map(([service, value]) => ({ service, signal, unit, value }));
}
