/**
 * The golden signals of HTTP services as PromQL, on the metric names that OpenTelemetry's stable
 * HTTP semantic conventions have in Prometheus.
 */
const DURATION = "http_server_request_duration_seconds";
const BYTES = "http_server_response_body_size_bytes_sum";
const ACTIVE = "http_server_active_requests";
const EVENT_LOOP = "nodejs_eventloop_utilization_ratio";

/** The label that names a service on every series we ingest over OTLP. */
export const SERVICE_LABEL = "service_name";

/** Which services a query covers and over which window. */
export interface SignalScope {
  /** Undefined: all services at once, one result series each. */
  readonly service?: string;
  /** Rate window, e.g. 60000. */
  readonly windowMs: number;
}

/** Requests per second. */
export function requestRateQuery(scope: SignalScope): string {
  return `sum by (${SERVICE_LABEL}) (rate(${DURATION}_count${selector(scope)}${window(scope)}))`;
}

/** Requests per second that ended with a 5xx status. */
export function failedRateQuery(scope: SignalScope): string {
  const failed = selector(scope, `http_response_status_code=~"5.."`);
  return `sum by (${SERVICE_LABEL}) (rate(${DURATION}_count${failed}${window(scope)}))`;
}

/** Failed requests as a share of all, 0..1; absent while there are no requests. */
export function errorRatioQuery(scope: SignalScope): string {
  const all = requestRateQuery(scope);
  return `(${failedRateQuery(scope)} or 0 * ${all}) / (${all} > 0)`;
}

/** Failed requests in the window, absent when there is none. */
export function failedCountQuery(scope: SignalScope): string {
  const failed = selector(scope, `http_response_status_code=~"5.."`);
  return `sum by (${SERVICE_LABEL}) (increase(${DURATION}_count${failed}${window(scope)}))`;
}

/** The quantile (0..1) of request duration in seconds; 1 gives the upper bound of the slowest bucket. */
export function latencyQuantileQuery(scope: SignalScope, quantile: number): string {
  const buckets = `${DURATION}_bucket${selector(scope)}${window(scope)}`;
  return `histogram_quantile(${quantile}, sum by (${SERVICE_LABEL}, le) (rate(${buckets})))`;
}

/** Mean request duration in seconds; NaN while there are no requests. */
export function latencyMeanQuery(scope: SignalScope): string {
  const part = (suffix: string): string =>
    `sum by (${SERVICE_LABEL}) (rate(${DURATION}_${suffix}${selector(scope)}${window(scope)}))`;
  return `${part("sum")} / ${part("count")}`;
}

/** Response bytes per second. */
export function byteRateQuery(scope: SignalScope): string {
  return `sum by (${SERVICE_LABEL}) (rate(${BYTES}${selector(scope)}${window(scope)}))`;
}

/** Requests being served now. */
export function activeRequestsQuery(scope: SignalScope): string {
  return `sum by (${SERVICE_LABEL}) (${ACTIVE}${selector(scope)})`;
}

/** Share of time that the event loop is busy, 0..1, worst instance. */
export function saturationQuery(scope: SignalScope): string {
  return `max by (${SERVICE_LABEL}) (${EVENT_LOOP}${selector(scope)})`;
}

/** One series a service with its AVX context as labels. */
export function contextQuery(parts: readonly string[]): string {
  const labels = [SERVICE_LABEL, ...parts.map((part) => `avx_${part}`)].join(", ");
  return `group by (${labels}) (${DURATION}_count)`;
}

function selector({ service }: SignalScope, extra = ""): string {
  const parts = service === undefined ? [] : [`${SERVICE_LABEL}=${JSON.stringify(service)}`];
  if (extra !== "") parts.push(extra);
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

function window({ windowMs }: SignalScope): string {
  return `[${windowMs}ms]`;
}
