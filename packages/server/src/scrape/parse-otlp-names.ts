import type { YamlSection } from "./yaml-section.ts";

/** How OTLP metrics are named: the block `otlp` of a `prometheus.yml`. */
export interface OtlpNames {
  readonly keepUtf8: boolean;
  /** Adds the scope's name, version and attributes as labels. */
  readonly scopeLabels: boolean;
  /** Resource attributes that become labels besides the usual ones. */
  readonly promote: readonly string[];
  /** Whether `target_info` repeats the attributes that make `job` and `instance`. */
  readonly keepIdentifying: boolean;
}

/** Without any configuration: names in Prometheus' older characters, as Prometheus has it. */
export const USUAL_OTLP_NAMES: OtlpNames = {
  ...{ keepUtf8: false, scopeLabels: false, promote: [], keepIdentifying: false },
};

/** Every series of a resource bears them all. */
const MAX_PROMOTED = 64;
const ESCAPED = "UnderscoreEscapingWithSuffixes";
const UTF8 = "NoUTF8EscapingWithSuffixes";
const WITHOUT_SUFFIXES = ["UnderscoreEscapingWithoutSuffixes", "NoTranslation"];

/** Reads the block; what Prometheus refuses is refused, with the line. */
export function parseOtlpNames(section: YamlSection): OtlpNames {
  const promote = section.texts("promote_resource_attributes");
  if (promote.some((attribute) => attribute.trim() === "")) {
    throw section.invalid("promote_resource_attributes", "has an empty name");
  }
  if (promote.length > MAX_PROMOTED) {
    throw section.invalid("promote_resource_attributes", `has more than ${MAX_PROMOTED} names`);
  }
  const names = {
    keepUtf8: parseStrategy(section) === UTF8,
    scopeLabels: section.boolean("promote_scope_metadata") ?? false,
    promote,
    keepIdentifying: section.boolean("keep_identifying_resource_attributes") ?? false,
  };
  section.finish();
  return names;
}

function parseStrategy(section: YamlSection): string {
  const key = "translation_strategy";
  const strategy = section.oneOf(key, [ESCAPED, UTF8, ...WITHOUT_SUFFIXES]) ?? ESCAPED;
  if (!WITHOUT_SUFFIXES.includes(strategy)) return strategy;
  const used = strategy === "NoTranslation" ? UTF8 : ESCAPED;
  section.warn(key, `"${strategy}" is not supported, ${used} is used: names keep their suffixes`);
  return used;
}
