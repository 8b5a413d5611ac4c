import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createTestServer, NOW_MS, type TestServer } from "./fixtures/test-server.ts";

const directory = mkdtempSync(join(tmpdir(), "avx-targets-"));
const file = join(directory, "prometheus.yml");
const CONFIG = `
scrape_configs:
  - job_name: api
    static_configs: [{ targets: ["127.0.0.1:1", "127.0.0.1:2"] }]
    relabel_configs: [{ source_labels: [__address__], regex: ".*:2", action: drop }]
`;

describe("target routes", () => {
  let server: TestServer;
  beforeAll(async () => {
    writeFileSync(file, CONFIG);
    server = await createTestServer(["--config", file]);
    await server.scraping.tick(NOW_MS);
  });
  afterAll(async () => {
    await server.app.close();
    rmSync(directory, { recursive: true });
  });

  it("shows targets, how their last scrape went, and what relabelling dropped", async () => {
    await server.scraping.tick(NOW_MS + 60_000);
    const { json } = await server.get("/api/v1/targets");
    expect(json).toMatchObject({
      status: "success",
      data: {
        activeTargets: [
          {
            discoveredLabels: { __address__: "127.0.0.1:1", __scheme__: "http", job: "api" },
            labels: { instance: "127.0.0.1:1", job: "api" },
            scrapePool: "api",
            scrapeUrl: "http://127.0.0.1:1/metrics",
            lastError: expect.stringContaining("ECONNREFUSED"),
            health: "down",
            scrapeInterval: "1m",
            scrapeTimeout: "10s",
          },
        ],
        droppedTargets: [{ discoveredLabels: { __address__: "127.0.0.1:2" } }],
        droppedTargetCounts: { api: 1 },
      },
    });
    expect((await server.get("/api/v1/scrape_pools")).json).toMatchObject({
      data: { scrapePools: ["api"] },
    });
  });

  it("shows a job with everything filled in", async () => {
    const { json } = await server.get("/api/v1/scrape_pools/config?scrapePool=api");
    const { data } = json as { data: { yaml: string } };
    expect(parse(data.yaml)).toMatchObject({
      job_name: "api",
      scrape_interval: "1m",
      scrape_timeout: "10s",
      metrics_path: "/metrics",
      scheme: "http",
      static_configs: [{ targets: ["127.0.0.1:1", "127.0.0.1:2"] }],
      relabel_configs: [{ source_labels: ["__address__"], regex: ".*:2", action: "drop" }],
    });
  });

  it("shows what each relabelling rule makes of labels", async () => {
    const path = "/api/v1/targets/relabel_steps?scrapePool=api&labels=";
    const steps = async (labels: object) =>
      (await server.get(path + encodeURIComponent(JSON.stringify(labels)))).json;
    const rule = { source_labels: ["__address__"], regex: ".*:2", action: "drop" };
    const kept = { __address__: "a:1", job: "api" };
    expect(await steps(kept)).toMatchObject({
      data: { steps: [{ rule, output: kept, keep: true }] },
    });
    expect(await steps({ __address__: "a:2" })).toMatchObject({
      data: { steps: [{ rule, output: {}, keep: false }] },
    });
  });

  it.each([
    ["state=dropped", 0, 1],
    ["state=active", 1, 0],
    ["state=unknown", 0, 0],
    ["scrapePool=other", 0, 0],
  ])("shows with %s only what was asked for", async (query, active, dropped) => {
    const { json } = await server.get(`/api/v1/targets?${query}`);
    const { data } = json as { data: { activeTargets: unknown[]; droppedTargets: unknown[] } };
    expect([data.activeTargets.length, data.droppedTargets.length]).toEqual([active, dropped]);
  });

  it("reloads, and keeps the configuration before when the new one is wrong", async () => {
    const reload = () => server.app.inject({ method: "POST", url: "/-/reload" });
    writeFileSync(file, "scrape_configs:\n  - scheme: http\n");
    const refused = await reload();
    expect(refused.statusCode).toBe(500);
    expect(refused.body).toMatch(/failed to reload config: .*prometheus\.yml line 2/);
    const runtime = async () => (await server.get("/api/v1/status/runtimeinfo")).json;
    expect(await runtime()).toMatchObject({ data: { reloadConfigSuccess: false } });
    expect((await server.get("/api/v1/scrape_pools")).json).toMatchObject({
      data: { scrapePools: ["api"] },
    });
    writeFileSync(file, "scrape_configs:\n  - job_name: other\n");
    expect((await reload()).statusCode).toBe(200);
    expect(await runtime()).toMatchObject({ data: { reloadConfigSuccess: true } });
    expect((await server.get("/api/v1/scrape_pools")).json).toMatchObject({
      data: { scrapePools: ["other"] },
    });
  });

  it("says so when there is nothing to reload", async () => {
    const bare = await createTestServer();
    const reply = await bare.app.inject({ method: "POST", url: "/-/reload" });
    expect([reply.statusCode, reply.body]).toEqual([400, expect.stringContaining("--config")]);
    await bare.app.close();
  });

  it.each([
    ["scrape_pools/config", "no scrapePool parameter provided"],
    [
      "scrape_pools/config?scrapePool=x",
      'error retrieving scrape config: scrape pool "x" not found',
    ],
    ["targets/relabel_steps?scrapePool=api", "no labels parameter provided"],
    [
      "targets/relabel_steps?scrapePool=api&labels=[]",
      "error parsing labels: an object of names and values is expected",
    ],
  ])("refuses %s", async (path, error) => {
    const { status, json } = await server.get(`/api/v1/${path}`);
    expect([status, json]).toMatchObject([400, { errorType: "bad_data", error }]);
  });
});
