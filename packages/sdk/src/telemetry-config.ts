import { AvxError } from "@avx/model";
import type { OtlpSignal } from "@avx/wire";
import type { Environment } from "./environment.ts";
import { isTrue, keyValueList, wholeNumber } from "./environment-values.ts";
import type { BatchLimits } from "./export/batch-exporter.ts";
import { type LogLevels, parseLogLevels } from "./logs/log-level.ts";

/** Where one signal is sent. undefined = it is not exported. */
export interface SignalTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Everything that the environment decides, checked. */
export interface TelemetryConfig {
  readonly isDisabled: boolean;
  readonly targets: Readonly<Record<OtlpSignal, SignalTarget | undefined>>;
  readonly metricIntervalMs: number;
  /** How long an exiting process may wait for its last export. */
  readonly exitFlushMs: number;
  readonly spanLimits: BatchLimits;
  readonly logLimits: BatchLimits;
  readonly logLevels: LogLevels;
  readonly logFormat: "json" | "pretty";
}

/** Queue and batch of OpenTelemetry's batch processors. */
const DEFAULT_QUEUE_ITEMS = 2048;
const DEFAULT_BATCH_ITEMS = 512;
const DEFAULT_SPAN_DELAY_MS = 5000;
const DEFAULT_LOG_DELAY_MS = 1000;
const DEFAULT_METRIC_INTERVAL_MS = 60_000;
/** A program that exits is waited for: by a shell, a job queue, an orchestrator. */
const DEFAULT_EXIT_FLUSH_MS = 2000;
const DEFAULT_TIMEOUT_MS = 10_000;
/** A queue is held in memory: a limit beyond this is a typing error. */
const MAX_QUEUE_ITEMS = 1_000_000;

/** Reads OTEL_* and AVX_LOG*. A value that cannot be read is an `invalid_config` naming it. */
export function telemetryConfig(environment: Environment): TelemetryConfig {
  return {
    isDisabled: isTrue(environment, "OTEL_SDK_DISABLED"),
    targets: {
      metrics: target(environment, "metrics"),
      traces: target(environment, "traces"),
      logs: target(environment, "logs"),
    },
    metricIntervalMs: atLeastOne(
      environment,
      "OTEL_METRIC_EXPORT_INTERVAL",
      DEFAULT_METRIC_INTERVAL_MS,
    ),
    exitFlushMs: wholeNumber(environment, ["AVX_EXIT_FLUSH_MS"], DEFAULT_EXIT_FLUSH_MS),
    spanLimits: batchLimits(environment, "OTEL_BSP", DEFAULT_SPAN_DELAY_MS),
    logLimits: batchLimits(environment, "OTEL_BLRP", DEFAULT_LOG_DELAY_MS),
    logLevels: parseLogLevels(environment["AVX_LOG"]),
    logFormat: logFormat(environment),
  };
}

function target(environment: Environment, signal: OtlpSignal): SignalTarget | undefined {
  const name = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}`;
  const exporter = environment[`OTEL_${signal.toUpperCase()}_EXPORTER`]?.trim();
  if (exporter !== undefined && exporter !== "" && exporter !== "otlp") {
    if (exporter === "none") return undefined;
    const option = `OTEL_${signal.toUpperCase()}_EXPORTER`;
    throw new AvxError("invalid_config", { option, reason: `${exporter} is not otlp or none` });
  }
  const own = environment[`${name}_ENDPOINT`];
  const base = environment["OTEL_EXPORTER_OTLP_ENDPOINT"];
  // A signal's own endpoint is used as it is; the common one gets the signal's path.
  const url =
    own !== undefined && own !== ""
      ? checkedUrl(own, `${name}_ENDPOINT`)
      : withPath(
          checkedUrl(base || "http://localhost:4318", "OTEL_EXPORTER_OTLP_ENDPOINT"),
          signal,
        );
  const headers = Object.fromEntries([
    ...keyValueList(environment, "OTEL_EXPORTER_OTLP_HEADERS"),
    ...keyValueList(environment, `${name}_HEADERS`),
  ]);
  const timeouts = [`${name}_TIMEOUT`, "OTEL_EXPORTER_OTLP_TIMEOUT"];
  return { url, headers, timeoutMs: wholeNumber(environment, timeouts, DEFAULT_TIMEOUT_MS) };
}

function checkedUrl(text: string, option: string): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new AvxError("invalid_config", { option, reason: `${text} is not an http(s) URL` });
  }
  return text;
}

function withPath(base: string, signal: OtlpSignal): string {
  return `${base.replace(/\/+$/, "")}/v1/${signal}`;
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
  };
}

function atLeastOne(environment: Environment, option: string, fallback: number): number {
  const value = wholeNumber(environment, [option], fallback);
  if (value >= 1) return value;
  throw new AvxError("invalid_config", { option, reason: "must be at least 1" });
}

function logFormat(environment: Environment): "json" | "pretty" {
  const text = environment["AVX_LOG_FORMAT"]?.trim() || "json";
  if (text === "json" || text === "pretty") return text;
  const reason = `${text} is not json or pretty`;
  throw new AvxError("invalid_config", { option: "AVX_LOG_FORMAT", reason });
}
