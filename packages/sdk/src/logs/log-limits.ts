import type { AttributeValue } from "@avx/model";
import type { Environment } from "../environment.ts";
import { wholeNumber } from "../environment-values.ts";
import type { LogEntry } from "./log-line.ts";

/** Bounds of one log record. */
export interface LogLimits {
  readonly attributes: number;
  /** Characters of a text or bytes of a byte array; longer ones are cut. */
  readonly valueLength: number;
}

/** OpenTelemetry's default. */
const MAX_ATTRIBUTES = 128;

/** Reads `OTEL_LOGRECORD_ATTRIBUTE_*_LIMIT` and the general `OTEL_ATTRIBUTE_*_LIMIT`. */
export function logLimits(environment: Environment): LogLimits {
  const limit = (part: string, fallback: number) =>
    wholeNumber(
      environment,
      [`OTEL_LOGRECORD_ATTRIBUTE_${part}_LIMIT`, `OTEL_ATTRIBUTE_${part}_LIMIT`],
      fallback,
    );
  return {
    attributes: limit("COUNT", MAX_ATTRIBUTES),
    valueLength: limit("VALUE_LENGTH", Number.POSITIVE_INFINITY),
  };
}

/** The entry within its limits, as it is exported; the same object when nothing has to change. */
export function limitedEntry(entry: LogEntry, { attributes, valueLength }: LogLimits): LogEntry {
  const { fields } = entry;
  if (fields.size <= attributes && valueLength === Number.POSITIVE_INFINITY) return entry;
  const kept = [...fields].slice(0, attributes);
  return {
    ...entry,
    fields: new Map(kept.map(([name, value]) => [name, cut(value, valueLength)])),
    droppedAttributes: fields.size - kept.length,
  };
}

/** Texts and bytes cut to this length, in lists and maps too. */
function cut(value: AttributeValue, length: number): AttributeValue {
  if (typeof value === "string" || value instanceof Uint8Array) return value.slice(0, length);
  if (Array.isArray(value)) return value.map((item) => cut(item, length));
  if (!(value instanceof Map)) return value;
  return new Map([...value].map(([name, item]) => [name, cut(item, length)]));
}
