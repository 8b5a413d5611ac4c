import { labelValue, METRIC_NAME } from "@avx/model";
import type { EvalCommand, LoadCommand, ScriptCommand } from "./script.ts";

/** What an eval needs of an engine, from the common to the special. */
export type EvalClass = "core" | "type-unit" | "experimental" | "native" | "st";

const EXPERIMENTAL_CALL = new RegExp(
  `\\b(?:${[
    "double_exponential_smoothing",
    "mad_over_time",
    "ts_of_(?:first|last|max|min)_over_time",
    "sort_by_label(?:_desc)?",
    "histogram_quantiles",
    "max_of",
    "min_of",
    "start_timestamp",
    "range",
    "step",
    "info",
    "fill(?:_left|_right)?",
  ].join("|")})\\s*\\(`,
  "i",
);
const EXPERIMENTAL_WORD = /\b(?:limitk|limit_ratio)\b|\b(?:anchored|smoothed)\b/i;
const QUERY_TIME = /(?<!@\s*)\b(?:start|end)\s*\(\s*\)/;
/** Files that need a switch whatever their queries look like. */
const SWITCHED_FILES: ReadonlySet<string> = new Set([
  "duration_expression.test",
  "name_label_dropping.test",
]);

/** Sorts the evals of a script into classes, section by section (a `clear` ends a section). */
export function classifyEvals(
  commands: readonly ScriptCommand[],
  fileName: string,
): ReadonlyMap<EvalCommand, EvalClass> {
  const classes = new Map<EvalCommand, EvalClass>();
  for (const section of sectionsOf(commands)) {
    const loads = section.filter((command) => command.kind === "load");
    for (const command of section) {
      if (command.kind === "eval") classes.set(command, classOf(command, loads, fileName));
    }
  }
  return classes;
}

function sectionsOf(commands: readonly ScriptCommand[]): readonly ScriptCommand[][] {
  const sections: ScriptCommand[][] = [[]];
  for (const command of commands) {
    if (command.kind === "clear") sections.push([]);
    else sections.at(-1)?.push(command);
  }
  return sections;
}

function classOf(command: EvalCommand, loads: readonly LoadCommand[], fileName: string): EvalClass {
  const starts = loads.some(({ series }) => series.some((one) => one.startOffsetsMs));
  if (starts) return "st";
  if (fileName === "type_and_unit.test") return "type-unit";
  if (touchesHistograms(command, loads)) return "native";
  const { query } = command;
  const experimental =
    EXPERIMENTAL_CALL.test(query) || EXPERIMENTAL_WORD.test(query) || QUERY_TIME.test(query);
  return experimental || SWITCHED_FILES.has(fileName) ? "experimental" : "core";
}

function touchesHistograms(command: EvalCommand, loads: readonly LoadCommand[]): boolean {
  const isHistogram = ({ kind }: { readonly kind: string }) => kind === "histogram";
  if (command.expectedSeries.some(({ values }) => values.some(isHistogram))) return true;
  const names = new Set<string>();
  for (const { series, withNhcb } of loads) {
    for (const { labels, values } of series) {
      const name = labelValue(labels, METRIC_NAME);
      if (values.some(isHistogram)) names.add(name);
      if (withNhcb) names.add(name.replace(/_(?:bucket|count|sum)$/, ""));
    }
  }
  const words = command.query.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? [];
  if (words.some((word) => names.has(word))) return true;
  const quoted = [...command.query.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text);
  if (quoted.some((text) => names.has(text))) return true;
  return names.size > 0 && /(?:^|[^a-zA-Z0-9_:\s])\s*\{/.test(command.query);
}
