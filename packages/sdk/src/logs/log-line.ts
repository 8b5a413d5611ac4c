import type { AttributeValue } from "@avx/model";
import type { LogLevel } from "./log-level.ts";

/** One entry, ready to be written and exported. */
export interface LogEntry {
  readonly timeMs: number;
  readonly level: LogLevel;
  readonly module: string;
  readonly message: string;
  /** "" outside of a trace. */
  readonly traceId: string;
  readonly spanId: string;
  /** W3C flags of the span; 0 outside of a trace. */
  readonly traceFlags: number;
  /** Fields that a limit has cost; absent = none. */
  readonly droppedAttributes?: number;
  readonly fields: ReadonlyMap<string, AttributeValue>;
  /** What a record of another API says beyond this; exported in place of level and message. */
  readonly origin?: LogOrigin;
}

/** The parts of a log record that an entry has no room for. */
export interface LogOrigin {
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: AttributeValue;
  readonly eventName: string;
  /** When the record was taken, where that differs from its time. */
  readonly observedMs?: number;
  /** Of the library that logs; its name is the module. */
  readonly scopeVersion: string;
}

/** Names that the line itself uses; a field of that name is written with an underscore. */
const RESERVED = new Set(["time", "level", "service", "module", "msg", "trace_id", "span_id"]);

/** How lines are written, and by whom. */
export interface LogLineOptions {
  readonly service: string;
  readonly format: "json" | "pretty";
  /** Where the service stands, as `avx.stack` and so on; in lines of JSON only. */
  readonly context?: readonly (readonly [string, string])[];
}

/** One line, without its line feed. */
export function logLine(entry: LogEntry, options: LogLineOptions): string {
  return options.format === "pretty" ? prettyLogLine(entry) : jsonLogLine(entry, options);
}

/** One line of JSON without line feed. */
function jsonLogLine(entry: LogEntry, { service, context = [] }: LogLineOptions): string {
  const line: Record<string, unknown> = {
    time: new Date(entry.timeMs).toISOString(),
    level: entry.level,
    service,
    module: entry.module,
    msg: entry.message,
  };
  if (entry.traceId !== "") {
    line["trace_id"] = entry.traceId;
    line["span_id"] = entry.spanId;
  }
  for (const [name, value] of context) line[name] = value;
  for (const [name, value] of entry.fields) line[RESERVED.has(name) ? `_${name}` : name] = value;
  return JSON.stringify(line, plainJson);
}

/** One line for people: time, level, module, message, fields, trace. Control characters escaped. */
function prettyLogLine(entry: LogEntry): string {
  const time = new Date(entry.timeMs).toISOString().slice(11, 23);
  const fields = [...entry.fields].map(([name, value]) => ` ${name}=${fieldText(value)}`).join("");
  const trace = entry.traceId === "" ? "" : ` trace=${entry.traceId}`;
  const line = `${entry.level.toUpperCase().padEnd(5)} ${entry.module} ${entry.message}${fields}${trace}`;
  return `${time} ${visible(line)}`;
}

function fieldText(value: AttributeValue): string {
  return typeof value === "string" && /^[^\s"=]+$/.test(value)
    ? value
    : JSON.stringify(value, plainJson);
}

/** Line feeds and escape sequences in a message must not forge lines or colours in a terminal. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

function plainJson(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return value instanceof Map ? Object.fromEntries(value) : value;
}
