import type { Span } from "@avx/model";
import type { Attributes } from "@opentelemetry/api";
import type { Environment } from "../environment.ts";
import type { FinishedRequest } from "../http/server-observation.ts";
import { initTelemetry } from "../init-telemetry.ts";
import type { LogEntry } from "../logs/log-line.ts";
import { registerTelemetry } from "../opentelemetry/register-telemetry.ts";
import type { Telemetry } from "../telemetry.ts";
import type { RecordedSpan } from "../tracing/recorded-span.ts";
import { exportedSpans } from "../tracing/span-export.ts";
import { runOutside } from "../tracing/trace-scope.ts";
import { type MetricReading, metricReadings } from "./metric-readings.ts";
import { type ServiceSummary, serviceSummary } from "./service-summary.ts";

/** Items of a kind that are kept; a test that makes more is told, not starved of memory. */
const MAX_KEPT = 100_000;
/** How long `settled` waits for requests in flight. */
const SETTLE_TIMEOUT_MS = 5000;

/** How a test starts telemetry. */
export interface TestTelemetryOptions {
  /** Everything stays in this process; nothing is exported or written. */
  readonly store: "memory";
  readonly serviceName?: string;
  /** Variables on top of none: those of the process do not count in a test. */
  readonly environment?: Environment;
  /** Also behind `@opentelemetry/api`, for instrumented libraries; off unless true. */
  readonly register?: boolean;
  /** Observes every node:http server of the process, without middleware. */
  readonly observeServers?: boolean;
}

/** Telemetry of one service in a test, and what it has seen so far. */
export interface TestTelemetry extends Telemetry {
  /** Ended spans, in the order of their ends; of one name when it is given. */
  spans(name?: string): Span[];
  /** Log entries in the order of their writing. */
  logs(): readonly LogEntry[];
  /** Requests that ended, in that order. */
  requests(): readonly FinishedRequest[];
  /** All series of a metric whose attributes include these. */
  readings(name: string, attributes?: Attributes): Promise<MetricReading[]>;
  /** The sum of these series: values of counters and gauges, counts of histograms. */
  value(name: string, attributes?: Attributes): Promise<number>;
  /** Resolves when no request is in flight: a caller has its answer before the server is done. */
  settled(): Promise<void>;
  /** Forgets spans, logs and requests; metrics go on. */
  clear(): void;
}

const started = new Set<TestTelemetry>();

/** Starts telemetry that keeps everything in memory. To be ended by `shutdown`. */
export function startTelemetry(options: TestTelemetryOptions): TestTelemetry {
  const spans: RecordedSpan[] = [];
  const logs: LogEntry[] = [];
  const requests: FinishedRequest[] = [];
  const none = "none";
  const telemetry = initTelemetry({
    ...(options.serviceName === undefined ? {} : { serviceName: options.serviceName }),
    environment: {
      ...options.environment,
      OTEL_TRACES_EXPORTER: none,
      OTEL_METRICS_EXPORTER: none,
      OTEL_LOGS_EXPORTER: none,
    },
    runtimeMetrics: false,
    observeServers: options.observeServers === true,
    writeLog: () => {},
    onSpan: (span) => keep(spans, span),
    onLog: (entry) => keep(logs, entry),
  });
  telemetry.onRequest((request) => keep(requests, request));
  const unregister = options.register === true ? registerTelemetry(telemetry) : () => {};
  const readings = async (name: string, attributes: Attributes = {}) =>
    metricReadings(await telemetry.registry.collect(), name, attributes);
  const value = async (name: string, attributes?: Attributes) =>
    (await readings(name, attributes)).reduce((sum, reading) => sum + reading.value, 0);
  const test: TestTelemetry = {
    ...telemetry,
    spans: (name) =>
      exportedSpans(spans, telemetry.resource).filter(
        (span) => name === undefined || span.name === name,
      ),
    logs: () => logs,
    requests: () => requests,
    readings,
    value,
    settled: () => settled(() => value("http.server.active_requests")),
    clear: () => {
      for (const kept of [spans, logs, requests]) kept.length = 0;
    },
    shutdown: async () => {
      started.delete(test);
      unregister();
      await telemetry.shutdown();
    },
  };
  started.add(test);
  return test;
}

/** What the requests of a service were like, over all telemetry of that name in this process. */
export function service(name: string): ServiceSummary {
  const ofName = [...started].filter(({ serviceName }) => serviceName === name);
  if (ofName.length === 0) {
    const names = [...started].map(({ serviceName }) => serviceName).join(", ");
    throw new RangeError(`no telemetry of ${name} is started, only of: ${names || "none"}`);
  }
  return serviceSummary(
    name,
    ofName.flatMap((test) => test.requests()),
  );
}

function keep<T>(items: T[], item: T): void {
  if (items.length >= MAX_KEPT) {
    throw new RangeError(`a test keeps ${MAX_KEPT} items: call clear() in between`);
  }
  items.push(item);
}

async function settled(inFlight: () => Promise<number>): Promise<void> {
  const endMs = performance.now() + SETTLE_TIMEOUT_MS;
  while ((await inFlight()) > 0) {
    if (performance.now() > endMs) throw new Error("requests are still in flight");
    await runOutside(() => new Promise((resolve) => setImmediate(resolve)));
  }
}
