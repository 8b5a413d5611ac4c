import type { Resource } from "@avx/model";
import { encodeOtlpLogsJson, encodeOtlpMetricsJson, encodeOtlpTracesJson } from "@avx/wire";
import { exportedLogs } from "../logs/log-export.ts";
import type { MetricRegistry } from "../metrics/metric-registry.ts";
import type { EntrySink } from "../opentelemetry/api-logger.ts";
import type { SpanSink } from "../tracing/recorded-span.ts";
import { exportedSpans } from "../tracing/span-export.ts";
import { runOutside } from "../tracing/trace-scope.ts";
import { exportedMetrics } from "./metric-export.ts";

/** Prints telemetry: each span and log record when it ends, all metrics at an interval. */
export interface ConsoleExport {
  readonly span: SpanSink;
  readonly log: EntrySink;
  /** Prints the metrics at every interval, and a last time when the given function is called. */
  printMetrics(registry: MetricRegistry, intervalMs: number): () => void;
}

/**
 * The exporter `console` of the specification: one OTLP request of JSON a line, on standard output
 * unless `write` is given.
 */
export function consoleExport(
  resource: Resource,
  write: (line: string) => void = (line) => void process.stdout.write(line),
): ConsoleExport {
  const print = (request: Uint8Array): void => write(`${new TextDecoder().decode(request)}\n`);
  return {
    span: (span) => print(encodeOtlpTracesJson(exportedSpans([span], resource))),
    log: (entry) => print(encodeOtlpLogsJson(exportedLogs([entry], resource))),
    printMetrics: (registry, intervalMs) => {
      let lastMs = 0;
      const printAll = (): void => {
        const nowMs = Date.now();
        const moment = { resource, startMs: registry.startMs, nowMs, exemplarsSinceMs: lastMs };
        print(encodeOtlpMetricsJson(exportedMetrics(registry.collectNow(), moment)));
        lastMs = nowMs;
      };
      const timer = runOutside(() => setInterval(printAll, intervalMs).unref());
      return () => {
        clearInterval(timer);
        printAll();
      };
    },
  };
}
