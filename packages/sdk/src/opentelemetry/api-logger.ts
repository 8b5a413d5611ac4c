import type { AttributeValue } from "@avx/model";
import type { Context, TimeInput } from "@opentelemetry/api";
import type { LogLevel } from "../logs/log-level.ts";
import type { LogEntry } from "../logs/log-line.ts";
import type { TelemetryScope } from "../telemetry-scope.ts";
import { exportedValue } from "../tracing/otlp-attributes.ts";
import { monotonicMs } from "../tracing/time-input.ts";
import { activeSpanContext, spanContextOf } from "../tracing/trace-scope.ts";

/** What is used of a log record of `@opentelemetry/api-logs`; the SDK does not depend on it. */
export interface ApiLogRecord {
  readonly eventName?: string;
  readonly timestamp?: TimeInput;
  readonly observedTimestamp?: TimeInput;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body?: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly context?: Context;
  /** Something that was caught: becomes the attributes `exception.*`. */
  readonly exception?: unknown;
}

/** A logger of `@opentelemetry/api-logs`. */
export interface ApiLogger {
  emit(record: ApiLogRecord): void;
  enabled(): boolean;
}

/** Where the entries go. */
export type EntrySink = (entry: LogEntry) => void;

/** Takes the records of libraries: they are exported, not written to standard output. Never throws. */
export function apiLogger(scope: TelemetryScope, sink: EntrySink): ApiLogger {
  return {
    enabled: () => true,
    emit: (record) => {
      try {
        sink(entryOf(scope, record));
      } catch {
        // A getter of a logged object threw: the library must not feel it.
      }
    },
  };
}

function entryOf({ name, version }: TelemetryScope, record: ApiLogRecord): LogEntry {
  const { context, severityNumber = 0, severityText, eventName, observedTimestamp } = record;
  const span = context === undefined ? activeSpanContext() : spanContextOf(context);
  const body = record.body === undefined ? "" : exportedValue(record.body);
  const level = levelOf(severityNumber);
  return {
    timeMs: unixMs(record.timestamp),
    level,
    module: name,
    message: typeof body === "string" ? body : "",
    traceId: span?.traceId ?? "",
    spanId: span?.spanId ?? "",
    traceFlags: span?.traceFlags ?? 0,
    fields: fieldsOf({ ...exceptionFields(record.exception), ...record.attributes }),
    origin: {
      severityNumber,
      severityText: severityText ?? "",
      body,
      eventName: eventName ?? "",
      observedMs: unixMs(observedTimestamp),
      scopeVersion: version,
    },
  };
}

/** A given Unix time comes out as it went in: the time origin is taken off and added again. */
function unixMs(time: TimeInput | undefined): number {
  return time === undefined ? Date.now() : monotonicMs(time) + performance.timeOrigin;
}

/** The attributes of the conventions; those that the caller has given win. */
function exceptionFields(exception: unknown): Record<string, unknown> {
  if (exception === undefined || exception === null) return {};
  if (typeof exception !== "object") return { "exception.message": String(exception) };
  const { code, name, message, stack } = exception as Partial<Record<string, unknown>>;
  return {
    "exception.type": code === undefined ? name : String(code),
    "exception.message": message,
    "exception.stacktrace": stack,
  };
}

function fieldsOf(attributes: Readonly<Record<string, unknown>>): Map<string, AttributeValue> {
  const fields = new Map<string, AttributeValue>();
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) fields.set(name, exportedValue(value));
  }
  return fields;
}

/** Four numbers a level; fatal (21 to 24) is shown as error, 0 (unspecified) as info. */
function levelOf(severityNumber: number): LogLevel {
  if (severityNumber === 0) return "info";
  const levels = ["trace", "debug", "info", "warn", "error"] as const;
  return levels[Math.floor((severityNumber - 1) / 4)] ?? "error";
}
