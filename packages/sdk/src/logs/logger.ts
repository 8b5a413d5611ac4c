import { exportedValue } from "../tracing/otlp-attributes.ts";
import { activeSpanContext } from "../tracing/trace-scope.ts";
import { LOG_SEVERITY, type LogLevel, type LogLevels, thresholdOf } from "./log-level.ts";
import type { LogEntry } from "./log-line.ts";

/** Named values of one entry. Errors are written with type, message and stack. */
export type LogFields = Readonly<Record<string, unknown>>;

/** What decides about entries, and who takes them. */
export interface LoggerOptions {
  readonly levels: LogLevels;
  /** Takes every entry that passes its threshold: the writer and the exporter. */
  readonly sink: (entry: LogEntry) => void;
  readonly nowMs: () => number;
}

/** Writes log entries of one module, each with the ids of the active span. Never throws. */
export class Logger {
  readonly module: string;
  readonly #options: LoggerOptions;
  readonly #severity: number;

  constructor(module: string, options: LoggerOptions) {
    this.module = module;
    this.#options = options;
    this.#severity = LOG_SEVERITY[thresholdOf(options.levels, module)];
  }

  /** A logger of a part of this module: `gateway` and `proxy` give `gateway.proxy`. */
  child(part: string): Logger {
    return new Logger(`${this.module}.${part}`, this.#options);
  }

  /** Whether an entry of this level would be written: for fields that are costly to make. */
  isEnabled(level: LogLevel): boolean {
    return LOG_SEVERITY[level] >= this.#severity;
  }

  trace(message: string, fields?: LogFields): void {
    this.#write("trace", message, fields);
  }

  debug(message: string, fields?: LogFields): void {
    this.#write("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write("error", message, fields);
  }

  #write(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (!this.isEnabled(level)) return;
    const span = activeSpanContext();
    try {
      this.#options.sink({
        timeMs: this.#options.nowMs(),
        level,
        module: this.module,
        message,
        traceId: span?.traceId ?? "",
        spanId: span?.spanId ?? "",
        traceFlags: span?.traceFlags ?? 0,
        fields: new Map(
          Object.entries(fields)
            .filter(([, value]) => value !== undefined)
            .map(([name, value]) => [name, exportedValue(value)]),
        ),
      });
    } catch {
      // A getter of a logged object threw, or the output is closed: the caller must not feel it.
    }
  }
}
