export { type AvxContext, AvxError, type ErrorCode } from "@avx/model";
export { SpanKind, SpanStatusCode } from "@opentelemetry/api";
export { avxContextFromEnvironment, avxHeaders } from "./avx-context.ts";
export type { Environment } from "./environment.ts";
export type { MetricsPage, MetricsStream } from "./exposition/render-metrics.ts";
export type { FetchHandler, FetchHandlerOptions } from "./http/fetch-handler.ts";
export type { FinishedRequest, RequestListener } from "./http/server-observation.ts";
export { initTelemetry } from "./init-telemetry.ts";
export {
  DEFAULT_LATENCY_CAPACITY,
  LatencyCollector,
  type LatencyColumns,
} from "./latency-collector.ts";
export type { LogFields, Logger } from "./logs/logger.ts";
export { type TraceFields, traceFields } from "./logs/trace-fields.ts";
export type {
  BoundCounter,
  BoundGauge,
  BoundHistogram,
  Counter,
  Gauge,
  Histogram,
} from "./metrics/bound-instruments.ts";
export type { Meter } from "./metrics/meter.ts";
export type { View, ViewAggregation, ViewInstrumentKind } from "./metrics/views/view.ts";
export { registerTelemetry } from "./opentelemetry/register-telemetry.ts";
export type { Telemetry, TelemetryMiddleware } from "./telemetry.ts";
export type { TelemetryOptions } from "./telemetry-options.ts";
