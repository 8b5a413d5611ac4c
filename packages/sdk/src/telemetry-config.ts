import { AvxError } from "@avx/model";
import type { OtlpSignal } from "@avx/wire";
import type { Environment } from "./environment.ts";
import { isTrue, oneOf, timeLimitMs, wholeNumber } from "./environment-values.ts";
import type { BatchLimits } from "./export/batch-exporter.ts";
import type { PrometheusAddress } from "./export/prometheus-server.ts";
import { exporters, type SignalTarget, signalTarget } from "./export/signal-target.ts";
import type { TemporalityPreference } from "./export/temporality.ts";
import { enabledInstrumentations, type OwnInstrumentation } from "./instrumentation-choice.ts";
import { type LogLevels, parseLogLevels } from "./logs/log-level.ts";

/** Everything that the environment decides, checked. */
export interface TelemetryConfig {
  readonly isDisabled: boolean;
  /** The official SDK makes the spans. */
  readonly isOfficial: boolean;
  /** What the SDK observes by itself. */
  readonly instrumentations: ReadonlySet<OwnInstrumentation>;
  readonly targets: Readonly<Record<OtlpSignal, SignalTarget | undefined>>;
  /** Signals that are printed as well. */
  readonly printed: ReadonlySet<OtlpSignal>;
  readonly metricIntervalMs: number;
  /** For one export of metrics with all its attempts; Infinity = any. */
  readonly metricExportTimeoutMs: number;
  readonly temporality: TemporalityPreference;
  /** The buckets of histograms that ask for none in particular. */
  readonly histogramKind: HistogramKind;
  readonly keepsExemplars: boolean;
  /** Where metrics are served for a scraper, instead of being sent. */
  readonly prometheus: PrometheusAddress | undefined;
  /** Share of one core that the SDK may use before it sheds load; Infinity = any. */
  readonly cpuBudget: number;
  /** What the SDK's own data may take of the heap; Infinity = any. */
  readonly memoryBudgetBytes: number;
  /** How long an exiting process may wait for its last export. */
  readonly exitFlushMs: number;
  readonly spanLimits: BatchLimits;
  readonly logLimits: BatchLimits;
  readonly logLevels: LogLevels;
  /** Calls of `console` are exported as log records. */
  readonly hasConsoleRecords: boolean;
  readonly logFormat: "json" | "pretty";
  /** The SDK says nothing about itself. */
  readonly isSilent: boolean;
}

type HistogramKind = "histogram" | "exponential-histogram";

/** Queue and batch of OpenTelemetry's batch processors. */
const DEFAULT_QUEUE_ITEMS = 2048;
const DEFAULT_BATCH_ITEMS = 512;
const DEFAULT_SPAN_DELAY_MS = 5000;
const DEFAULT_LOG_DELAY_MS = 1000;
const DEFAULT_METRIC_INTERVAL_MS = 60_000;
const DEFAULT_EXPORT_TIMEOUT_MS = 30_000;
const SIGNALS: readonly OtlpSignal[] = ["metrics", "traces", "logs"];
/** A program that exits is waited for: by a shell, a job queue, an orchestrator. */
const DEFAULT_EXIT_FLUSH_MS = 2000;
/** Registered for OpenTelemetry's exporter. */
const DEFAULT_PROMETHEUS_PORT = 9464;
/** Of one core: what an operator gives for telemetry without asking. */
const DEFAULT_CPU_BUDGET = 0.02;
/** Of the heap: what an operator gives for telemetry without asking. */
const DEFAULT_MEMORY_BUDGET_MB = 15;
const BYTES_PER_MB = 1e6;
/** A queue is held in memory: a limit beyond this is a typing error. */
const MAX_QUEUE_ITEMS = 1_000_000;

/** Reads OTEL_* and AVX_LOG*. A value that cannot be read is an `invalid_config` naming it. */
export function telemetryConfig(environment: Environment): TelemetryConfig {
  return {
    isDisabled: isTrue(environment, "OTEL_SDK_DISABLED"),
    isOfficial: isOfficial(environment),
    instrumentations: enabledInstrumentations(environment),
    targets: {
      metrics: signalTarget(environment, "metrics"),
      traces: signalTarget(environment, "traces"),
      logs: signalTarget(environment, "logs"),
    },
    printed: new Set(SIGNALS.filter((signal) => exporters(environment, signal).has("console"))),
    ...metricConfig(environment),
    cpuBudget: cpuBudget(environment),
    memoryBudgetBytes: memoryBudget(environment) * BYTES_PER_MB,
    exitFlushMs: wholeNumber(environment, ["AVX_EXIT_FLUSH_MS"], DEFAULT_EXIT_FLUSH_MS),
    spanLimits: batchLimits(environment, "OTEL_BSP", DEFAULT_SPAN_DELAY_MS),
    logLimits: batchLimits(environment, "OTEL_BLRP", DEFAULT_LOG_DELAY_MS),
    hasConsoleRecords: isTrue(environment, "AVX_CONSOLE_RECORDS"),
    logLevels: parseLogLevels(environment["AVX_LOG"]),
    logFormat: oneOf<"json" | "pretty">(environment, ["AVX_LOG_FORMAT"], {
      json: "json",
      pretty: "pretty",
    }),
    isSilent: isSilent(environment),
  };
}

