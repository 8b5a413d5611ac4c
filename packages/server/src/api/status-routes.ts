import type { Store } from "@avx/store";
import type { FastifyInstance } from "fastify";
import type { ServerConfig } from "../config.ts";

/** The Prometheus release whose API and PromQL we answer; clients choose features by it. */
const COMPATIBLE_PROMETHEUS = "3.14.0";

export interface StatusPorts {
  readonly config: ServerConfig;
  readonly store: Store;
  readonly startedMs: number;
  readonly version: string;
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
  answer("/api/v1/status/config", () => ({ yaml: "" }));
  answer("/api/v1/status/runtimeinfo", () => runtimeInfo(ports));
  answer("/api/v1/status/tsdb", () => tsdbStatus(ports));
  answer("/api/v1/rules", () => ({ groups: [] }));
  answer("/api/v1/alerts", () => ({ alerts: [] }));
  answer("/api/v1/alertmanagers", () => ({ activeAlertmanagers: [], droppedAlertmanagers: [] }));
  answer("/api/v1/targets", () => ({
    activeTargets: [],
    droppedTargets: [],
    droppedTargetCounts: {},
  }));
}

function configFlags(config: ServerConfig): Record<string, string> {
  const address = (value: ServerConfig["otlpListen"]): string =>
    value === undefined ? "off" : `${value.host}:${value.port}`;
  return {
    listen: address(config.listen),
    "otlp-listen": address(config.otlpListen),
    "data-dir": config.dataDir,
    store: config.store,
    retention: retentionText(config.retentionMs),
    "accept-timestamps": config.acceptTimestamps,
    "enable-experimental-functions": String(config.experimentalFunctions),
  };
}

function retentionText(retentionMs: number | "off"): string {
  return retentionMs === "off" ? "off" : `${retentionMs / 3_600_000}h`;
}

function runtimeInfo({ config, store, startedMs }: StatusPorts): Record<string, unknown> {
  return {
    startTime: new Date(startedMs).toISOString(),
    CWD: process.cwd(),
    reloadConfigSuccess: true,
    lastConfigTime: new Date(startedMs).toISOString(),
    corruptionCount: 0,
    goroutineCount: 0,
    GOMAXPROCS: 0,
    storageRetention: retentionText(config.retentionMs),
    engineRestarts: store.health().engineRestarts,
  };
}

function tsdbStatus({ store }: StatusPorts): Record<string, unknown> {
  const { headSeries, headSamples } = store.health();
  return {
    headStats: {
      numSeries: headSeries,
      numLabelPairs: 0,
      chunkCount: 0,
      minTime: 0,
      maxTime: 0,
      numSamples: headSamples,
    },
    seriesCountByMetricName: [],
    labelValueCountByLabelName: [],
    memoryInBytesByLabelName: [],
    seriesCountByLabelValuePair: [],
  };
}
