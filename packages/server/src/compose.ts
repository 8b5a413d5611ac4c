import { join } from "node:path";
import { AvxError } from "@avx/model";
import {
  createAvxFunctions,
  createQueryEngine,
  type QueryEngine,
  withStepMemory,
} from "@avx/promql";
import type { DocumentStore, MetricStore, Store } from "@avx/store";
import type { FastifyInstance } from "fastify";
import { type Access, openAccess, reloadOf } from "./access/open-access.ts";
import { registerGate } from "./access/register-gate.ts";
import type { AnomalyJournal } from "./anomalies/anomaly-journal.ts";
import { openDetection } from "./anomalies/open-detection.ts";
import { createBareApp, createHttpApp } from "./api/http-app.ts";
import { registerMetricsRoute } from "./api/metrics-route.ts";
import { withAdmission } from "./api/query-admission.ts";
import { createCapacity } from "./capacity/capacity.ts";
import { diskUse, recordOwnResources } from "./capacity/own-resources.ts";
import type { ListenAddress, ServerConfig } from "./config.ts";
import { createDataReport } from "./data/data-report.ts";
import { withFitCache } from "./forecasts/cached-fits.ts";
import { createFitPool, type FitPool } from "./forecasts/fit-pool.ts";
import { createServiceForecasts, FORECAST_INTERVAL_MS } from "./forecasts/service-forecasts.ts";
import { BulkSplitter } from "./ingest/bulk/bulk-splitter.ts";
import type { IngestPorts } from "./ingest/ingest-request.ts";
import { createIngestPorts, registerIngest } from "./ingest/ingest-routes.ts";
import { createOtlpGrpc, type OtlpGrpc } from "./ingest/otlp-grpc.ts";
import { openStore } from "./open-store.ts";
import { loadStaticFiles } from "./page/static-files.ts";
import { createRoutedAnswers, type RoutedAnswers } from "./query-workers/routed-answers.ts";
import { type Schedule, startSchedule } from "./schedules/schedule.ts";
import { DOCUMENT_INTERVAL_MS, writeDocuments } from "./schedules/write-documents.ts";
import { createScraping, type Scraping } from "./scrape/scraping.ts";
import { listen, requireFreePort } from "./self/listen.ts";
import type { Log } from "./self/log.ts";
import { createSelfMetrics, type SelfMetrics } from "./self/self-metrics.ts";

/** The built page lies beside the package that makes it. */
const PAGE_DIRECTORY = join(import.meta.dirname, "../../dashboard/dist");
/** Exports of the last second of a minute have arrived by then. */
const DOCUMENT_DELAY_MS = 5000;
/** Documents are written first, and the exports of the slowest services have arrived. */
const FORECAST_DELAY_MS = 20_000;

/** What the process around the server gives it. */
export interface ServerEnvironment {
  readonly nowMs: () => number;
  readonly log: Log;
  readonly version: string;
  /** Where metric documents go instead of the store, such as `createAvilaDbDocuments(...)`. */
  readonly documents?: DocumentStore;
}

/** A running server. */
export interface RunningServer {
  /** The main address; the port is the real one when 0 was asked for. */
  readonly address: ListenAddress;
  readonly otlpAddress: ListenAddress | undefined;
  readonly otlpGrpcAddress: ListenAddress | undefined;
  /** Reads certificates and the scrape configuration again; what is wrong changes nothing. */
  reload(): Promise<void>;
  /** Stops taking requests, finishes those under way, writes what is pending. Idempotent. */
  close(): Promise<void>;
}

