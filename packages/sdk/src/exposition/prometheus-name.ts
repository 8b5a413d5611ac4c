import type { InstrumentDescriptor } from "../metrics/instrument-descriptor.ts";

/** UCUM units by the words that Prometheus names end with. */
const UNIT_WORDS: Readonly<Record<string, string>> = {
  d: "days",
  h: "hours",
  min: "minutes",
  s: "seconds",
  ms: "milliseconds",
  us: "microseconds",
  ns: "nanoseconds",
  By: "bytes",
  KiBy: "kibibytes",
  MiBy: "mebibytes",
  GiBy: "gibibytes",
  kBy: "kilobytes",
  MBy: "megabytes",
  GBy: "gigabytes",
  Cel: "celsius",
  Hz: "hertz",
  "%": "percent",
};

/** Name and unit of a metric in the Prometheus formats. */
export interface PrometheusFamily {
  /** Family name without `_total`. */
  readonly name: string;
  /** "" when the name carries no unit. */
  readonly unit: string;
}

/**
 * The family name by OpenTelemetry's rules: other characters become `_`, the unit is appended as a
 * word, a gauge of unit 1 is a ratio; annotations such as `{request}` are no unit.
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 */
export function prometheusFamily({ name, unit, kind }: InstrumentDescriptor): PrometheusFamily {
  const base = sanitized(name).replace(/_total$/, "");
  const word = kind === "gauge" && unit === "1" ? "ratio" : unitWord(unit);
  if (word === "" || base.split("_").includes(word)) {
    return { name: base, unit: base.endsWith(`_${word}`) ? word : "" };
  }
  return { name: `${base}_${word}`, unit: word };
}

/** A label name by OpenTelemetry's rules; `http.route` becomes `http_route`. */
export function prometheusLabelName(name: string): string {
  const label = name.replace(/[^a-zA-Z0-9_]/g, "_");
  return /^\d/.test(label) ? `key_${label}` : label;
}

function sanitized(name: string): string {
  const clean = name.replace(/[^a-zA-Z0-9_:]/g, "_").replace(/_{2,}/g, "_");
  return /^\d/.test(clean) ? `_${clean}` : clean;
}

function unitWord(unit: string): string {
  const plain = unit.replace(/\{[^}]*\}/g, "");
  const [amount = "", per] = plain.split("/");
  const word = UNIT_WORDS[amount] ?? (amount === "1" ? "" : sanitized(amount));
  if (per === undefined || per === "") return word;
  const perWord = (UNIT_WORDS[per] ?? sanitized(per)).replace(/s$/, "");
  return word === "" ? `per_${perWord}` : `${word}_per_${perWord}`;
}
