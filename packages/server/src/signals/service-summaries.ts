import type { QueryEngine } from "@avx/promql";
import {
  failedRateQuery,
  latencyQuantileQuery,
  requestRateQuery,
  STATUS_ORDER,
  serviceStatus,
} from "@avx/sre";
import type { ServiceSummary } from "../contract.ts";
import { instantByService, onGrid, rangeByService, type StepRange } from "./by-service.ts";

/** Points of a sparkline: as wide as it is drawn. */
const SPARKLINE_POINTS = 60;
/** At least two exports at the usual 15 s lie in it. */
const RATE_WINDOW_MS = 60_000;

/** The range in Unix ms, and how many signals of each service are unusual now. */
export interface SummaryRequest {
  readonly startMs: number;
  readonly endMs: number;
  readonly nowMs: number;
  readonly openAnomalies: ReadonlyMap<string, number>;
}

/** One row for each service that sent anything in the range, worst first, then by name. */
export async function serviceSummaries(
  engine: QueryEngine,
  request: SummaryRequest,
): Promise<readonly ServiceSummary[]> {
  const { startMs, endMs, nowMs, openAnomalies } = request;
  const scope = { windowMs: RATE_WINDOW_MS };
  const stepMs = Math.max(1000, Math.round((endMs - startMs) / (SPARKLINE_POINTS - 1)));
  const range: StepRange = { startMs: endMs - stepMs * (SPARKLINE_POINTS - 1), endMs, stepMs };
  const instant = (query: string) => instantByService(engine, query, endMs);
  const [rates, failed, p50, p95, p99, history] = await Promise.all([
    instant(requestRateQuery(scope)),
    instant(failedRateQuery(scope)),
    instant(latencyQuantileQuery(scope, 0.5)),
    instant(latencyQuantileQuery(scope, 0.95)),
    instant(latencyQuantileQuery(scope, 0.99)),
    rangeByService(engine, requestRateQuery({ windowMs: Math.max(RATE_WINDOW_MS, stepMs) }), range),
  ]);
  const names = new Set([...history.keys(), ...rates.keys()]);
  const rows = [...names].map((service): ServiceSummary => {
    const rate = rates.get(service) ?? null;
    const failedRate = rate === null || rate <= 0 ? null : (failed.get(service) ?? 0);
    const errorRatio = failedRate === null || rate === null ? null : failedRate / rate;
    const failedRequests =
      failedRate === null ? null : Math.round((failedRate * RATE_WINDOW_MS) / 1000);
    const lastSeenMs = rates.has(service) ? endMs : lastTimestamp(history.get(service));
    const anomalies = openAnomalies.get(service) ?? 0;
    const sampleAgeMs = lastSeenMs === null ? null : nowMs - lastSeenMs;
    return {
      service,
      status: serviceStatus({ errorRatio, failedRequests, openAnomalies: anomalies, sampleAgeMs }),
      requestsPerSecond: rate,
      errorRatio,
      p50Seconds: p50.get(service) ?? null,
      p95Seconds: p95.get(service) ?? null,
      p99Seconds: p99.get(service) ?? null,
      rateSparkline: onGrid(history.get(service), range),
      lastSeenMs,
      openAnomalies: anomalies,
    };
  });
  return rows.sort(worstFirst);
}

function lastTimestamp(series: { readonly timestampsMs: Float64Array } | undefined): number | null {
  return series?.timestampsMs.at(-1) ?? null;
}

function worstFirst(a: ServiceSummary, b: ServiceSummary): number {
  const byStatus = STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status);
  return byStatus !== 0 ? byStatus : a.service < b.service ? -1 : 1;
}
