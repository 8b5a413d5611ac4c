import type { Attributes } from "@avx/model";
import { attributeText } from "./attribute-text.ts";

/** Two attributes whose names become the same label: their values are joined with this. */
const COLLISION_SEPARATOR = ";";

/**
 * The label name of an attribute: foreign characters become `_`, runs of `_` one. A name that
 * starts with a digit or a single `_` gets the prefix `key`.
 */
export function prometheusLabelName(attribute: string, keepUtf8: boolean): string {
  if (keepUtf8) return attribute;
  const reserved = attribute.startsWith("__") && attribute.endsWith("__");
  if (reserved) return attribute.replace(/[^a-zA-Z0-9_]/g, "_");
  const name = attribute.replace(/[^a-zA-Z0-9]+/g, "_");
  if (/^[0-9]/.test(name)) return `key_${name}`;
  return name.startsWith("_") ? `key${name}` : name;
}

/**
 * Adds attributes to `labels` under their label names. Where several attributes share a name,
 * their values are joined by ";" in the order of the attribute names (OpenTelemetry compatibility
 * specification); a label that was there before is replaced. An attribute without a name is none.
 */
export function addAttributeLabels(
  labels: Map<string, string>,
  attributes: Attributes,
  labelName: (attribute: string) => string,
): void {
  const sources = new Map<string, string>();
  let hasCollision = false;
  for (const [key, value] of attributes) {
    const name = labelName(key);
    if (name === "") continue;
    if (sources.has(name)) hasCollision = true;
    else sources.set(name, key);
    labels.set(name, attributeText(value));
  }
  if (hasCollision) joinCollisions(labels, attributes, labelName);
}

function joinCollisions(
  labels: Map<string, string>,
  attributes: Attributes,
  labelName: (attribute: string) => string,
): void {
  const joined = new Map<string, string>();
  for (const key of [...attributes.keys()].sort()) {
    const name = labelName(key);
    const text = attributeText(attributes.get(key) ?? null);
    const before = joined.get(name);
    joined.set(name, before === undefined ? text : before + COLLISION_SEPARATOR + text);
  }
  for (const [name, text] of joined) if (name !== "") labels.set(name, text);
}
