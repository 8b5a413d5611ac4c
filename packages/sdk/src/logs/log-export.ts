import type { LogRecord, Resource, Scope } from "@avx/model";
import { toUnixNano } from "../tracing/time-input.ts";
import { LOG_SEVERITY } from "./log-level.ts";
import type { LogEntry } from "./log-line.ts";

/** Entries as OTLP log records; the module is the scope. */
export function exportedLogs(entries: readonly LogEntry[], resource: Resource): LogRecord[] {
  const scopes = new Map<string, Scope>();
  return entries.map((entry) => {
    const version = entry.origin?.scopeVersion ?? "";
    const key = `${entry.module} ${version}`;
    const scope = scopes.get(key) ?? { name: entry.module, version, attributes: new Map() };
    scopes.set(key, scope);
    const timeUnixNano = toUnixNano(entry.timeMs);
    const observedMs = entry.origin?.observedMs;
    return {
      timeUnixNano,
      observedUnixNano: observedMs === undefined ? timeUnixNano : toUnixNano(observedMs),
      severityNumber: entry.origin?.severityNumber ?? LOG_SEVERITY[entry.level],
      severityText: entry.origin?.severityText ?? entry.level.toUpperCase(),
      body: entry.origin?.body ?? entry.message,
      attributes: entry.fields,
      traceId: entry.traceId,
      spanId: entry.spanId,
      eventName: entry.origin?.eventName ?? "",
      flags: entry.traceFlags,
      ...(entry.droppedAttributes ? { droppedAttributes: entry.droppedAttributes } : {}),
      resource,
      scope,
    };
  });
}
