import { parseClient } from "./parse-client.ts";
import { parseDiscoveries } from "./parse-discovery.ts";
import { parseOtlpNames } from "./parse-otlp-names.ts";
import { parseRelabelRules } from "./parse-relabel.ts";
import type { ScrapeConfig, ScrapeJob, ScrapeLimits } from "./scrape-config.ts";
import { isScrapeProtocol, type ScrapeProtocol, TEXT_PROTOCOLS } from "./scrape-protocol.ts";
import { parseYaml, type YamlSection } from "./yaml-section.ts";

const DEFAULT_INTERVAL_MS = 60_000;
const DEFAULT_TIMEOUT_MS = 10_000;
const SIZE_UNITS: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KB: 2 ** 10,
  KIB: 2 ** 10,
  MB: 2 ** 20,
  MIB: 2 ** 20,
  GB: 2 ** 30,
  GIB: 2 ** 30,
};

interface Defaults {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly limits: ScrapeLimits;
  readonly protocols: readonly ScrapeProtocol[];
  readonly alwaysClassicHistograms: boolean;
  readonly extraMetrics: boolean;
  readonly fallbackProtocol: ScrapeProtocol;
}

const NO_LIMITS: ScrapeLimits = {
  ...{ samples: 0, labels: 0, labelNameBytes: 0, labelValueBytes: 0, bodyBytes: 0, targets: 0 },
};

/**
 * Reads what we use of a `prometheus.yml`. Keys that are not used become warnings with their line;
 * a wrong value throws `invalid_config` with its line. Relative paths start at `directory`.
 */
export function parseScrapeConfig(
  text: string,
  { name, directory }: { readonly name: string; readonly directory: string },
): ScrapeConfig {
  const file = parseYaml(text, name);
  const global = file.section("global");
  const intervalMs = global.durationMs("scrape_interval") ?? DEFAULT_INTERVAL_MS;
  const timeoutMs = global.durationMs("scrape_timeout");
  if (timeoutMs !== undefined && timeoutMs > intervalMs) {
    throw global.invalid("scrape_timeout", "is longer than scrape_interval");
  }
  const defaults: Defaults = {
    intervalMs,
    timeoutMs: timeoutMs ?? Math.min(DEFAULT_TIMEOUT_MS, intervalMs),
    limits: parseLimits(global, NO_LIMITS),
    ...parseProtocols(global, { protocols: TEXT_PROTOCOLS, alwaysClassicHistograms: false }),
    extraMetrics: global.boolean("extra_scrape_metrics") ?? false,
    // Prometheus 3 has none and refuses such a page; the older ones read it as this.
    fallbackProtocol: parseFallback(global) ?? "PrometheusText0.0.4",
  };
  const externalLabels = global.section("external_labels").record();
  global.finish();
  const names = new Set<string>();
  const jobs = file.sections("scrape_configs").map((section) => {
    const job = parseJob(section, defaults, directory);
    if (names.has(job.name)) throw section.invalid("job_name", `"${job.name}" is there twice`);
    names.add(job.name);
    return job;
  });
  const otlpNames = parseOtlpNames(file.section("otlp"));
  file.finish();
  return { externalLabels, jobs, otlpNames, warnings: file.warnings };
}

function parseJob(section: YamlSection, defaults: Defaults, directory: string): ScrapeJob {
  const name = section.text("job_name") ?? "";
  if (name === "") throw section.invalid("job_name", "is missing");
  const intervalMs = section.durationMs("scrape_interval") ?? defaults.intervalMs;
  const ownTimeoutMs = section.durationMs("scrape_timeout");
  if (ownTimeoutMs !== undefined && ownTimeoutMs > intervalMs) {
    throw section.invalid("scrape_timeout", "is longer than scrape_interval");
  }
  const job = {
    name,
    intervalMs,
    timeoutMs: ownTimeoutMs ?? Math.min(defaults.timeoutMs, intervalMs),
    metricsPath: section.text("metrics_path") ?? "/metrics",
    scheme: section.oneOf("scheme", ["http", "https"]) ?? "http",
    params: parseParams(section.section("params")),
    honorLabels: section.boolean("honor_labels") ?? false,
    honorTimestamps: section.boolean("honor_timestamps") ?? true,
    trackTimestampsStaleness: section.boolean("track_timestamps_staleness") ?? false,
    client: parseClient(section, directory),
    discoveries: parseDiscoveries(section, directory),
    relabelRules: parseRelabelRules(section, "relabel_configs"),
    metricRelabelRules: parseRelabelRules(section, "metric_relabel_configs"),
    limits: parseLimits(section, defaults.limits),
    ...parseProtocols(section, defaults),
    extraMetrics: section.boolean("extra_scrape_metrics") ?? defaults.extraMetrics,
    fallbackProtocol: parseFallback(section) ?? defaults.fallbackProtocol,
  };
  section.finish();
  return { ...job, identity: `${section.source()}${JSON.stringify(defaults)}` };
}

type ProtocolSettings = Pick<ScrapeJob, "protocols" | "alwaysClassicHistograms">;

/** With `scrape_native_histograms` the one format that has them is asked for first. */
function parseProtocols(section: YamlSection, defaults: ProtocolSettings): ProtocolSettings {
  const alwaysClassicHistograms =
    section.boolean("always_scrape_classic_histograms") ?? defaults.alwaysClassicHistograms;
  const wantsNative = section.boolean("scrape_native_histograms");
  const asked = section.texts("scrape_protocols");
  const unknown = asked.find((text) => !isScrapeProtocol(text));
  if (unknown !== undefined) {
    throw section.invalid("scrape_protocols", `"${unknown}" is not a protocol`);
  }
  if (asked.length > 0)
    return { protocols: asked.filter(isScrapeProtocol), alwaysClassicHistograms };
  if (wantsNative === undefined) return { protocols: defaults.protocols, alwaysClassicHistograms };
  const protocols = wantsNative
    ? (["PrometheusProto", ...TEXT_PROTOCOLS] as const)
    : TEXT_PROTOCOLS;
  return { protocols, alwaysClassicHistograms };
}

function parseFallback(section: YamlSection): ScrapeProtocol | undefined {
  const text = section.text("fallback_scrape_protocol");
  if (text === undefined || isScrapeProtocol(text)) return text;
  throw section.invalid("fallback_scrape_protocol", `"${text}" is not a protocol`);
}

function parseParams(section: YamlSection): Record<string, string[]> {
  return Object.fromEntries(section.keys().map((key) => [key, section.texts(key)]));
}

function parseLimits(section: YamlSection, defaults: ScrapeLimits): ScrapeLimits {
  return {
    samples: section.count("sample_limit") ?? defaults.samples,
    labels: section.count("label_limit") ?? defaults.labels,
    labelNameBytes: section.count("label_name_length_limit") ?? defaults.labelNameBytes,
    labelValueBytes: section.count("label_value_length_limit") ?? defaults.labelValueBytes,
    bodyBytes: sizeBytes(section, "body_size_limit") ?? defaults.bodyBytes,
    targets: section.count("target_limit") ?? defaults.targets,
  };
}

/** "10MB" and the like; units are of 1024, as in Prometheus. */
function sizeBytes(section: YamlSection, key: string): number | undefined {
  const text = section.text(key);
  if (text === undefined) return undefined;
  const [, digits = "", unit = ""] = /^(\d{1,12})\s*([A-Za-z]*)$/.exec(text) ?? [];
  const factor = SIZE_UNITS[unit.toUpperCase()];
  if (digits !== "" && factor !== undefined) return Number(digits) * factor;
  throw section.invalid(key, `"${text}" is not a size such as 10MB`);
}
