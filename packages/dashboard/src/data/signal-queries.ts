import { promqlString } from "./prometheus.ts";
import { rateWindow } from "./query-step.ts";

/** OpenTelemetry's stable HTTP conventions under their Prometheus names. */
const DURATION = "http_server_request_duration_seconds";
const EVENT_LOOP = "nodejs_eventloop_utilization_ratio";
const SERVICE = "service_name";
const FAILED = 'http_response_status_code=~"5.."';

/** What a query asks about: one service or all, and the step whose rate window it takes. */
export interface QueryScope {
  /** `null`: all services, one series each. */
  readonly service: string | null;
  readonly stepMs: number;
}

/** Requests per second by service. */
export function rateQuery(scope: QueryScope): string {
  return `sum by (${SERVICE}) (${requestRate(scope, [])})`;
}

/** Share of requests that failed, 0 where there were requests and none failed. */
export function errorShareQuery(scope: QueryScope): string {
  const all = rateQuery(scope);
  return `(sum by (${SERVICE}) (${requestRate(scope, [FAILED])}) or 0 * ${all}) / ${all}`;
}

/** Request duration at `quantile` (0..1), seconds. */
export function latencyQuery(scope: QueryScope, quantile: number): string {
  const rate = `rate(${DURATION}_bucket${selector(scope, [])}[${rateWindow(scope.stepMs)}])`;
  return `histogram_quantile(${quantile}, sum by (${SERVICE}, le) (${rate}))`;
}

/** Share of time in which the event loop is busy; the busiest instance counts. */
export function eventLoopQuery(scope: QueryScope): string {
  return `max by (${SERVICE}) (max_over_time(${EVENT_LOOP}${selector(scope, [])}[${rateWindow(scope.stepMs)}]))`;
}

/** A bound of where the golden signals of a service were expected; one series a signal. */
export function expectedQuery({ service }: QueryScope, bound: "lower" | "upper"): string {
  const own = service === null ? "" : `,${SERVICE}=${promqlString(service)}`;
  return `max by (${SERVICE}, signal) (avx_expected_${bound}{signal!="metric"${own}})`;
}

/** Most routes that are listed. */
const MAX_ROUTES = 8;

/** The busiest routes of a service: requests per second by route. */
export function routeRateQuery(scope: QueryScope): string {
  return `topk(${MAX_ROUTES}, ${routeRates(scope, [])})`;
}

/** Share of failed requests by route. */
export function routeErrorShareQuery(scope: QueryScope): string {
  const all = routeRates(scope, []);
  return `(${routeRates(scope, [FAILED])} or 0 * ${all}) / ${all}`;
}

/** Request duration at `quantile` by route, seconds. */
export function routeLatencyQuery(scope: QueryScope, quantile: number): string {
  const rate = `rate(${DURATION}_bucket${selector(scope, [])}[${rateWindow(scope.stepMs)}])`;
  return `histogram_quantile(${quantile}, sum by (http_route, http_request_method, le) (${rate}))`;
}

function routeRates(scope: QueryScope, conditions: readonly string[]): string {
  return `sum by (http_route, http_request_method) (${requestRate(scope, conditions)})`;
}

function requestRate(scope: QueryScope, conditions: readonly string[]): string {
  return `rate(${DURATION}_count${selector(scope, conditions)}[${rateWindow(scope.stepMs)}])`;
}

function selector({ service }: QueryScope, conditions: readonly string[]): string {
  const own = service === null ? [] : [`${SERVICE}=${promqlString(service)}`];
  const all = [...own, ...conditions];
  return all.length === 0 ? "" : `{${all.join(",")}}`;
}
