import { listenTo } from "../http/channel-listeners.ts";
import { nodeUtil } from "../lazy-builtins.ts";
import type { EntrySink } from "../opentelemetry/api-logger.ts";
import { activeSpanContext } from "../tracing/trace-scope.ts";
import { LOG_SEVERITY, type LogLevel } from "./log-level.ts";

/** Levels by the channels on which Node 24 announces calls of `console`. */
const LEVELS: Readonly<Record<string, LogLevel>> = {
  "console.debug": "debug",
  "console.log": "info",
  "console.info": "info",
  "console.warn": "warn",
  "console.error": "error",
};

/**
 * Makes a log record of every call of `console`, with the ids of its span; what is printed stays as
 * it is. Gives the stop function. Does nothing before Node 24. Never throws.
 */
export function observeConsole(sink: EntrySink): () => void {
  const listener = (level: LogLevel) => (message: unknown) => {
    const span = activeSpanContext();
    try {
      const text = Array.isArray(message) ? nodeUtil().format(...message) : String(message);
      sink({
        timeMs: Date.now(),
        level,
        module: "console",
        message: text,
        traceId: span?.traceId ?? "",
        spanId: span?.spanId ?? "",
        traceFlags: span?.traceFlags ?? 0,
        fields: new Map(),
        origin: {
          severityNumber: LOG_SEVERITY[level],
          severityText: level.toUpperCase(),
          body: text,
          eventName: "",
          scopeVersion: "",
        },
      });
    } catch {
      // A getter of a printed object threw: the application must not feel it here.
    }
  };
  return listenTo(
    Object.fromEntries(Object.entries(LEVELS).map(([name, level]) => [name, listener(level)])),
  );
}
