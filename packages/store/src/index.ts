export type { AvilaDbClient, AvilaDbRefusal } from "./aviladb/aviladb-client.ts";
export { type AvilaDbOptions, createAvilaDbDocuments } from "./aviladb/aviladb-documents.ts";
export { type BackupResult, backUp } from "./backup/back-up.ts";
export { restore } from "./backup/restore.ts";
export type { ClusterPeer } from "./cluster/cluster-metrics.ts";
export { type ClusterConnection, MAX_WRITERS } from "./cluster/cluster-options.ts";
export {
  type ClusterStore,
  type ClusterStoreOptions,
  createClusterStore,
  type OwnPart,
} from "./cluster/cluster-store.ts";
export type { EmbeddedLimits } from "./embedded/embedded-limits.ts";
export {
  createEmbeddedStore,
  type EmbeddedStore,
  type EmbeddedStoreOptions,
} from "./embedded/embedded-store.ts";
export type { ServiceArrivals } from "./head/service-arrivals.ts";
export type { MemoryLimits } from "./memory/memory-limits.ts";
export { createMemoryStore, type MemoryStoreOptions } from "./memory/memory-store.ts";
export type {
  AppendResult,
  DocumentSearch,
  DocumentStore,
  EventSearch,
  EventStore,
  HeadStats,
  LogSearch,
  LogStore,
  MetricBatch,
  MetricStore,
  SignalUse,
  Store,
  StoreAdmin,
  StoredEvent,
  StoredSignal,
  StoreHealth,
  TraceSearch,
  TraceStore,
  TraceSummary,
} from "./store.ts";
export { crc32c } from "./wal/crc32c.ts";