/** All that the SDK says about itself are warnings. */
function isSilent(environment: Environment): boolean {
  const level = environment["OTEL_LOG_LEVEL"]?.trim().toLowerCase() ?? "";
  return ["none", "error"].includes(level);
}

type MetricConfig = Pick<
  TelemetryConfig,
  | "metricIntervalMs"
  | "metricExportTimeoutMs"
  | "temporality"
  | "histogramKind"
  | "keepsExemplars"
  | "prometheus"
>;

function metricConfig(environment: Environment): MetricConfig {
  return {
    metricIntervalMs: atLeastOne(
      environment,
      "OTEL_METRIC_EXPORT_INTERVAL",
      DEFAULT_METRIC_INTERVAL_MS,
    ),
    metricExportTimeoutMs: timeLimitMs(
      environment,
      ["OTEL_METRIC_EXPORT_TIMEOUT"],
      DEFAULT_EXPORT_TIMEOUT_MS,
    ),
    temporality: oneOf<TemporalityPreference>(
      environment,
      ["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"],
      { cumulative: "cumulative", delta: "delta", lowmemory: "lowmemory" },
    ),
    histogramKind: oneOf<HistogramKind>(
      environment,
      ["OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION"],
      {
        explicit_bucket_histogram: "histogram",
        base2_exponential_bucket_histogram: "exponential-histogram",
      },
    ),
    keepsExemplars: oneOf(environment, ["OTEL_METRICS_EXEMPLAR_FILTER"], {
      trace_based: true,
      always_on: true,
      always_off: false,
    }),
    prometheus: prometheusAddress(environment),
  };
}

function memoryBudget(environment: Environment): number {
  const option = "AVX_MEMORY_BUDGET_MB";
  if (environment[option]?.trim() === "off") return Number.POSITIVE_INFINITY;
  return atLeastOne(environment, option, DEFAULT_MEMORY_BUDGET_MB);
}

function prometheusAddress(environment: Environment): PrometheusAddress | undefined {
  if (!exporters(environment, "metrics").has("prometheus")) return undefined;
  const port = wholeNumber(environment, ["OTEL_EXPORTER_PROMETHEUS_PORT"], DEFAULT_PROMETHEUS_PORT);
  return { host: environment["OTEL_EXPORTER_PROMETHEUS_HOST"] || "localhost", port };
}

function isOfficial(environment: Environment): boolean {
  const isAsked = oneOf(environment, ["AVX_SDK"], { avx: false, official: true });
  return isAsked && !isTrue(environment, "OTEL_SDK_DISABLED");
}

function batchLimits(environment: Environment, prefix: string, delayMs: number): BatchLimits {
  const queue = atLeastOne(environment, `${prefix}_MAX_QUEUE_SIZE`, DEFAULT_QUEUE_ITEMS);
  if (queue > MAX_QUEUE_ITEMS) {
    const reason = `${queue} is more than ${MAX_QUEUE_ITEMS}`;
    throw new AvxError("invalid_config", { option: `${prefix}_MAX_QUEUE_SIZE`, reason });
  }
  const batch = atLeastOne(environment, `${prefix}_MAX_EXPORT_BATCH_SIZE`, DEFAULT_BATCH_ITEMS);
  return {
    maxQueueItems: queue,
    maxBatchItems: Math.min(batch, queue),
    delayMs: wholeNumber(environment, [`${prefix}_SCHEDULE_DELAY`], delayMs),
    exportTimeoutMs: timeLimitMs(
      environment,
      [`${prefix}_EXPORT_TIMEOUT`],
      DEFAULT_EXPORT_TIMEOUT_MS,
    ),
  };
}

function atLeastOne(environment: Environment, option: string, fallback: number): number {
  const value = wholeNumber(environment, [option], fallback);
  if (value >= 1) return value;
  throw new AvxError("invalid_config", { option, reason: "must be at least 1" });
}

function cpuBudget(environment: Environment): number {
  const option = "AVX_CPU_BUDGET";
  const text = environment[option]?.trim() || String(DEFAULT_CPU_BUDGET);
  if (text === "off") return Number.POSITIVE_INFINITY;
  const value = Number(text);
  if (value > 0 && value <= 1) return value;
  const reason = `${text} is not off or a share in 0..1, above 0`;
  throw new AvxError("invalid_config", { option, reason });
}
