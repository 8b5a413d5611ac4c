/** The same prometheus.yml and the same page, scraped by Prometheus itself and by us. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer, type TestServer } from "./running-server.ts";

const isInstalled = spawnSync("which", ["prometheus"]).status === 0;
const SKIPPED =
  "scraping beside Prometheus: needs it on the path (Debian: apt-get install prometheus)";

const PAGE = `# TYPE hits_total counter
hits_total{code="200",path="/a",job="own"} 3
hits_total{code="500",path="/b"} 1
# TYPE lat histogram
lat_bucket{le="0.1"} 1
lat_bucket{le="+Inf"} 2
lat_sum 1.5
lat_count 2
temp{zone="Aé",instance="inner"} NaN
secret_thing 1
debug_x 4
`;

const config = (address: string): string => `
global: {scrape_interval: 1s}
scrape_configs:
  - job_name: plain
    static_configs: [{targets: ["${address}"], labels: {env: dev, empty: ""}}]
    metric_relabel_configs:
      - {source_labels: [__name__], regex: "secret_.*", action: drop}
      - {source_labels: [code], regex: "(.)..", target_label: class, replacement: "$1"}
      - {regex: "path", action: labeldrop}
      - {source_labels: [__name__], regex: "debug_(.+)", target_label: __name__, replacement: "dbg_$1"}
  - job_name: honour
    honor_labels: true
    params: {module: [x]}
    static_configs: [{targets: ["${address}"]}]
    relabel_configs:
      - {source_labels: [__param_module, __scheme__], separator: "@", target_label: mod}
      - {source_labels: [__address__], modulus: 7, action: hashmod, target_label: shard}
      - {regex: "__(scheme)__", action: labelmap, replacement: "meta_$1"}
      - {source_labels: [job], action: uppercase, target_label: upper}
  - job_name: limited
    sample_limit: 3
    static_configs: [{targets: ["${address}"]}]
  - job_name: dead
    static_configs: [{targets: ["127.0.0.1:1"]}]
`;

const UP = 4;

async function query(url: string, text: string): Promise<{ metric: object; value: string }[]> {
  const reply = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(text)}`);
  const { data } = await reply.json();
  return data.result.map((row: { metric: object; value: [number, string] }) => ({
    metric: row.metric,
    value: row.value[1],
  }));
}

/** Waits until every target was scraped twice: then nothing is new any more. */
async function settled(url: string): Promise<void> {
  await expect
    .poll(async () => (await query(url, "count_over_time(up[1m]) >= 2").catch(() => [])).length, {
      timeout: 60_000,
      interval: 250,
    })
    .toBe(UP);
}

async function everySeries(url: string): Promise<string[]> {
  const rows = await query(url, '{job=~".+", __name__!="scrape_duration_seconds"}');
  return rows
    .map(({ metric, value }) => `${JSON.stringify(Object.entries(metric).sort())} ${value}`)
    .sort();
}

describe.skipIf(!isInstalled)(isInstalled ? "scraping beside Prometheus" : SKIPPED, () => {
  const directory = mkdtempSync(join(tmpdir(), "avx-beside-"));
  let page: Server;
  let server: TestServer;
  let prometheus: ReturnType<typeof spawn>;
  let prometheusUrl: string;

  const portOf = (of: Server): number => {
    const bound = of.address();
    return typeof bound === "object" && bound !== null ? bound.port : 0;
  };
  const open = (of: Server): Promise<void> =>
    new Promise((resolve) => of.listen(0, "127.0.0.1", resolve));

  beforeAll(async () => {
    page = createServer((_, reply) => {
      reply.setHeader("content-type", "text/plain; version=0.0.4");
      reply.end(PAGE);
    });
    await open(page);
    const file = join(directory, "prometheus.yml");
    writeFileSync(file, config(`127.0.0.1:${portOf(page)}`));
    const probe = createServer();
    await open(probe);
    const port = portOf(probe);
    await new Promise((resolve) => probe.close(resolve));
    prometheusUrl = `http://127.0.0.1:${port}`;
    const data = `--storage.tsdb.path=${join(directory, "data")}`;
    const listen = `--web.listen-address=127.0.0.1:${port}`;
    prometheus = spawn("prometheus", [`--config.file=${file}`, data, listen], { stdio: "ignore" });
    server = await startServer(["--store", "memory", "--config", file]);
  });
  afterAll(async () => {
    await server.stop();
    const ended = new Promise((resolve) => prometheus.once("exit", resolve));
    prometheus.kill();
    await ended;
    page.close();
    page.closeAllConnections();
    rmSync(directory, { recursive: true, force: true });
  });

  it("gives the same series with the same values", async () => {
    await Promise.all([settled(server.url), settled(prometheusUrl)]);
    const ours = await everySeries(server.url);
    expect(ours.length).toBeGreaterThan(30);
    expect(ours).toEqual(await everySeries(prometheusUrl));
  });
});
