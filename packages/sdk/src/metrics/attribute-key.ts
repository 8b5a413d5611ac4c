import type { Attributes, AttributeValue } from "@opentelemetry/api";

/** Attributes of one series: sorted by name, undefined values dropped. */
export type AttributePairs = readonly (readonly [string, AttributeValue])[];

/** Sorts attributes by name and drops undefined and null values, as OpenTelemetry does. */
export function sortedAttributes(attributes: Attributes): AttributePairs {
  const pairs: [string, AttributeValue][] = [];
  for (const name of Object.keys(attributes).sort()) {
    const value = attributes[name];
    if (value !== undefined && value !== null) pairs.push([name, value]);
  }
  return pairs;
}

/** Equal for equal attribute sets whatever their order. 1 and "1" differ. */
export function attributeKey(pairs: AttributePairs): string {
  return JSON.stringify(pairs, (_, value) => (typeof value === "bigint" ? `${value}n` : value));
}
