export type { MetricReading } from "./testing/metric-readings.ts";
export {
  type MatcherResult,
  type ServiceSummary,
  type Slo,
  sloBreaches,
  sloMatchers,
} from "./testing/service-summary.ts";
export {
  service,
  startTelemetry,
  type TestTelemetry,
  type TestTelemetryOptions,
} from "./testing/start-telemetry.ts";
