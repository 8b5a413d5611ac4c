import { labelsFromRecord } from "@avx/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestServer, evenSeries, NOW_MS, type TestServer } from "./fixtures/test-server.ts";

const NOW = NOW_MS / 1000;
let server: TestServer;

beforeAll(async () => {
  server = await createTestServer();
  const labels = { __name__: "http_requests_total", job: "api", instance: "a" };
  await server.add({
    series: [evenSeries(labels, [0, 10, 20, 30, 40, 50, 60])],
    metadata: [{ name: "http_requests_total", type: "counter", unit: "", help: "Requests." }],
    exemplars: [
      {
        seriesLabels: labelsFromRecord(labels),
        labels: labelsFromRecord({ trace_id: "4bf92f3577b34da6a3ce929d0e0e4736" }),
        value: 0.2,
        timestampMs: NOW_MS - 20_000,
      },
    ],
  });
});
afterAll(() => server.app.close());

/** What the Prometheus data source of Grafana 11 sends: its proxy turns queries into form posts. */
const RANGE = `start=${NOW - 60}&end=${NOW}&step=15`;

describe("Grafana's Prometheus data source", () => {
  it("saves and tests: the health query 1+1 and the build information", async () => {
    const health = await server.post("/api/v1/query", `query=1%2B1&time=${NOW}`);
    expect(health.json).toEqual({
      status: "success",
      data: { resultType: "scalar", result: [NOW, "2"] },
    });
    const build = await server.get("/api/v1/status/buildinfo");
    expect(build.json).toMatchObject({ status: "success", data: { version: "3.14.0" } });
  });

  it("fills the query builder: metrics, labels, values, metadata, rules", async () => {
    const range = `start=${NOW - 3600}&end=${NOW}`;
    const names = await server.get(`/api/v1/label/__name__/values?${range}`);
    expect(names.json).toMatchObject({ data: ["http_requests_total"] });
    const selector = encodeURIComponent('{__name__="http_requests_total"}');
    const labels = await server.post("/api/v1/labels", `${range}&match%5B%5D=${selector}`);
    expect(labels.json).toMatchObject({ data: ["__name__", "instance", "job"] });
    const values = await server.get(
      `/api/v1/label/job/values?${range}&match[]=${selector}&limit=40000`,
    );
    expect(values.json).toMatchObject({ data: ["api"] });
    const series = await server.post(
      "/api/v1/series",
      `${range}&match%5B%5D=${selector}&limit=40000`,
    );
    expect(series.json).toMatchObject({ data: [{ job: "api", instance: "a" }] });
    const metadata = await server.get("/api/v1/metadata?limit=40000");
    expect(metadata.json).toMatchObject({ data: { http_requests_total: [{ type: "counter" }] } });
    expect((await server.get("/api/v1/rules")).json).toMatchObject({ data: { groups: [] } });
  });

  it("draws a panel: a range query by form, and the exemplars on it", async () => {
    const query = encodeURIComponent("sum by (job) (rate(http_requests_total[1m]))");
    const panel = await server.post("/api/v1/query_range", `query=${query}&${RANGE}`);
    expect(panel.json).toMatchObject({
      status: "success",
      data: { resultType: "matrix", result: [{ metric: { job: "api" } }] },
    });
    const exemplars = await server.post(
      "/api/v1/query_exemplars",
      `query=${query}&start=${NOW - 60}&end=${NOW}`,
    );
    expect(exemplars.json).toMatchObject({
      data: [{ exemplars: [{ value: "0.2", timestamp: NOW - 20 }] }],
    });
  });

  it("answers a template variable and a table", async () => {
    const query = encodeURIComponent("count by (job) (http_requests_total)");
    const table = await server.post("/api/v1/query", `query=${query}&time=${NOW}`);
    expect(table.json).toMatchObject({
      data: { resultType: "vector", result: [{ metric: { job: "api" }, value: [NOW, "1"] }] },
    });
  });
});
