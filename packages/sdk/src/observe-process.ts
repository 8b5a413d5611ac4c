import type { ConsoleExport } from "./export/console-export.ts";
import { postBeforeExit } from "./export/exit-flush.ts";
import { servePrometheus } from "./export/prometheus-server.ts";
import type { TelemetryExport } from "./export/telemetry-export.ts";
import { OWN_SCOPE } from "./exposition/families.ts";
import { streamMetrics } from "./exposition/render-metrics.ts";
import type { ClientCalls } from "./http/client-calls.ts";
import type { HttpServerTelemetry } from "./http/http-server-telemetry.ts";
import { observeNodeHttpClient } from "./http/node-http-client.ts";
import { observeNodeHttpServers } from "./http/node-http-server.ts";
import { observeUndici } from "./http/undici-client.ts";
import type { OwnInstrumentation } from "./instrumentation-choice.ts";
import { nodeWorkerThreads } from "./lazy-builtins.ts";
import { observeConsole } from "./logs/console-records.ts";
import type { Meter } from "./metrics/meter.ts";
import type { MetricRegistry } from "./metrics/metric-registry.ts";
import type { EntrySink } from "./opentelemetry/api-logger.ts";
import type { OwnCost } from "./overhead/own-cost.ts";
import { observeOwnCost } from "./overhead/own-cost-metrics.ts";
import type { OwnMemory } from "./overhead/own-memory.ts";
import { SDK_VERSION } from "./resource.ts";
import { observeRuntime } from "./runtime/runtime-metrics.ts";
import type { TelemetryConfig } from "./telemetry-config.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";

/** What there is to observe, and for whom. */
export interface Observed {
  readonly config: TelemetryConfig;
  readonly options: TelemetryOptions;
  readonly registry: MetricRegistry;
  readonly cost: OwnCost;
  readonly memory: OwnMemory;
  readonly server: HttpServerTelemetry;
  readonly calls: ClientCalls;
  readonly exports: TelemetryExport;
  readonly console: ConsoleExport | undefined;
  readonly report: (message: string) => void;
  readonly sendLog: EntrySink;
}

/** What is being observed, until it is stopped. */
export interface ProcessObservation {
  /** Leaves one kind to an official instrumentation that has come for it. */
  standBack(instrumentation: OwnInstrumentation | undefined): void;
  stop(): void;
}

type Stoppable = OwnInstrumentation | "console" | "exit" | "printing" | "prometheus";
type Stops = Map<Stoppable, (() => void)[]>;

/** Begins to observe what is there once in a process. */
export function observeProcess(observed: Observed): ProcessObservation {
  const stops: Stops = observed.config.isDisabled ? new Map() : begun(observed);
  const end = (name: Stoppable | undefined): void => {
    if (name === undefined) return;
    for (const stop of stops.get(name) ?? []) stop();
    stops.delete(name);
  };
  return {
    standBack: end,
    stop: () => {
      for (const name of stops.keys()) end(name);
    },
  };
}

function begun(observed: Observed): Stops {
  const { config, options, registry, cost, memory, server, calls, exports } = observed;
  const meter = registry.getMeter(OWN_SCOPE, SDK_VERSION);
  observeSelf(meter, registry);
  observeOwnCost(meter, cost);
  memory.observe(meter);
  const isOn = (name: OwnInstrumentation): boolean => config.instrumentations.has(name);
  const stops: Stops = new Map();
  if (isOn("undici")) stops.set("undici", [observeUndici(calls)]);
  if (isOn("http")) {
    const serverStop = options.observeServers === true ? [observeNodeHttpServers(server)] : [];
    stops.set("http", [observeNodeHttpClient(calls), ...serverStop]);
  }
  if (options.runtimeMetrics !== false && isOn("runtime-node")) {
    stops.set("runtime-node", [observeRuntime(meter)]);
  }
  if (config.prometheus !== undefined) {
    const metrics = (accept: string | undefined) => streamMetrics(registry, accept);
    const prometheus = servePrometheus(config.prometheus, metrics, observed.report);
    stops.set("prometheus", [() => void prometheus.close()]);
  }
  if (observed.console !== undefined && config.printed.has("metrics")) {
    const { metricIntervalMs } = config;
    stops.set("printing", [observed.console.printMetrics(registry, metricIntervalMs)]);
  }
  if (config.hasConsoleRecords) stops.set("console", [observeConsole(observed.sendLog)]);
  if (options.flushAtExit === true) stops.set("exit", [flushAtExit(exports, config.exitFlushMs)]);
  return stops;
}

/** No signal is listened to: one that would kill the process still does, at once. */
function flushAtExit(exports: TelemetryExport, limitMs: number): () => void {
  const flush = (): void => {
    // The end of a thread is no end of the process.
    if (nodeWorkerThreads().isMainThread) postBeforeExit(exports.lastPosts(), limitMs);
  };
  process.once("exit", flush);
  return () => process.off("exit", flush);
}

function observeSelf(meter: Meter, registry: MetricRegistry): void {
  meter
    .createObservableCounter("avx.sdk.measurements.rejected", {
      description: "Measurements that were dropped: NaN, infinite, or negative where none may be.",
      unit: "{measurement}",
    })
    .addCallback((result) => result.observe(registry.guard.rejected));
  meter
    .createObservableGauge("avx.sdk.instruments.overflowing", {
      description: "Instruments that merge attribute sets over the cardinality limit.",
      unit: "{instrument}",
    })
    .addCallback((result) => result.observe(registry.overflowing().length));
}
