import type { Attributes, AttributeValue } from "@opentelemetry/api";

/** Attributes of one series: sorted by name, undefined values dropped. */
export type AttributePairs = readonly (readonly [string, AttributeValue])[];

/** Sorts attributes by name and drops undefined and null values, as OpenTelemetry does. */
export function sortedAttributes(attributes: Attributes): AttributePairs {
  const pairs: [string, AttributeValue][] = [];
  // Programs in JavaScript may hand over null.
  for (const name of Object.keys(attributes ?? {}).sort()) {
    const value = attributes[name];
    if (value !== undefined && value !== null) pairs.push([name, usable(value)]);
  }
  return pairs;
}

/** Equal for equal attribute sets whatever their order. 1 and "1" differ. */
export function attributeKey(pairs: AttributePairs): string {
  return JSON.stringify(pairs, plainBigInt);
}

/** The value, or its text where it is none of an attribute: programs may hand over anything. */
function usable(value: AttributeValue): AttributeValue {
  const type: string = typeof value;
  if (type === "symbol" || type === "function") return String(value);
  if (type !== "object") return value;
  try {
    JSON.stringify(value, plainBigInt);
    return value;
  } catch {
    // It holds itself, or its getters throw.
    return "[unreadable]";
  }
}

function plainBigInt(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}
