/** What the named metrics of the forecast route are asked of. */
export interface ForecastScope {
  readonly serviceName: string;
  readonly stepSeconds: number;
}

/** Rates need several exports in their window. */
const MIN_RATE_WINDOW_SECONDS = 30;

/**
 * PromQL of a named metric of this service; a name that is not known is taken as an expression.
 */
export function forecastQuery(metric: string, scope: ForecastScope): string {
  const service = JSON.stringify(scope.serviceName);
  const window = `${Math.max(MIN_RATE_WINDOW_SECONDS, scope.stepSeconds)}s`;
  const rate = (name: string, more = ""): string =>
    `rate(http_server_request_duration_seconds_${name}{service_name=${service}${more}}[${window}])`;
  switch (metric) {
    case "request_rate":
      return `sum(${rate("count")})`;
    case "error_ratio":
      return `(sum(${rate("count", ',http_response_status_code=~"5.."')}) or vector(0)) / sum(${rate("count")})`;
    case "latency_p95_seconds":
      return `histogram_quantile(0.95, sum by (le) (${rate("bucket")}))`;
    default:
      return metric;
  }
}
