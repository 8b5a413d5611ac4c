import type { LabelledSeries } from "@avx/model";
import type { QueryEngine } from "@avx/promql";
import { rangeByService } from "../signals/by-service.ts";
import { goldenQueries, ratioOf } from "./golden-signal-feed.ts";
import { goldenSeries, type WarmUpRequest } from "./live-detection.ts";

const DAY_MS = 86_400_000;
/** Two of each weekday. */
const HISTORY_MS = 14 * DAY_MS;
/** Newest samples that are replayed: 14 days of one a minute, 11 hours of one in 2 s. */
const MAX_SAMPLES = 20_160;
/** Samples of one query: a range query may have 11,000. */
const CHUNK_SAMPLES = 5000;

const SIGNALS = [
  ["latency", "s"],
  ["traffic", "1/s"],
  ["errors", "ratio"],
  ["saturation", "ratio"],
] as const;

/**
 * Replays the past of a service's golden signals from the store into its detectors, at the distance
 * of its samples, from the last one that a detector knows on. Returns how many samples it learned.
 */
export async function replayHistory(
  engine: QueryEngine,
  { service, cadenceMs, nowMs, lastMs, learn }: WarmUpRequest,
): Promise<number> {
  const watched = SIGNALS.map(([signal, unit]) => goldenSeries({ service, signal, unit }));
  const knownMs = Math.max(...watched.map(lastMs));
  const endMs = nowMs - cadenceMs;
  const oldestMs = Math.max(knownMs, nowMs - HISTORY_MS, endMs - (MAX_SAMPLES - 1) * cadenceMs);
  let learned = 0;
  const chunkMs = CHUNK_SAMPLES * cadenceMs;
  for (let startMs = oldestMs + 1; startMs <= endMs; startMs += chunkMs) {
    const range = { startMs, endMs: Math.min(endMs, startMs + chunkMs - 1), stepMs: cadenceMs };
    const past = await readPast(engine, { service, cadenceMs, range });
    const samples = watched.flatMap((series, i) => {
      const columns = past[SIGNALS[i]![0]];
      return columns === undefined ? [] : [{ series, ...columns }];
    });
    await learn(samples);
    learned += samples.reduce((sum, { values }) => sum + values.length, 0);
  }
  return learned;
}

interface PastRequest {
  readonly service: string;
  readonly cadenceMs: number;
  readonly range: { readonly startMs: number; readonly endMs: number; readonly stepMs: number };
}

type Columns = Pick<LabelledSeries, "timestampsMs" | "values">;

async function readPast(
  engine: QueryEngine,
  { service, cadenceMs, range }: PastRequest,
): Promise<Record<(typeof SIGNALS)[number][0], Columns | undefined>> {
  const queries = goldenQueries(cadenceMs, service);
  const read = async (query: string) => (await rangeByService(engine, query, range)).get(service);
  // One after another: live queries must find their place between them.
  const latency = await read(queries.latency);
  const traffic = await read(queries.traffic);
  const failed = await read(queries.failed);
  const saturation = await read(queries.saturation);
  return { latency, traffic, saturation, errors: traffic && errorRatios(traffic, failed) };
}

function errorRatios(traffic: Columns, failed: Columns | undefined): Columns {
  const failedAt = new Map<number, number>();
  failed?.timestampsMs.forEach((timestampMs, i) => {
    failedAt.set(timestampMs, failed.values[i]!);
  });
  const { timestampsMs } = traffic;
  const values = traffic.values.map((rate, i) => ratioOf(failedAt.get(timestampsMs[i]!), rate));
  return { timestampsMs, values };
}
