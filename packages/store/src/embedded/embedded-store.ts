import { join } from "node:path";
import type { LogRecord, MetricDocument, Span } from "@avx/model";
import { refuseHalfRestored } from "../backup/restore.ts";
import { makeSnapshot, snapshotName } from "../backup/snapshot.ts";
import { serveSnapshotRequests } from "../backup/snapshot-requests.ts";
import type { Engine } from "../engine/engine.ts";
import { EngineParking } from "../engine/engine-parking.ts";
import { SupervisedEngine } from "../engine/supervised-engine.ts";
import type { AcceptanceOptions } from "../head/acceptance.ts";
import { recordNanos } from "../logs/log-match.ts";
import type { Store, StoreAdmin, StoredEvent, StoredSignal, StoreHealth } from "../store.ts";
import { NODE_FILE_SYSTEM, type WalFileSystem } from "../wal/wal-file-system.ts";
import { withChunkCache } from "./chunks/cached-chunks.ts";
import { SqlChunkStore } from "./chunks/sql-chunk-store.ts";
import { lockDirectory } from "./directory-lock.ts";
import { dropOldPartitions } from "./drop-partitions.ts";
import { DEFAULT_EMBEDDED_LIMITS, type EmbeddedLimits } from "./embedded-limits.ts";
import { EmbeddedMetrics } from "./embedded-metrics.ts";
import { documentColumns, documentNanos, EmbeddedDocuments } from "./events/embedded-documents.ts";
import { EmbeddedEvents, eventColumns, eventNanos } from "./events/embedded-events.ts";
import { EmbeddedLogs } from "./events/embedded-logs.ts";
import { EmbeddedTraces } from "./events/embedded-traces.ts";
import type { DecodeItems } from "./events/event-record.ts";
import { EventTable } from "./events/event-table.ts";
import { logColumns, recordsOfRows } from "./events/log-rows.ts";
import { spansOfRows, traceColumns } from "./events/trace-rows.ts";
import { ExpiryClock } from "./expiry-clock.ts";
import { Maintenance } from "./maintenance.ts";
import { migrate } from "./migrations.ts";
import { RollupReader } from "./rollups/rollup-reader.ts";
import { withRollups } from "./rollups/rollup-writer.ts";
import type { SharedPlace } from "./shared-place.ts";
import { readStorageUse } from "./storage-use.ts";

/** Where the store lives and how it keeps. */
export interface EmbeddedStoreOptions extends AcceptanceOptions {
  /** Spans and log records have retentions of their own; `retentionMs` when absent. */
  readonly traceRetentionMs?: number | "off";
  readonly logRetentionMs?: number | "off";
  /** Of 5-minute roll-ups, which answer for what the metrics' retention has dropped; 400 days. */
  readonly rollupRetentionMs?: number | "off";
  /** Made when absent; one process at a time may use it. */
  readonly dataDir: string;
  /** One line about something worth knowing: restarts of the engine, torn logs, a full disk. */
  readonly log: (line: string) => void;
  readonly limits?: Partial<EmbeddedLimits>;
  /** The engine's process is ended after this time without a question; "off" when absent. */
  readonly engineIdleMs?: number | "off";
  /** With these, spans and log records are logged as they were sent, where the caller gives that. */
  readonly decodeSpans?: DecodeItems<Span>;
  readonly decodeLogs?: DecodeItems<LogRecord>;
  /** For tests: the file system below the write-ahead logs. */
  readonly fileSystem?: WalFileSystem;
}

/** A store on one directory. */
export interface EmbeddedStore extends Store {
  readonly admin: StoreAdmin;
  /** Moves everything into the engine's tables, so that SQL by hand sees it. */
  flush(): Promise<void>;
  /** Process id of the engine, 0 while it restarts. */
  enginePid(): number;
}

/**
 * Opens the directory: takes its lock, starts the engine, brings back what the logs hold. Rejects
 * with `data_dir_unusable` when it cannot be written, is in use, or is of another version.
 */
