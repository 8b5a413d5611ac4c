import type { QueryEngine } from "@avx/promql";
import {
  activeRequestsQuery,
  byteRateQuery,
  failedCountQuery,
  failedRateQuery,
  type IntervalMeasurements,
  latencyMeanQuery,
  latencyQuantileQuery,
  requestRateQuery,
} from "@avx/sre";
import { instantByService } from "./by-service.ts";

type Field = keyof IntervalMeasurements;

/** What every service measured in the interval of `windowMs` that ends at `endMs`. */
export async function measureInterval(
  engine: QueryEngine,
  endMs: number,
  windowMs: number,
): Promise<ReadonlyMap<string, IntervalMeasurements>> {
  const scope = { windowMs };
  const queries: Record<Field, string> = {
    meanSeconds: latencyMeanQuery(scope),
    p50Seconds: latencyQuantileQuery(scope, 0.5),
    p95Seconds: latencyQuantileQuery(scope, 0.95),
    p99Seconds: latencyQuantileQuery(scope, 0.99),
    maxSeconds: latencyQuantileQuery(scope, 1),
    requestsPerSecond: requestRateQuery(scope),
    failedPerSecond: failedRateQuery(scope),
    failedCount: failedCountQuery(scope),
    bytesPerSecond: byteRateQuery(scope),
    activeRequests: activeRequestsQuery(scope),
  };
  const measured = new Map<string, Partial<Record<Field, number>>>();
  await Promise.all(
    Object.entries(queries).map(async ([field, query]) => {
      for (const [service, value] of await instantByService(engine, query, endMs)) {
        const row = measured.get(service) ?? {};
        row[field as Field] = value; // Object.entries widens the key; it is one of `queries`.
        measured.set(service, row);
      }
    }),
  );
  return measured;
}
