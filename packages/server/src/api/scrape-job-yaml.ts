import { formatDuration } from "@avx/promql";
import { stringify } from "yaml";
import type { RelabelRule } from "../scrape/relabel.ts";
import type {
  DiscoveryConfig,
  HttpClientConfig,
  ScrapeJob,
  Secret,
  TargetGroup,
} from "../scrape/scrape-config.ts";

/** What stands for a secret, as in Prometheus. */
const SECRET = "<secret>";

/** One job with everything filled in, by the keys of a `prometheus.yml`; secrets are not shown. */
export function scrapeJobYaml(job: ScrapeJob): string {
  const { limits } = job;
  return stringify({
    job_name: job.name,
    honor_labels: job.honorLabels,
    honor_timestamps: job.honorTimestamps,
    track_timestamps_staleness: job.trackTimestampsStaleness,
    ...(Object.keys(job.params).length > 0 && { params: job.params }),
    scrape_interval: formatDuration(job.intervalMs),
    scrape_timeout: formatDuration(job.timeoutMs),
    metrics_path: job.metricsPath,
    scheme: job.scheme,
    scrape_protocols: job.protocols,
    fallback_scrape_protocol: job.fallbackProtocol,
    ...(job.extraMetrics && { extra_scrape_metrics: true }),
    ...limitKeys({
      body_size_limit: limits.bodyBytes,
      sample_limit: limits.samples,
      target_limit: limits.targets,
      label_limit: limits.labels,
      label_name_length_limit: limits.labelNameBytes,
      label_value_length_limit: limits.labelValueBytes,
    }),
    ...clientKeys(job.client),
    ...discoveryKeys(job.discoveries),
    ...ruleKeys("relabel_configs", job.relabelRules),
    ...ruleKeys("metric_relabel_configs", job.metricRelabelRules),
  });
}

/** 0 is no limit and not shown. */
function limitKeys(limits: Readonly<Record<string, number>>): object {
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit > 0));
}

/** `key` for a secret in the configuration, `key_file` for one in a file. */
function secretKey(key: string, secret: Secret): object {
  return "file" in secret ? { [`${key}_file`]: secret.file } : { [key]: SECRET };
}

function headerKeys(headers: HttpClientConfig["headers"]): object {
  if (headers.length === 0) return {};
  const shown = headers.map(([name, values]) => {
    const files = values.flatMap((value) => ("file" in value ? [value.file] : []));
    const secrets = values.flatMap((value) => ("file" in value ? [] : [SECRET]));
    return [
      name,
      { ...(secrets.length > 0 && { secrets }), ...(files.length > 0 && { files }) },
    ] as const;
  });
  return { http_headers: Object.fromEntries(shown) };
}

function clientKeys(client: HttpClientConfig): object {
  const { basicAuth, authorization, tls, followRedirects, headers } = client;
  const tlsKeys = {
    ...(tls.ca && secretKey("ca", tls.ca)),
    ...(tls.cert && secretKey("cert", tls.cert)),
    ...(tls.key && secretKey("key", tls.key)),
    ...(tls.serverName && { server_name: tls.serverName }),
    ...(tls.insecureSkipVerify && { insecure_skip_verify: true }),
  };
  return {
    ...(basicAuth && {
      basic_auth: {
        username: basicAuth.username,
        ...secretKey("password", basicAuth.password),
      },
    }),
    ...(authorization && {
      authorization: {
        type: authorization.type,
        ...secretKey("credentials", authorization.credentials),
      },
    }),
    ...(Object.keys(tlsKeys).length > 0 && { tls_config: tlsKeys }),
    follow_redirects: followRedirects,
    ...headerKeys(headers),
  };
}

function discoveryKeys(discoveries: readonly DiscoveryConfig[]): object {
  const keys: Record<string, object[]> = {};
  const add = (key: string, entries: readonly object[]): void => {
    keys[key] = [...(keys[key] ?? []), ...entries];
  };
  for (const one of discoveries) {
    if (one.kind === "static") add("static_configs", one.groups.map(groupKeys));
    else add(`${one.kind}_sd_configs`, [discoveryKey(one)]);
  }
  return keys;
}

function discoveryKey(config: Exclude<DiscoveryConfig, { kind: "static" }>): object {
  const refresh_interval = formatDuration(config.refreshMs);
  if (config.kind === "file") return { files: config.files, refresh_interval };
  if (config.kind === "http") {
    return { url: config.url, refresh_interval, ...clientKeys(config.client) };
  }
  const { names, type, port } = config;
  return { names, type, ...(port > 0 && { port }), refresh_interval };
}

function groupKeys({ targets, labels }: TargetGroup): object {
  return { targets, ...(Object.keys(labels).length > 0 && { labels }) };
}

function ruleKeys(key: string, rules: readonly RelabelRule[]): object {
  if (rules.length === 0) return {};
  const shown = rules.map((rule) => ({
    ...(rule.sourceLabels.length > 0 && { source_labels: rule.sourceLabels }),
    separator: rule.separator,
    ...(rule.targetLabel !== "" && { target_label: rule.targetLabel }),
    regex: rule.regexText,
    ...(rule.modulus > 0 && { modulus: rule.modulus }),
    replacement: rule.replacement,
    action: rule.action,
  }));
  return { [key]: shown };
}
