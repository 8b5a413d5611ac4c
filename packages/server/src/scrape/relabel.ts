import { createHash } from "node:crypto";
import { type Labels, labelsFromPairs } from "@avx/model";
import type { FullMatchRegex } from "@avx/promql";

/** What a rule does, by Prometheus' names. */
export const RELABEL_ACTIONS = [
  "replace",
  "keep",
  "drop",
  "keepequal",
  "dropequal",
  "hashmod",
  "labelmap",
  "labeldrop",
  "labelkeep",
  "lowercase",
  "uppercase",
] as const;

/** One entry of `relabel_configs` or `metric_relabel_configs`, checked and complete. */
export interface RelabelRule {
  readonly action: (typeof RELABEL_ACTIONS)[number];
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  readonly regex: FullMatchRegex;
  /** The regex as it was written. */
  readonly regexText: string;
  readonly targetLabel: string;
  readonly replacement: string;
  readonly modulus: number;
}

/**
 * Applies the rules in order, as Prometheus' `relabel` package does; undefined when one of them
 * drops the label set. A label that becomes empty is removed.
 */
export function relabel(labels: Labels, rules: readonly RelabelRule[]): Labels | undefined {
  if (rules.length === 0) return labels;
  const byName = new Map<string, string>();
  for (let i = 0; i < labels.length; i += 2) byName.set(labels[i]!, labels[i + 1]!);
  for (const rule of rules) if (!applyRule(byName, rule)) return undefined;
  return labelsFromPairs(byName);
}

/** Changes the labels; false when they are to be dropped. */
function applyRule(labels: Map<string, string>, rule: RelabelRule): boolean {
  const { regex, targetLabel } = rule;
  const value = rule.sourceLabels.map((name) => labels.get(name) ?? "").join(rule.separator);
  switch (rule.action) {
    case "keep":
      return regex.test(value);
    case "drop":
      return !regex.test(value);
    case "keepequal":
      return (labels.get(targetLabel) ?? "") === value;
    case "dropequal":
      return (labels.get(targetLabel) ?? "") !== value;
    case "lowercase":
      set(labels, targetLabel, value.toLowerCase());
      return true;
    case "uppercase":
      set(labels, targetLabel, value.toUpperCase());
      return true;
    case "hashmod":
      set(labels, targetLabel, String(hashModulo(value, rule.modulus)));
      return true;
    case "replace":
      replace(labels, rule, value);
      return true;
    default:
      renameLabels(labels, rule);
      return true;
  }
}

function replace(labels: Map<string, string>, rule: RelabelRule, value: string): void {
  const name = rule.regex.expand(value, rule.targetLabel);
  if (name === undefined || name === "") return;
  set(labels, name, rule.regex.expand(value, rule.replacement) ?? "");
}

/** The actions on label names: the set is walked as it was before. */
function renameLabels(
  labels: Map<string, string>,
  { action, regex, replacement }: RelabelRule,
): void {
  for (const [name, value] of [...labels]) {
    const isMatch = regex.test(name);
    if (action === "labelmap") {
      if (isMatch) set(labels, regex.expand(name, replacement) ?? "", value);
    } else if (isMatch === (action === "labeldrop")) labels.delete(name);
  }
}

function set(labels: Map<string, string>, name: string, value: string): void {
  if (name === "") return;
  if (value === "") labels.delete(name);
  else labels.set(name, value);
}

/** The last 8 bytes of MD5, as in Prometheus: shards agree with a Prometheus beside us. */
function hashModulo(value: string, modulus: number): bigint {
  return createHash("md5").update(value).digest().readBigUInt64BE(8) % BigInt(modulus);
}
