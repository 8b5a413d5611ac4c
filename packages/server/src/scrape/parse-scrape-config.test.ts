import { AvxError } from "@avx/model";
import { describe, expect, it } from "vitest";
import { parseScrapeConfig } from "./parse-scrape-config.ts";

const parse = (text: string) => parseScrapeConfig(text, { name: "p.yml", directory: "/etc/p" });

const FULL = `
global:
  scrape_interval: 15s
  scrape_timeout: 5s
  evaluation_interval: 30s
  external_labels: {cluster: eu}
rule_files: [rules/*.yml]
scrape_configs:
  - job_name: node
    scheme: https
    metrics_path: /m
    params: {module: [a, b]}
    honor_labels: true
    honor_timestamps: false
    basic_auth: {username: u, password_file: secret}
    tls_config: {ca_file: ca.pem, insecure_skip_verify: true}
    sample_limit: 100
    label_limit: 20
    body_size_limit: 10MB
    static_configs:
      - targets: [a:9100, b:9100]
        labels: {env: prod}
    kubernetes_sd_configs: [{role: pod}]
  - job_name: found
    scrape_interval: 2s
    authorization: {credentials: token}
    file_sd_configs: [{files: [targets/*.json]}]
    http_sd_configs: [{url: "http://sd/", refresh_interval: 5s}]
    dns_sd_configs: [{names: [example.org], type: A, port: 80}]
`;

describe("parseScrapeConfig", () => {
  it("reads what Prometheus' own file says", () => {
    const { jobs, externalLabels } = parse(FULL);
    expect(externalLabels).toEqual({ cluster: "eu" });
    expect(jobs[0]).toMatchObject({
      name: "node",
      ...{ intervalMs: 15_000, timeoutMs: 5000, scheme: "https", metricsPath: "/m" },
      params: { module: ["a", "b"] },
      ...{ honorLabels: true, honorTimestamps: false },
      client: {
        basicAuth: { username: "u", password: { file: "/etc/p/secret" } },
        tls: { ca: { file: "/etc/p/ca.pem" }, insecureSkipVerify: true },
      },
      limits: { samples: 100, labels: 20, bodyBytes: 10 * 1024 * 1024 },
      discoveries: [
        { kind: "static", groups: [{ targets: ["a:9100", "b:9100"], labels: { env: "prod" } }] },
      ],
    });
    expect(jobs[1]).toMatchObject({
      ...{ intervalMs: 2000, timeoutMs: 2000, metricsPath: "/metrics", scheme: "http" },
      client: { authorization: { type: "Bearer", credentials: { text: "token" } } },
      discoveries: [
        { kind: "file", files: ["/etc/p/targets/*.json"], refreshMs: 300_000 },
        { kind: "http", url: "http://sd/", refreshMs: 5000 },
        { kind: "dns", names: ["example.org"], type: "A", port: 80, refreshMs: 30_000 },
      ],
    });
  });

  it("warns of keys that it does not use, with their lines", () => {
    expect(parse(FULL).warnings).toEqual([
      "p.yml line 5: global.evaluation_interval is not supported and ignored",
      "p.yml line 23: scrape_configs[0].kubernetes_sd_configs is not supported and ignored",
      "p.yml line 7: rule_files is not supported and ignored",
    ]);
  });

  it.each([
    ["global:\n  scrape_interval: soon", /p\.yml line 2: global\.scrape_interval "soon"/],
    ["global:\n  scrape_interval: 5s\n  scrape_timeout: 10s", /line 3.*longer/],
    ["scrape_configs:\n  - scheme: http", /line 2.*job_name is missing/],
    ["scrape_configs:\n- job_name: a\n- job_name: a", /line 3.*twice/],
    ["scrape_configs:\n- job_name: a\n  scheme: ftp", /line 3.*"ftp" is not one of http, https/],
    ["scrape_configs:\n- job_name: a\n  honor_labels: maybe", /line 3.*true or false/],
    ["scrape_configs:\n- job_name: a\n  sample_limit: -1", /line 3.*whole number/],
    ["scrape_configs:\n- job_name: a\n  body_size_limit: huge", /line 3.*not a size/],
    ["scrape_configs:\n- job_name: a\n  static_configs: {}", /line 3.*must be a list/],
    ["scrape_configs:\n- job_name: a\n  static_configs: [{targets: ['http://x/']}]", /HOST:PORT/],
    ["scrape_configs:\n- job_name: a\n  http_sd_configs: [{url: x}]", /http or https URL/],
    ["scrape_configs:\n- job_name: a\n  dns_sd_configs: [{names: [x], type: A}]", /port/],
    ["a: [", /line 1/],
    ["a: 1\na: 2", /line 2/],
    ["- a", /must be a mapping/],
  ])("refuses %j", (text, message) => {
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).toThrow(AvxError);
  });

  it("takes an empty file, anchors and a job that differs only in its place as the same", () => {
    expect(parse("").jobs).toEqual([]);
    const anchored =
      "x: &t [a:1]\nscrape_configs: [{job_name: j, static_configs: [{targets: *t}]}]";
    expect(parse(anchored).jobs[0]?.discoveries).toMatchObject([
      { groups: [{ targets: ["a:1"] }] },
    ]);
    const one = parse("scrape_configs:\n- job_name: a");
    const two = parse("scrape_configs:\n- job_name: b\n- job_name: a");
    expect(two.jobs[1]?.identity).toBe(one.jobs[0]?.identity);
  });
});
