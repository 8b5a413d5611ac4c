import { parseClient, pathFrom } from "./parse-client.ts";
import type { DiscoveryConfig, TargetGroup } from "./scrape-config.ts";
import type { YamlSection } from "./yaml-section.ts";

const DEFAULT_FILE_REFRESH_MS = 300_000;
const DEFAULT_HTTP_REFRESH_MS = 60_000;
const DEFAULT_DNS_REFRESH_MS = 30_000;
/** Wildcards are looked for in the last part of a path only, as in Prometheus. */
const FILE_PATTERN = /^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$/;

/** All discoveries of a scrape job that are supported; others are warned of as unknown keys. */
export function parseDiscoveries(job: YamlSection, directory: string): DiscoveryConfig[] {
  const groups = job.sections("static_configs").map(parseGroup);
  return [
    ...(groups.length > 0 ? [{ kind: "static", groups } as const] : []),
    ...job.sections("file_sd_configs").map((section) => parseFile(section, directory)),
    ...job.sections("http_sd_configs").map((section) => parseHttp(section, directory)),
    ...job.sections("dns_sd_configs").map(parseDns),
  ];
}

/** One group of `static_configs` or of a file that has the same form. */
export function parseGroup(section: YamlSection): TargetGroup {
  const targets = section.texts("targets");
  const labels = section.section("labels").record();
  for (const target of targets) {
    if (target.includes("/")) {
      throw section.invalid("targets", `"${target}" must be HOST:PORT without scheme and path`);
    }
  }
  section.finish();
  return { targets, labels };
}

function parseFile(section: YamlSection, directory: string): DiscoveryConfig {
  const files = section.texts("files");
  if (files.length === 0) throw section.invalid("files", "must name at least one file");
  for (const file of files) {
    if (FILE_PATTERN.test(file)) continue;
    throw section.invalid("files", `"${file}" is not the path of a json, yml or yaml file`);
  }
  const refreshMs = section.durationMs("refresh_interval") ?? DEFAULT_FILE_REFRESH_MS;
  section.finish();
  return { kind: "file", files: files.map((file) => pathFrom(directory, file)), refreshMs };
}

function parseHttp(section: YamlSection, directory: string): DiscoveryConfig {
  const url = section.text("url") ?? "";
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw section.invalid("url", `"${url}" is not an http or https URL`);
  }
  const refreshMs = section.durationMs("refresh_interval") ?? DEFAULT_HTTP_REFRESH_MS;
  const client = parseClient(section, directory);
  section.finish();
  return { kind: "http", url, client, refreshMs };
}

function parseDns(section: YamlSection): DiscoveryConfig {
  const names = section.texts("names");
  if (names.length === 0) throw section.invalid("names", "must have at least one name");
  const type = section.oneOf("type", ["SRV", "A", "AAAA", "MX", "NS"]) ?? "SRV";
  const port = section.count("port") ?? 0;
  if (type !== "SRV" && (port < 1 || port > 65_535)) {
    throw section.invalid("port", `between 1 and 65535 is needed with type ${type}`);
  }
  const refreshMs = section.durationMs("refresh_interval") ?? DEFAULT_DNS_REFRESH_MS;
  section.finish();
  return { kind: "dns", names, type, port, refreshMs };
}
