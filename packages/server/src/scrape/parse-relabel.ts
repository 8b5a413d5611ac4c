import { AvxError } from "@avx/model";
import { compileRegex, type FullMatchRegex } from "@avx/promql";
import { RELABEL_ACTIONS, type RelabelRule } from "./relabel.ts";
import type { YamlSection } from "./yaml-section.ts";

const DEFAULT_REGEX = "(.*)";
const DEFAULT_REPLACEMENT = "$1";
const DEFAULT_SEPARATOR = ";";
const NEEDS_TARGET = new Set([
  "replace",
  "hashmod",
  "lowercase",
  "uppercase",
  "keepequal",
  "dropequal",
]);
const EQUALITIES = new Set(["keepequal", "dropequal"]);
const CASES = new Set(["lowercase", "uppercase"]);
const NAME_FILTERS = new Set(["labeldrop", "labelkeep"]);

/** The rules under `key`; what Prometheus refuses is refused, with the line. */
export function parseRelabelRules(parent: YamlSection, key: string): RelabelRule[] {
  return parent.sections(key).map(parseRule);
}

function parseRule(section: YamlSection): RelabelRule {
  const action = actionOf(section);
  const rule: RelabelRule = {
    action,
    sourceLabels: section.texts("source_labels"),
    separator: section.text("separator") ?? DEFAULT_SEPARATOR,
    regex: regexOf(section),
    regexText: section.text("regex") ?? DEFAULT_REGEX,
    targetLabel: section.text("target_label") ?? "",
    replacement: section.text("replacement") ?? DEFAULT_REPLACEMENT,
    modulus: section.count("modulus") ?? 0,
  };
  if (action === "hashmod" && rule.modulus === 0) {
    throw section.invalid("modulus", "of action hashmod must not be 0");
  }
  if (NEEDS_TARGET.has(action) && rule.targetLabel === "") {
    throw section.invalid("target_label", `is missing, action ${action} needs it`);
  }
  refuseFields(section, action);
  section.finish();
  return rule;
}

function actionOf(section: YamlSection): RelabelRule["action"] {
  const text = section.text("action")?.toLowerCase() ?? "replace";
  const action = RELABEL_ACTIONS.find((candidate) => candidate === text);
  if (action !== undefined) return action;
  throw section.invalid("action", `"${text}" is not one of ${RELABEL_ACTIONS.join(", ")}`);
}

function regexOf(section: YamlSection): FullMatchRegex {
  try {
    return compileRegex(section.text("regex") ?? DEFAULT_REGEX);
  } catch (error) {
    if (error instanceof AvxError) throw section.invalid("regex", error.message);
    throw error;
  }
}

/** Fields that an action does not use must not be set to anything but their default. */
function refuseFields(section: YamlSection, action: string): void {
  const defaults: Record<string, string> = {
    regex: DEFAULT_REGEX,
    modulus: "0",
    separator: DEFAULT_SEPARATOR,
    replacement: DEFAULT_REPLACEMENT,
  };
  let unused: string[] = [];
  if (EQUALITIES.has(action)) unused = Object.keys(defaults);
  else if (NAME_FILTERS.has(action)) {
    unused = ["modulus", "separator", "replacement", "source_labels", "target_label"];
  } else if (CASES.has(action)) unused = ["replacement"];
  for (const field of unused) {
    const isList = field === "source_labels";
    const isSet = isList
      ? section.texts(field).length > 0
      : (section.text(field) ?? defaults[field] ?? "") !== (defaults[field] ?? "");
    if (isSet) throw section.invalid(field, `has no meaning with action ${action}`);
  }
}
