/** Senders that others wrote: OpenTelemetry's own exporters, and Prometheus on both sides. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServer, type TestServer } from "./running-server.ts";

const isInstalled = spawnSync("which", ["prometheus"]).status === 0;
const SKIPPED =
  "Prometheus as a sender and as a target: needs it on the path (Debian: apt-get install prometheus)";

async function json(url: string): Promise<ReturnType<typeof JSON.parse>> {
  return (await fetch(url)).json();
}

async function values(url: string, text: string): Promise<Record<string, string>> {
  const { data } = await json(`${url}/api/v1/query?query=${encodeURIComponent(text)}`);
  return Object.fromEntries(
    data.result.map((row: { metric: Record<string, string>; value: [number, string] }) => [
      JSON.stringify(row.metric),
      row.value[1],
    ]),
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof bound === "object" && bound !== null ? bound.port : 0;
}

async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (await isTrue().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not in 30 s: ${what}`);
}

describe("the official OpenTelemetry SDK", () => {
  let server: TestServer;
  let grpcPort: number;

  beforeAll(async () => {
    grpcPort = await freePort();
    server = await startServer([
      "--store",
      "memory",
      "--otlp-grpc-listen",
      `127.0.0.1:${grpcPort}`,
    ]);
  });
  afterAll(() => server.stop());

  it.each(["grpc", "http/protobuf", "http/json"])("is understood over %s", async (protocol) => {
    const service = `official-${protocol.replace("/", "-")}`;
    const endpoint = protocol === "grpc" ? `http://127.0.0.1:${grpcPort}` : server.otlpUrl;
    const child = spawn(process.execPath, [join(import.meta.dirname, "official-sdk-child.ts")], {
      env: {
        ...{ PATH: process.env["PATH"], OTEL_SERVICE_NAME: service },
        ...{ OTEL_EXPORTER_OTLP_PROTOCOL: protocol, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
        ...{ OTEL_METRICS_EXPORTER: "otlp", OTEL_LOGS_EXPORTER: "otlp" },
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const code = await new Promise((resolve) => child.once("exit", resolve));
    expect(code).toBe(0);
    const found = await values(
      server.url,
      `{service_name="${service}",__name__=~"orders.*|wait.*count"}`,
    );
    expect(Object.values(found).sort()).toEqual(["1", "3"]);
    expect(Object.keys(found).join()).toContain("orders_total");
    expect(Object.keys(found).join()).toContain("wait_seconds_count");
    const { traces } = await json(`${server.url}/api/avx/traces?service=${service}`);
    expect(traces).toMatchObject([{ rootName: "GET /orders", spanCount: 2, errorCount: 1 }]);
  });
});

describe.skipIf(!isInstalled)("Prometheus", () => {
  const directory = mkdtempSync(join(tmpdir(), "avx-prometheus-"));
  let server: TestServer;
  let stop: () => Promise<void>;
  let prometheusUrl: string;

  beforeAll(async () => {
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    const scrape = join(directory, "scrape.yml");
    const job = `{job_name: scraped, static_configs: [{targets: ["${address}"]}]}`;
    writeFileSync(scrape, `global: {scrape_interval: 1s}\nscrape_configs: [${job}]\n`);
    server = await startServer(["--store", "memory", "--config", scrape]);
    const own = join(directory, "prometheus.yml");
    const sender = `{url: "${server.url}/api/v1/write", send_exemplars: true}`;
    const reader = `{url: "${server.url}/api/v1/read", read_recent: true}`;
    prometheusUrl = `http://${address}`;
    const itself = `{job_name: itself, static_configs: [{targets: ["${address}"]}]}`;
    writeFileSync(
      own,
      `global: {scrape_interval: 1s}\nremote_write: [${sender}]\nremote_read: [${reader}]\n` +
        `scrape_configs: [${itself}]\n`,
    );
    const flags = [`--config.file=${own}`, `--storage.tsdb.path=${join(directory, "data")}`];
    const child = spawn("prometheus", [...flags, `--web.listen-address=${address}`], {
      stdio: "ignore",
    });
    stop = async () => {
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("exit", resolve));
    };
  });
  afterAll(async () => {
    await stop();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("sends by remote write what it scraped, descriptions too", async () => {
    const isThere = async () =>
      Object.keys(await values(server.url, 'up{job="itself"} == 1')).length === 1;
    await until(isThere, "samples by remote write");
    const sent = await values(server.url, 'prometheus_build_info{job="itself"}');
    expect(Object.values(sent)).toEqual(["1"]);
    const counted = 'rate(prometheus_tsdb_head_samples_appended_total{job="itself"}[10s]) > 0';
    await until(async () => Object.keys(await values(server.url, counted)).length > 0, "a rate");
  });

  it("is scraped: its page has all metric types", async () => {
    const isUp = 'up{job="scraped"} == 1';
    await until(async () => Object.keys(await values(server.url, isUp)).length === 1, "a scrape");
    const types =
      'count({job="scraped",__name__=~"go_info|go_gc_duration_seconds|prometheus_http_requests_total|prometheus_http_request_duration_seconds_bucket"}) by (__name__)';
    expect(Object.keys(await values(server.url, types)).length).toBeGreaterThanOrEqual(3);
    const { data } = await json(`${server.url}/api/v1/metadata?metric=go_goroutines`);
    expect(data["go_goroutines"]).toMatchObject([{ type: "gauge" }]);
  });

  it("reads by remote read what only we have, every sample of it", async () => {
    const atMs = Date.now();
    const text = 'sum_over_time(prometheus_http_requests_total{job="scraped",code=~"2.*"}[1m])';
    const ask = async (url: string) => {
      const query = `query=${encodeURIComponent(text)}&time=${atMs / 1000}`;
      return (await json(`${url}/api/v1/query?${query}`)).data.result as unknown[];
    };
    const ours = await ask(server.url);
    expect(ours.length).toBeGreaterThan(0);
    expect(new Set((await ask(prometheusUrl)).map((row) => JSON.stringify(row)))).toEqual(
      new Set(ours.map((row) => JSON.stringify(row))),
    );
  });
});

it.runIf(!isInstalled)(SKIPPED, () => {});
