import type { AttributeValue } from "@avx/model";

/** An attribute as label value: text as it is, everything else in the form of OTLP's JSON. */
export function attributeText(value: AttributeValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "number" || typeof value === "bigint") {
    return String(value);
  }
  if (value === null) return "";
  return JSON.stringify(plainJson(value));
}

function plainJson(value: AttributeValue): unknown {
  if (value instanceof Uint8Array) {
    return btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join(""));
  }
  if (value instanceof Map) {
    const plain: Record<string, unknown> = Object.create(null);
    for (const [key, item] of value) plain[key] = plainJson(item);
    return plain;
  }
  if (Array.isArray(value)) return value.map(plainJson);
  return typeof value === "bigint" ? String(value) : value;
}