export async function createEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  refuseHalfRestored(options.dataDir);
  const release = lockDirectory(options.dataDir);
  let engine: SupervisedEngine | undefined;
  try {
    engine = await SupervisedEngine.open(options);
    return parkedWhenIdle(options, engine, await openOnEngine(options, engine, release));
  } catch (error) {
    await engine?.stop();
    release();
    throw error;
  }
}

function parkedWhenIdle(
  { engineIdleMs: idleMs = "off", log }: EmbeddedStoreOptions,
  engine: SupervisedEngine,
  store: EmbeddedStore,
): EmbeddedStore {
  if (idleMs === "off") return store;
  const parking = new EngineParking({ engine, idleMs, log, passedMs: () => performance.now() });
  return { ...store, close: () => parking.stop().then(() => store.close()) };
}

interface Tables {
  readonly spans: EventTable<Span>;
  readonly logs: EventTable<LogRecord>;
  readonly documents: EventTable<MetricDocument>;
  readonly events: EventTable<StoredEvent>;
}

/** The options, and who else writes into the engine's tables. */
export interface EngineStoreOptions extends EmbeddedStoreOptions {
  readonly shared?: SharedPlace;
}

/** The store on an engine that answers; `release` gives the directory back at the end. */
export async function openOnEngine(
  options: EngineStoreOptions,
  engine: Engine,
  release: () => void,
): Promise<EmbeddedStore> {
  const { dataDir, shared } = options;
  const limits = { ...DEFAULT_EMBEDDED_LIMITS, ...options.limits };
  const fileSystem = options.fileSystem ?? NODE_FILE_SYSTEM;
  await migrate(engine, options);
  const stored = new SqlChunkStore(engine, shared);
  const isWriting = options.retentionMs !== "off";
  const metrics = await EmbeddedMetrics.open({
    ...{ ...options, limits, fileSystem },
    chunks: withChunkCache(withRollups(stored, engine, isWriting)),
    rollups: new RollupReader({ engine, tombstones: () => stored.deleted }),
    walDir: join(dataDir, "wal", "metrics"),
  });
  const tables = await openTables({ ...options, fileSystem, limits }, engine);
  const retentionMs = retentions(options);
  const maintenance = new Maintenance({
    ...{ metrics, nowMs: options.nowMs, log: options.log },
    rollups: { table: rollupTable(engine, stored, shared), retentionMs: retentionMs.rollups },
    serveRequests: () => serveSnapshotRequests(dataDir, snapshot),
    isParked: () => engine.isParked === true,
    events: TABLE_SIGNALS.map(([name, signal]) => ({
      table: tables[name],
      retentionMs: retentionMs[signal],
    })),
    clock: new ExpiryClock({ ...options, passedMs: () => performance.now() }),
  });
  const snapshot = (name: string, skipHead = false): Promise<void> =>
    maintenance.alone(() => {
      const make = () => makeSnapshot({ dataDir, name, engine, skipHead });
      return engine.whileRunning?.(make) ?? make();
    });
  await maintenance.start();
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await maintenance.stop();
    await maintenance.flushAll().catch((error: unknown) => {
      options.log(`not everything could be moved to the engine, the log keeps it: ${error}`);
    });
    await Promise.all([metrics, ...Object.values(tables)].map((part) => part.close()));
    await engine.stop();
    release();
  };
  return {
    metrics,
    traces: new EmbeddedTraces(tables.spans, engine),
    logs: new EmbeddedLogs(tables.logs, engine),
    documents: new EmbeddedDocuments(tables.documents, engine),
    events: new EmbeddedEvents(tables.events, engine),
    admin: adminOf({ options, engine, metrics, retentionMs, snapshot }),
    health: () => healthOf(engine, metrics, closing !== undefined),
    flush: () => maintenance.flushAll(),
    enginePid: () => engine.pid,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function rollupTable(
  engine: Engine,
  chunks: SqlChunkStore,
  shared: SharedPlace | undefined,
): { dropBefore(beforeMs: number): Promise<void> } {
  return {
    async dropBefore(beforeMs) {
      const days = await dropOldPartitions(engine, "rollups", beforeMs);
      // They are kept longest: with them series may have lost their last row.
      if (days > 0) await chunks.dropUnusedSeries();
      await shared?.dropBefore("rollups", beforeMs);
    },
  };
}

interface AdminParts {
  readonly options: EmbeddedStoreOptions;
  readonly engine: Engine;
  readonly metrics: EmbeddedMetrics;
  readonly retentionMs: Readonly<Record<StoredSignal, number | "off">>;
  readonly snapshot: (name: string, skipHead: boolean) => Promise<void>;
}

function adminOf({ options, engine, metrics, retentionMs, snapshot }: AdminParts): StoreAdmin {
  const { dataDir, nowMs } = options;
  return {
    deleteSeries: (selectors, range) => metrics.deleteSeries(selectors, range),
    cleanTombstones: () => metrics.cleanTombstones(),
    storageUse: () => readStorageUse({ engine, dataDir, retentionMs, nowMs }),
    async snapshot({ skipHead }) {
      const name = snapshotName(nowMs());
      await snapshot(name, skipHead);
      return name;
    },
  };
}

/** A year, and a month to compare it with. */
const ROLLUP_RETENTION_MS = 400 * 86_400_000;

const TABLE_SIGNALS = [
  ["spans", "traces"],
  ["logs", "logs"],
  ["documents", "documents"],
  ["events", "events"],
] as const satisfies readonly (readonly [keyof Tables, StoredSignal])[];

function retentions(options: EmbeddedStoreOptions): Readonly<Record<StoredSignal, number | "off">> {
  const { retentionMs, traceRetentionMs, logRetentionMs, rollupRetentionMs } = options;
  return {
    metrics: retentionMs,
    rollups: rollupRetentionMs ?? ROLLUP_RETENTION_MS,
    traces: traceRetentionMs ?? retentionMs,
    logs: logRetentionMs ?? retentionMs,
    documents: retentionMs,
    events: retentionMs,
  };
}

async function openTables(
  options: EngineStoreOptions & { fileSystem: WalFileSystem; limits: EmbeddedLimits },
  engine: Engine,
): Promise<Tables> {
  const { dataDir, fileSystem, log, nowMs, limits, shared } = options;
  const common = {
    engine,
    fileSystem,
    log,
    nowMs,
    shared,
    maxPending: limits.maxPendingEvents,
    maxPendingBytes: limits.maxPendingEventBytes,
  };
  return {
    spans: await EventTable.open<Span>({
      ...common,
      table: "otel_traces",
      walDir: join(dataDir, "wal", "traces"),
      nanosOf: ({ startUnixNano }) => startUnixNano,
      decode: options.decodeSpans,
      columns: ({ items }) => traceColumns(items),
      unpack: (block) => spansOfRows(block),
    }),
    logs: await EventTable.open<LogRecord>({
      ...common,
      table: "otel_logs",
      walDir: join(dataDir, "wal", "logs"),
      nanosOf: recordNanos,
      decode: options.decodeLogs,
      columns: ({ items }) => logColumns(items),
      unpack: (block) => recordsOfRows(block),
    }),
    documents: await EventTable.open<MetricDocument>({
      ...common,
      table: "documents",
      walDir: join(dataDir, "wal", "documents"),
      nanosOf: documentNanos,
      columns: documentColumns,
    }),
    events: await EventTable.open<StoredEvent>({
      ...common,
      table: "events",
      walDir: join(dataDir, "wal", "events"),
      nanosOf: eventNanos,
      columns: eventColumns,
    }),
  };
}

function healthOf(engine: Engine, metrics: EmbeddedMetrics, isClosing: boolean): StoreHealth {
  const reason = isClosing ? "the store is closing" : engine.isUp ? "" : "the engine restarts";
  return {
    ready: reason === "",
    reason,
    engineRestarts: engine.restarts,
    engineParked: engine.isParked === true,
    engineWakes: engine.wakes ?? 0,
    headSeries: metrics.head.index.size,
    headSamples: metrics.head.sampleCount,
  };
}
