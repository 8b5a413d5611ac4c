import type { RouteAccess } from "./roles.ts";

/**
 * What each route asks of its caller: the one place that says so. A method before the path sets that
 * method apart. A route that is not here asks for an admin, and a test fails that names it.
 */
export const ROUTE_ROLES: Readonly<Record<string, RouteAccess>> = {
  "/": "read",
  "/favicon.svg": "open",
  "/login": "open",
  "/logout": "open",
  "/-/healthy": "open",
  "/-/ready": "open",
  "/-/reload": "admin",
  "/metrics": "read",
  "/federate": "read",
  "/v1/metrics": "ingest",
  "/v1/traces": "ingest",
  "/v1/logs": "ingest",
  "/api/v1/otlp/v1/metrics": "ingest",
  "/api/v1/otlp/v1/traces": "ingest",
  "/api/v1/otlp/v1/logs": "ingest",
  "/api/v1/write": "ingest",
  "/api/v1/query": "read",
  "/api/v1/query_range": "read",
  "/api/v1/query_exemplars": "read",
  "/api/v1/read": "read",
  "/api/v1/format_query": "read",
  "/api/v1/parse_query": "read",
  "/api/v1/features": "read",
  "/api/v1/series": "read",
  "/api/v1/labels": "read",
  "/api/v1/label/:name/values": "read",
  "/api/v1/metadata": "read",
  "/api/v1/search/metric_names": "read",
  "/api/v1/search/label_names": "read",
  "/api/v1/search/label_values": "read",
  "/api/v1/status/buildinfo": "read",
  "/api/v1/status/flags": "read",
  "/api/v1/status/config": "read",
  "/api/v1/status/runtimeinfo": "read",
  "/api/v1/status/walreplay": "read",
  "/api/v1/status/tsdb": "read",
  "/api/v1/status/tsdb/blocks": "read",
  "/api/v1/scrape_pools": "read",
  "/api/v1/scrape_pools/config": "read",
  "/api/v1/targets": "read",
  "/api/v1/targets/metadata": "read",
  "/api/v1/targets/relabel_steps": "read",
  "/api/v1/alerts": "read",
  "/api/v1/alertmanagers": "read",
  "/api/v1/rules": "read",
  "/api/v1/notifications": "read",
  "/api/v1/admin/tsdb/delete_series": "admin",
  "/api/v1/admin/tsdb/clean_tombstones": "admin",
  "/api/v1/admin/tsdb/snapshot": "admin",
  "/api/avx/storage": "read",
  "/api/avx/services": "read",
  "/api/avx/data": "read",
  "/api/avx/documents": "read",
  "/api/avx/anomalies": "read",
  "/api/avx/anomalies/stream": "read",
  "/api/avx/anomalies/held": "read",
  "/api/avx/anomalies/ribbon": "read",
  "/api/avx/anomalies/:id/feedback": "admin",
  "/api/avx/mutes": "read",
  "POST /api/avx/mutes": "admin",
  "/api/avx/mutes/:id": "admin",
  "/api/avx/events": "read",
  // A pipeline that deploys tells of it with the key that its service sends with.
  "POST /api/avx/events": "ingest",
  "/api/avx/quality": "read",
  "/api/avx/quality/services": "read",
  "/api/avx/forecast": "read",
  "/api/avx/capacity": "read",
  "/api/avx/traces": "read",
  "/api/avx/traces/:id": "read",
};

/** Whole trees; the code of the page holds no data. */
const TREES: readonly (readonly [string, RouteAccess])[] = [
  ["/assets/", "open"],
  ["/docs", "read"],
  // The other servers of a cluster also delete.
  ["/api/avx/peer/", "admin"],
];

/** What is declared of a route, by its pattern; undefined: nothing. */
export function declaredAccess(method: string, url: string): RouteAccess | undefined {
  const access = ROUTE_ROLES[`${method} ${url}`] ?? ROUTE_ROLES[url];
  return access ?? TREES.find(([prefix]) => url.startsWith(prefix))?.[1];
}