/** Builds and connects everything; the one place that does. */
export async function composeServer(
  config: ServerConfig,
  environment: ServerEnvironment,
): Promise<RunningServer> {
  const { nowMs, log, version } = environment;
  await requireFreePort(config.listen, "--listen");
  const access = openAccess(config, environment);
  const { store, own } = await openStore(config, environment);
  const documents = environment.documents ?? store.documents;
  const self = createSelfMetrics(store);
  const { engine, answers } = openQueries(config, environment, store.metrics);
  const detection = await openDetection({ config, store, engine, self, nowMs, log });
  const { journal: anomalies, desk } = detection;
  const fits = withFitCache(createFitPool());
  const metrics = { append: detection.append };
  const sinks = { metrics, traces: store.traces, logs: store.logs };
  const bulk = new BulkSplitter();
  const scraping = await openScraping({ config, environment, metrics, self });
  const ingest = openIngest({ config, environment, store: sinks, self, bulk, scraping });
  const reload = reloadOf(access, scraping);
  const registerDoors = (app: FastifyInstance): void => {
    registerIngest(app, ingest);
    registerMetricsRoute(app, self);
  };
  const app = await createHttpApp({
    ...{ config, store, documents, anomalies, desk, nowMs, version, registerDoors, scraping },
    ...{ ...access, answers, reload, listenHost: config.listen.host },
    engine: withAdmission(engine),
    ...{ cadenceMs: detection.cadenceMs, fits, own },
    ...{ requests: self.requests, refused: self.refused },
    capacity: createCapacity({ engine, fits, maxSeries: store.metrics.seriesLimits.total, nowMs }),
    startedMs: nowMs(),
    dataReport: createDataReport({ store, nowMs, pause }),
    page: loadStaticFiles(PAGE_DIRECTORY),
  });
  const otlp = config.otlpListen && openOtlpPort(config.otlpListen, access, ingest);
  const otlpGrpc = config.otlpGrpcListen && createOtlpGrpc(ingest, access);
  const schedules = startSchedules({
    ...{ config, store, documents, engine, fits, anomalies, self, nowMs, log },
  });

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const doors = [app.close(), otlp?.close(), otlpGrpc?.close(), scraping.stop()];
    await Promise.all([...doors, answers.close()]);
    await bulk.close();
    // A run that is waiting for a fit ends when the pool does.
    await Promise.all([...[detection, ...schedules].map((part) => part.stop()), fits.close()]);
    await store.close();
    await self.stop();
  };
  const server = { reload, close: () => (closing ??= close()) };
  try {
    const address = await listen(app, config.listen, "--listen");
    const otlpAddress = otlp && (await listenOtlp(otlp, config, log));
    const otlpGrpcAddress = otlpGrpc && (await listenOtlpGrpc(otlpGrpc, config, log));
    scraping.start();
    return { address, otlpAddress, otlpGrpcAddress, ...server };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** The engine of the server's own questions, and the answers of the query routes. */
function openQueries(
  config: ServerConfig,
  { nowMs, log }: ServerEnvironment,
  reader: MetricStore,
): { readonly engine: QueryEngine; readonly answers: RoutedAnswers } {
  const { experimentalFunctions, queryWorkers: workers } = config;
  const options = {
    ...{ reader, experimentalFunctions, nowMs, pause },
    extraFunctions: createAvxFunctions(),
    enableDelayedNameRemoval: true,
  };
  const changesSince = (mark: number) => reader.changesSince(mark);
  const answers = createRoutedAnswers({ engine: options, changesSince, workers, log });
  return { engine: withStepMemory(createQueryEngine(options), { changesSince }), answers };
}

function openIngest(options: {
  readonly config: ServerConfig;
  readonly environment: ServerEnvironment;
  readonly store: IngestPorts["store"];
  readonly self: SelfMetrics;
  readonly bulk: BulkSplitter;
  readonly scraping: Scraping;
}): IngestPorts {
  const { config, environment, store, self, bulk, scraping } = options;
  const { retentionMs, traceRetentionMs, logRetentionMs, acceptTimestamps } = config;
  const { nowMs, log } = environment;
  return createIngestPorts({
    ...{ store, nowMs, acceptTimestamps, counters: self.ingest, bulk },
    ...{ retentionMs, traceRetentionMs, logRetentionMs },
    otlpNames: () => scraping.otlpNames,
    reportFailure: (error) => log("error", "ingest failed", { reason: String(error) }),
  });
}

/** Scraped samples pass the detectors and count as those that come in by the other doors. */
function openScraping(options: {
  readonly config: ServerConfig;
  readonly environment: ServerEnvironment;
  readonly metrics: Pick<MetricStore, "append">;
  readonly self: SelfMetrics;
}): Promise<Scraping> {
  const { config, environment, metrics, self } = options;
  const { nowMs, log, version } = environment;
  return createScraping({
    ...{ configFile: config.configFile, nowMs, log, version, metrics },
    appended({ accepted, rejected }) {
      self.ingest.accepted("metrics", accepted);
      if (rejected > 0) self.ingest.rejected("metrics", "store_limit", rejected);
    },
  });
}

/** Lets everything else that is due have its turn. */
function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface SchedulePorts {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly documents: DocumentStore;
  readonly engine: QueryEngine;
  readonly fits: FitPool;
  readonly anomalies: AnomalyJournal;
  readonly self: SelfMetrics;
  readonly nowMs: () => number;
  readonly log: Log;
}

function startSchedules({
  config,
  store,
  documents,
  engine,
  fits,
  anomalies,
  self,
  nowMs,
  log,
}: SchedulePorts): readonly Schedule[] {
  const forecasts = createServiceForecasts({ engine, fits, metrics: store.metrics, nowMs });
  return [
    startSchedule(
      {
        name: "metric documents",
        everyMs: DOCUMENT_INTERVAL_MS,
        delayMs: DOCUMENT_DELAY_MS,
        nowMs,
        log,
      },
      async (dueMs) => {
        const ports = { engine, fits, documents, anomalies, forecasts };
        self.documentsWritten(await writeDocuments(ports, dueMs));
      },
    ),
    startSchedule(
      { name: "own resources", everyMs: DOCUMENT_INTERVAL_MS, delayMs: 0, nowMs, log },
      async (dueMs) => {
        const disk = config.store === "memory" ? undefined : await diskUse(config.dataDir);
        await recordOwnResources(store, dueMs, disk);
      },
    ),
    startSchedule(
      {
        ...{ name: "forecasts", everyMs: FORECAST_INTERVAL_MS, delayMs: FORECAST_DELAY_MS },
        ...{ nowMs, log },
      },
      async (dueMs) => {
        const { left } = await forecasts.run(dueMs);
        if (left > 0) log("warn", "forecasts took too long", { left });
      },
    ),
  ];
}

/** OTLP over HTTP on its own port; it does not listen yet. */
function openOtlpPort(
  { host }: ListenAddress,
  access: Access,
  ingest: IngestPorts,
): FastifyInstance {
  const app = createBareApp(access.log, access.tls);
  registerGate(app, { ...access, listenHost: host });
  registerIngest(app, ingest);
  return app;
}

/** The default OTLP port may be another collector's: then OTLP comes in by the main port only. */
async function listenOtlp(
  app: FastifyInstance,
  config: ServerConfig,
  log: Log,
): Promise<ListenAddress | undefined> {
  const address = config.otlpListen;
  if (address === undefined) return undefined;
  try {
    return await listen(app, address, "--otlp-listen");
  } catch (error) {
    if (config.otlpListenRequired || !(error instanceof AvxError)) throw error;
    log("warn", `${error.message}; OTLP is still taken on the main port`);
    return undefined;
  }
}

/** The default port may be another collector's here too: then there is no OTLP over gRPC. */
async function listenOtlpGrpc(
  grpc: OtlpGrpc,
  { otlpGrpcListen: address, otlpGrpcListenRequired: isRequired }: ServerConfig,
  log: Log,
): Promise<ListenAddress | undefined> {
  if (address === undefined) return undefined;
  try {
    return await grpc.listen(address, "--otlp-grpc-listen");
  } catch (error) {
    if (isRequired || !(error instanceof AvxError)) throw error;
    log("warn", `${error.message}; OTLP is taken over HTTP only`);
    return undefined;
  }
}
