import { type UnitWords, unitText } from "./units.ts";

/** How a metric counts, as far as its name is concerned. */
export type NameKind = "counter" | "gauge" | "other";

/** What the Prometheus name of a metric depends on. */
export interface MetricNaming {
  readonly name: string;
  readonly units: UnitWords;
  /** The unit as sent; "1" makes a gauge a ratio. */
  readonly unit: string;
  readonly kind: NameKind;
}

/**
 * The Prometheus name of an OpenTelemetry metric: `http.server.request.duration` in `s` becomes
 * `http_server_request_duration_seconds`. With `keepUtf8` only the suffixes are added.
 */
export function prometheusMetricName(naming: MetricNaming, keepUtf8: boolean): string {
  return keepUtf8 ? utf8Name(naming) : escapedName(naming);
}

/** Words of the name joined by single underscores; a word that is there is not said twice. */
function escapedName({ name, units, unit, kind }: MetricNaming): string {
  let words = name.split(/[^a-zA-Z0-9:]+/).filter((word) => word !== "");
  const per = words.includes(units.per) ? "" : units.per;
  if (units.main !== "" && !words.includes(units.main)) words.push(units.main);
  if (per !== "") words.push("per", per);
  if (kind === "counter") words = moveToEnd(words, "total");
  if (kind === "gauge" && unit === "1") words = moveToEnd(words, "ratio");
  const joined = words.join("_");
  return /^[0-9]/.test(joined) ? `_${joined}` : joined;
}

function moveToEnd(words: readonly string[], last: string): string[] {
  return [...words.filter((word) => word !== last), last];
}

function utf8Name({ name, units, unit, kind }: MetricNaming): string {
  const suffixes = [unitText(units)];
  if (kind === "counter") suffixes.push("total");
  if (kind === "gauge" && unit === "1") suffixes.push("ratio");
  let suffixed = kind === "counter" ? name.replace(/[_.]total$/, "") : name;
  for (const suffix of suffixes) {
    if (suffix !== "" && !suffixed.endsWith(suffix)) suffixed += `_${suffix}`;
  }
  return suffixed;
}
