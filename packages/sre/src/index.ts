export {
  buildMetricDocument,
  type DocumentInput,
  type IntervalMeasurements,
} from "./documents/metric-document.ts";
export {
  type ServiceStatus,
  STATUS_ORDER,
  serviceStatus,
} from "./golden-signals/service-status.ts";
export {
  activeRequestsQuery,
  byteRateQuery,
  contextQuery,
  errorRatioQuery,
  failedCountQuery,
  failedRateQuery,
  latencyMeanQuery,
  latencyQuantileQuery,
  requestRateQuery,
  SERVICE_LABEL,
  type SignalScope,
  saturationQuery,
} from "./golden-signals/signal-queries.ts";
export { errorBudgetRemaining } from "./slo/error-budget.ts";
