/** Puts values in the place of `$name`, `${name}`, `${name:format}` and `[[name]]`, as Grafana does. */

/** Values of a dashboard's own variables, by name. */
export type Variables = ReadonlyMap<string, string>;

type Json = Readonly<Record<string, unknown>>;

/** Grafana's own, for an hour by 15 s. */
const GLOBAL: Variables = new Map([
  ["__rate_interval", "1m"],
  ["__interval", "15s"],
  ["__interval_ms", "15000"],
  ["__range", "1h"],
  ["__range_s", "3600"],
  ["__range_ms", "3600000"],
  ["__from", "1700000000000"],
  ["__to", "1700003600000"],
  ["__auto_interval", "15s"],
  ["__auto", "15s"],
]);

const VARIABLE = /\$\{(\w+)(?:[.:][^}]*)?\}|\$(\w+)|\[\[(\w+)(?::\w+)?\]\]/g;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** The values that a dashboard was saved with; "all" is what matches anything. */
export function grafanaVariables(dashboard: unknown): Variables {
  const variables = new Map<string, string>();
  collect(dashboard, variables);
  return variables;
}

function collect(value: unknown, into: Map<string, string>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, into);
  if (!isObject(value) || Array.isArray(value)) return;
  const templating = value["templating"];
  const list = isObject(templating) ? templating["list"] : undefined;
  if (Array.isArray(list)) for (const one of list) if (isObject(one)) add(one, into);
  for (const child of Object.values(value)) collect(child, into);
}

function add(variable: Json, into: Map<string, string>): void {
  const { name, current, query, options, type } = variable;
  if (typeof name !== "string") return;
  const value = isObject(current) ? current["value"] : undefined;
  const first = Array.isArray(options) && isObject(options[0]) ? options[0]["value"] : undefined;
  const listed = typeof query === "string" && type !== "query" ? query.split(",")[0] : undefined;
  for (const candidate of [Array.isArray(value) ? value[0] : value, first, listed]) {
    if (typeof candidate !== "string" || candidate.trim() === "") continue;
    if (candidate.startsWith("$__auto")) into.set(name, "15s");
    else if (candidate === "$__all") into.set(name, ".*");
    else into.set(name, candidate.trim());
    return;
  }
}

/**
 * The expression with its variables replaced. Of a variable whose value the dashboard does not have,
 * the place says what it is: a duration in brackets and after `offset`, text in quotes, else `bare`.
 */
export function substitute(text: string, variables: Variables, bare: string): string {
  let replaced = text;
  // A value may name another variable; none goes deeper than this.
  for (let round = 0; round < 3; round++) {
    replaced = replaced.replace(VARIABLE, (match, ...groups: unknown[]) => {
      const name = String(groups[0] ?? groups[1] ?? groups[2]);
      // `$1` is a group of label_replace.
      if (/^\d+$/.test(name)) return match;
      const at = Number(groups.find((group) => typeof group === "number"));
      const known = GLOBAL.get(name) ?? variables.get(name);
      return known ?? valueAt(replaced.slice(0, at), bare);
    });
  }
  return replaced;
}

function valueAt(before: string, bare: string): string {
  const quotes = before.replace(/\\./g, "").match(/"/g)?.length ?? 0;
  const singles = before.replace(/\\./g, "").match(/'/g)?.length ?? 0;
  if (quotes % 2 === 1 || singles % 2 === 1) return "x";
  const isInBrackets = before.lastIndexOf("[") > before.lastIndexOf("]");
  if (isInBrackets || /offset\s+-?$/.test(before)) return "5m";
  return bare;
}
