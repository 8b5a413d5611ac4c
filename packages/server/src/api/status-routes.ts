import { availableParallelism, hostname } from "node:os";
import { getHeapStatistics } from "node:v8";
import type { Store } from "@avx/store";
import type { FastifyInstance } from "fastify";
import type { ServerConfig } from "../config.ts";
import type { Scraping } from "../scrape/scraping.ts";
import { cardinalityOf } from "./cardinality.ts";
import { badData, requestParameters } from "./parameters.ts";
import { ALL_TIME } from "./time-range.ts";

/** The Prometheus release whose API and PromQL we answer; clients choose features by it. */
const COMPATIBLE_PROMETHEUS = "3.14.0";

/** Length of the lists of `/api/v1/status/tsdb`, as in Prometheus. */
const DEFAULT_ENTRIES = 10;
const MAX_ENTRIES = 10_000;

/** What the status routes show. */
export interface StatusPorts {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly startedMs: number;
  readonly nowMs: () => number;
  readonly version: string;
  readonly scraping: Scraping;
}

/** Health, readiness and `/api/v1/status/*`. */
export function registerStatusRoutes(app: FastifyInstance, ports: StatusPorts): void {
  app.get("/-/healthy", async (_, reply) =>
    reply.type("text/plain").send("AVX Telemetry is healthy.\n"),
  );
  app.get("/-/ready", async (_, reply) => {
    const health = ports.store.health();
    if (health.ready) return reply.type("text/plain").send("AVX Telemetry is ready.\n");
    return reply.code(503).header("Retry-After", "2").type("text/plain").send(`${health.reason}\n`);
  });
  const answer = (url: string, data: () => unknown): void => {
    app.get(url, async () => ({ status: "success", data: data() }));
  };
  answer("/api/v1/status/buildinfo", () => ({
    application: "avx-telemetry",
    applicationVersion: ports.version,
    version: COMPATIBLE_PROMETHEUS,
    revision: "",
    branch: "",
    buildUser: "",
    buildDate: "",
    goVersion: "",
  }));
  answer("/api/v1/status/flags", () => configFlags(ports.config));
  answer("/api/v1/status/config", () => ({ yaml: yamlText(configFlags(ports.config)) }));
  answer("/api/v1/status/runtimeinfo", () => runtimeInfo(ports));
  // The log is replayed before the server listens, so there is nothing to wait for.
  answer("/api/v1/status/walreplay", () => ({ min: 0, max: 0, current: 0 }));
  // Blocks here are rows of the engine, not directories with metadata of their own.
  answer("/api/v1/status/tsdb/blocks", () => ({ blocks: [] }));
  app.get("/api/v1/status/tsdb", async (request) => ({
    status: "success",
    data: await tsdbStatus(ports.store, entriesParameter(requestParameters(request))),
  }));
}

function configFlags(config: ServerConfig): Record<string, string> {
  const address = (value: ServerConfig["otlpListen"]): string =>
    value === undefined ? "off" : `${value.host}:${value.port}`;
  return {
    listen: address(config.listen),
    "otlp-listen": address(config.otlpListen),
    "otlp-grpc-listen": address(config.otlpGrpcListen),
    "data-dir": config.dataDir,
    store: config.store,
    retention: retentionText(config.retentionMs),
    "retention-traces": retentionText(config.traceRetentionMs),
    "retention-logs": retentionText(config.logRetentionMs),
    "retention-rollups": retentionText(config.rollupRetentionMs),
    "engine-idle": config.engineIdleMs === "off" ? "off" : `${config.engineIdleMs / 1000}s`,
    "enable-admin-api": String(config.adminApi),
    "accept-timestamps": config.acceptTimestamps,
    "enable-experimental-functions": String(config.experimentalFunctions),
    config: config.configFile ?? "",
  };
}

function retentionText(retentionMs: number | "off"): string {
  return retentionMs === "off" ? "off" : `${retentionMs / 3_600_000}h`;
}

/** The settings in force; every value is quoted, as JSON strings are YAML too. */
function yamlText(flags: Readonly<Record<string, string>>): string {
  return Object.entries(flags)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join("");
}

/** Prometheus' fields as far as they mean something here; `GOGC` and `GODEBUG` are of Go. */
function runtimeInfo(ports: StatusPorts): Record<string, unknown> {
  const { config, store, startedMs, nowMs, scraping } = ports;
  return {
    startTime: new Date(startedMs).toISOString(),
    CWD: process.cwd(),
    hostname: hostname(),
    serverTime: new Date(nowMs()).toISOString(),
    reloadConfigSuccess: scraping.lastReload.isSuccess,
    lastConfigTime: new Date(scraping.lastReload.configMs).toISOString(),
    goroutineCount: process.getActiveResourcesInfo().length,
    GOMAXPROCS: availableParallelism(),
    GOMEMLIMIT: getHeapStatistics().heap_size_limit,
    GOGC: "",
    GODEBUG: "",
    storageRetention: retentionText(config.retentionMs),
    engineRestarts: store.health().engineRestarts,
    engineParked: store.health().engineParked,
  };
}

function entriesParameter(parameters: URLSearchParams): number {
  const text = parameters.get("limit") ?? "";
  if (text === "") return DEFAULT_ENTRIES;
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1) throw badData("limit must be a positive number");
  if (Number(text) > MAX_ENTRIES) throw badData(`limit must not exceed ${MAX_ENTRIES}`);
  return Number(text);
}

/** Counted when asked: all series are gone through. */
async function tsdbStatus({ metrics }: Store, entries: number): Promise<unknown> {
  const head = metrics.headStats();
  const counted = cardinalityOf(await metrics.series([], ALL_TIME), entries);
  return {
    headStats: {
      numSeries: head.series,
      numLabelPairs: counted.labelPairs,
      chunkCount: head.blocks,
      // What Prometheus says of an empty head: the bounds are the wrong way round.
      minTime: head.range?.startMs ?? Number.MAX_SAFE_INTEGER,
      maxTime: head.range?.endMs ?? Number.MIN_SAFE_INTEGER,
    },
    seriesCountByMetricName: counted.seriesByMetric,
    labelValueCountByLabelName: counted.valuesByLabel,
    memoryInBytesByLabelName: counted.bytesByLabel,
    seriesCountByLabelValuePair: counted.seriesByPair,
  };
}
