import type { AttributePairs } from "../metrics/attribute-key.ts";
import { prometheusLabelName } from "./prometheus-name.ts";

/** Labels of attribute sets; sets do not change, so they are built once. */
const known = new WeakMap<AttributePairs, readonly string[]>();

/**
 * Names and values of labels, alternating. Two attributes that sanitise to one label name are joined
 * with ";", as OpenTelemetry's rules say.
 */
export function labelPairs(attributes: AttributePairs): readonly string[] {
  const present = known.get(attributes);
  if (present !== undefined) return present;
  const values = new Map<string, string>();
  for (const [name, value] of attributes) {
    const label = prometheusLabelName(name);
    const shown = typeof value === "object" ? JSON.stringify(value) : String(value);
    const first = values.get(label);
    values.set(label, first === undefined ? shown : `${first};${shown}`);
  }
  const pairs = [...values].flat();
  known.set(attributes, pairs);
  return pairs;
}
