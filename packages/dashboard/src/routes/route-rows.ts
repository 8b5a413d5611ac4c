import type { InstantSample } from "../data/prometheus.ts";

/** One HTTP route of a service; `null` where nothing was measured. */
export interface RouteRow {
  readonly method: string;
  readonly route: string;
  readonly rate: number;
  readonly errorRatio: number | null;
  readonly p95Seconds: number | null;
}

/** Joins three instant answers by route and method; busiest first, routes without traffic left out. */
export function routeRows(
  rates: readonly InstantSample[],
  errors: readonly InstantSample[],
  latencies: readonly InstantSample[],
): readonly RouteRow[] {
  const errorOf = byRoute(errors);
  const latencyOf = byRoute(latencies);
  return rates
    .filter(({ value, labels }) => value > 0 && (labels["http_route"] ?? "") !== "")
    .map(({ labels, value }) => ({
      method: labels["http_request_method"] ?? "",
      route: labels["http_route"] ?? "",
      rate: value,
      errorRatio: errorOf.get(routeKey(labels)) ?? null,
      p95Seconds: latencyOf.get(routeKey(labels)) ?? null,
    }))
    .sort((a, b) => b.rate - a.rate);
}

function byRoute(samples: readonly InstantSample[]): ReadonlyMap<string, number> {
  return new Map(samples.map(({ labels, value }) => [routeKey(labels), value]));
}

function routeKey(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify([labels["http_request_method"] ?? "", labels["http_route"] ?? ""]);
}
