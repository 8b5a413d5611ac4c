import type { Attributes, AttributeValue } from "@avx/model";
import type { Attributes as ApiAttributes } from "@opentelemetry/api";

/** Nesting of one attribute value that is kept; deeper is cut, as the server would refuse it. */
const MAX_DEPTH = 8;

/** Attributes as they are exported. undefined is dropped; functions and symbols become text. */
export function exportedAttributes(attributes: ApiAttributes): Attributes {
  return exportedPairs(Object.entries(attributes));
}

/** As `exportedAttributes`, from name and value pairs; the last of equal names wins. */
export function exportedPairs(pairs: Iterable<readonly [string, unknown]>): Attributes {
  const exported = new Map<string, AttributeValue>();
  for (const [name, value] of pairs) {
    if (value !== undefined) exported.set(name, exportedValue(value, 0));
  }
  return exported;
}

/** The map itself when all its values can be exported as they are, as nearly always; else a copy. */
export function exportedMap(attributes: ReadonlyMap<string, unknown>): Attributes {
  for (const value of attributes.values()) if (!isPlain(value)) return exportedPairs(attributes);
  // Proof of the `as`: every value was looked at.
  return attributes as Attributes;
}

function isPlain(value: unknown): boolean {
  const type = typeof value;
  return type === "string" || type === "number" || type === "boolean" || type === "bigint";
}

/** One value as it is exported; what OTLP cannot carry becomes text. */
export function exportedValue(value: unknown, depth = 0): AttributeValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return value;
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
      return value;
    case "object":
      return depth >= MAX_DEPTH ? "[nested too deep]" : exportedObject(value, depth + 1);
    default:
      return String(value);
  }
}

function exportedObject(value: object, depth: number): AttributeValue {
  if (Array.isArray(value)) return value.map((item) => exportedValue(item, depth));
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Error) return value.stack ?? value.message;
  const entries = value instanceof Map ? value.entries() : Object.entries(value);
  const exported = new Map<string, AttributeValue>();
  for (const [name, item] of entries) exported.set(String(name), exportedValue(item, depth));
  return exported;
}
