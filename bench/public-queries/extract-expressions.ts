/** Finds PromQL in Grafana dashboards (JSON), rule files and Perses dashboards (YAML or JSON). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { grafanaVariables, type Variables } from "./grafana-variables.ts";

/** An expression as its file has it, and what its variables stand for. */
export interface FoundExpression {
  readonly file: string;
  readonly text: string;
  readonly variables: Variables;
}

/** What a folder has; files that are neither JSON nor YAML (templates of Helm) are only counted. */
export interface FoundExpressions {
  readonly expressions: readonly FoundExpression[];
  readonly files: number;
  readonly unreadable: number;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** All expressions below a folder. */
export function extractExpressions(directory: string): FoundExpressions {
  const expressions: FoundExpression[] = [];
  let files = 0;
  let unreadable = 0;
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(json|ya?ml)$/i.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    files++;
    const content = readFileSync(file, "utf8");
    try {
      const value: unknown = /json$/i.test(file) ? JSON.parse(content) : parse(content);
      const variables = grafanaVariables(value);
      for (const text of walk(value, "")) expressions.push({ file, text, variables });
    } catch {
      unreadable++;
    }
  }
  return { expressions, files, unreadable };
}

/** `source` is the kind of the nearest data source; anything but Prometheus' has another language. */
function* walk(value: unknown, source: string): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* walk(item, source);
    return;
  }
  if (!isObject(value)) return;
  const own = sourceOf(value["datasource"]) || source;
  if (!isForeign(own)) yield* expressionsOf(value);
  for (const [key, child] of Object.entries(value)) {
    // Some files carry a dashboard as text.
    if (/\.json$/.test(key) && typeof child === "string") yield* walk(JSON.parse(child), own);
    else yield* walk(child, own);
  }
}

function sourceOf(datasource: unknown): string {
  if (typeof datasource === "string") return datasource;
  return isObject(datasource) ? textOf(datasource["type"]) || textOf(datasource["uid"]) : "";
}

const FOREIGN =
  /loki|mysql|clickhouse|postgres|elastic|cloudwatch|influx|graphite|tempo|stackdriver/i;

function isForeign(source: string): boolean {
  return FOREIGN.test(source);
}

function* expressionsOf(value: Json): Generator<string> {
  if (typeof value["expr"] === "string") yield value["expr"];
  const isAlert = "severity" in value && "name" in value;
  const isPerses =
    "query" in value && Object.keys(value).length <= 5 && "seriesNameFormat" in value;
  if (typeof value["query"] === "string" && (isAlert || isPerses)) yield value["query"];
  const variable = isObject(value["query"]) ? value["query"]["query"] : value["query"];
  if (textOf(value["type"]) === "query") {
    const asked = /^\s*(?:query_result|label_values)\s*\(([\s\S]*)\)\s*$/.exec(textOf(variable));
    const inner = asked?.[1] ?? "";
    if (/query_result/.test(textOf(variable))) yield inner;
    else if (inner.includes(",")) yield inner.slice(0, inner.lastIndexOf(","));
  }
}
