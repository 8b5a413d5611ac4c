import type { AttributePairs } from "../metrics/attribute-key.ts";
import { prometheusLabelName } from "./prometheus-name.ts";

/** Label names by attribute name: without, each series would hold copies of its own. */
const names = new Map<string, string>();
/** Names come from code and are few; should data be named, the memory begins anew. */
const MAX_NAMES = 10_000;

/**
 * Names and values of labels, alternating. Two attributes that sanitise to one label name are joined
 * with ";", as OpenTelemetry's rules say.
 */
export function labelPairs(attributes: AttributePairs): readonly string[] {
  const values = new Map<string, string>();
  for (const [name, value] of attributes) {
    const label = labelName(name);
    const shown = typeof value === "object" ? JSON.stringify(value) : String(value);
    const first = values.get(label);
    values.set(label, first === undefined ? shown : `${first};${shown}`);
  }
  return [...values].flat();
}

function labelName(attribute: string): string {
  let label = names.get(attribute);
  if (label === undefined) {
    label = prometheusLabelName(attribute);
    if (names.size >= MAX_NAMES) names.clear();
    names.set(attribute, label);
  }
  return label;
}
