import type { AttributeValue } from "@avx/model";

/**
 * A value as text, as the OpenTelemetry collector writes it: strings as they are, numbers and
 * booleans in JSON form, bytes as base64, arrays and maps as JSON, null as "".
 */
export function attributeText(value: AttributeValue): string {
  if (typeof value === "string") return value;
  if (value === null) return "";
  if (value instanceof Uint8Array) return base64(value);
  if (typeof value === "object") return JSON.stringify(plain(value));
  return String(value);
}

function plain(value: AttributeValue): unknown {
  if (typeof value === "bigint") return String(value);
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Uint8Array) return base64(value);
  if (isMap(value)) {
    const record: Record<string, unknown> = Object.create(null);
    for (const [name, entry] of value) record[name] = plain(entry);
    return record;
  }
  return value.map(plain);
}

function isMap(
  value: readonly AttributeValue[] | ReadonlyMap<string, AttributeValue>,
): value is ReadonlyMap<string, AttributeValue> {
  return value instanceof Map;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
