export type {
  AppendResult,
  DocumentSearch,
  DocumentStore,
  LogSearch,
  LogStore,
  MetricBatch,
  MetricStore,
  Store,
  StoreHealth,
  TraceSearch,
  TraceStore,
  TraceSummary,
} from "./store.ts";
