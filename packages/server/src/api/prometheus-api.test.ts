import { labelsFromRecord } from "@avx/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestServer, evenSeries, NOW_MS, type TestServer } from "./fixtures/test-server.ts";

const NOW = NOW_MS / 1000;
let server: TestServer;

beforeAll(async () => {
  server = await createTestServer();
  const requests = (instance: string) =>
    evenSeries({ __name__: "http_requests_total", instance, job: "api" }, [0, 10, 20, 30]);
  await server.add({
    series: [
      requests("a"),
      requests("b"),
      evenSeries({ __name__: "up", job: "api", "http.method": "GET" }, [1, Number.NaN]),
      evenSeries({ __name__: "limit", job: "web" }, [Number.POSITIVE_INFINITY]),
    ],
    metadata: [
      { name: "http_requests_total", type: "counter", unit: "", help: "Requests." },
      { name: "up", type: "gauge", unit: "", help: "Whether it answers." },
    ],
    exemplars: [
      {
        seriesLabels: labelsFromRecord({
          __name__: "http_requests_total",
          instance: "a",
          job: "api",
        }),
        labels: labelsFromRecord({ trace_id: "abc" }),
        value: 20,
        timestampMs: NOW_MS - 10_000,
      },
    ],
  });
});
afterAll(() => server.app.close());

const success = (data: unknown) => ({ status: 200, json: { status: "success", data } });
const refusal = (status: number, errorType: string, error: string) => ({
  status,
  json: { status: "error", errorType, error },
});

describe("/api/v1/query", () => {
  it("answers a vector with times as numbers and values as text", async () => {
    expect(await server.get(`/api/v1/query?query=limit&time=${NOW}`)).toEqual(
      success({
        resultType: "vector",
        result: [{ metric: { __name__: "limit", job: "web" }, value: [NOW, "+Inf"] }],
      }),
    );
  });

  it("takes now where no time is given, RFC 3339, and a form", async () => {
    const scalar = success({ resultType: "scalar", result: [NOW, "2"] });
    expect(await server.get("/api/v1/query?query=1%2B1")).toEqual(scalar);
    expect(await server.post("/api/v1/query", "query=1%2B1")).toEqual(scalar);
    const time = new Date(NOW_MS).toISOString();
    expect(await server.post(`/api/v1/query?time=${time}`, "query=1%2B1")).toEqual(scalar);
  });

  it("answers a string, and a matrix for a range selector", async () => {
    expect(await server.get("/api/v1/query?query=%22a%22")).toEqual(
      success({ resultType: "string", result: [NOW, "a"] }),
    );
    const { json } = await server.get("/api/v1/query?query=up[1m]");
    expect(json).toMatchObject({
      data: {
        resultType: "matrix",
        result: [
          {
            values: [
              [NOW - 10, "1"],
              [NOW, "NaN"],
            ],
          },
        ],
      },
    });
  });

  it("cuts to the limit and says so", async () => {
    const { json } = await server.get("/api/v1/query?query=http_requests_total&limit=1");
    expect(json).toMatchObject({
      data: { result: [{ metric: { instance: "a" } }] },
      warnings: ["results truncated due to limit"],
    });
  });

  it("adds statistics, and warns of values other than true and all", async () => {
    const { json } = await server.get("/api/v1/query?query=http_requests_total&stats=1");
    expect(json).toMatchObject({
      data: { stats: { samples: { samplesRead: 2 }, seriesFetched: 2 } },
      warnings: [expect.stringContaining('value "1" for parameter "stats" is deprecated')],
    });
  });

  it("looks back as far as it is told", async () => {
    const at = `time=${NOW + 60}`;
    const { json } = await server.get(`/api/v1/query?query=limit&${at}&lookback_delta=30s`);
    expect(json).toMatchObject({ data: { result: [] } });
  });

  it("sees a reset where a start timestamp lies between two samples", async () => {
    const fresh = await createTestServer();
    const startTimestampsMs = Float64Array.of(0, NOW_MS - 5000);
    const growing = evenSeries({ __name__: "growing_total" }, [100, 103]);
    await fresh.add({ series: [{ ...growing, startTimestampsMs }] });
    const { json } = await fresh.get("/api/v1/query?query=resets(growing_total[1m])");
    expect(json).toMatchObject({ data: { result: [{ value: [NOW, "1"] }] } });
    await fresh.app.close();
  });

  it("passes infos on", async () => {
    const { json } = await server.get("/api/v1/query?query=rate(up[1m])");
    expect(json).toMatchObject({ infos: [expect.stringContaining("might not be a counter")] });
  });

  // Texts and errorTypes of prometheus/web/api/v1/api.go.
  it.each([
    ["query=sum(", 'invalid parameter "query": 1:5: parse error: unclosed left parenthesis'],
    ["query=1&time=x", 'invalid parameter "time": cannot parse "x" to a valid timestamp'],
    ["query=1&timeout=x", 'invalid parameter "timeout": cannot parse "x" to a valid duration'],
    ["query=1&limit=-1", 'invalid parameter "limit": limit must be a non-negative number'],
  ])("refuses %s", async (parameters, error) => {
    expect(await server.get(`/api/v1/query?${parameters}`)).toMatchObject(
      refusal(400, "bad_data", error),
    );
  });

  it("tells a failure of evaluation from a bad query", async () => {
    const query = encodeURIComponent("label_replace(up, '', '', '', '')");
    expect(await server.get(`/api/v1/query?query=${query}`)).toMatchObject(
      refusal(422, "execution", "invalid destination label name in label_replace(): "),
    );
  });
});

describe("/api/v1/query_range", () => {
  const range = (more: string) => `/api/v1/query_range?query=1&${more}`;

  it("answers a matrix with a point for every step, both ends included", async () => {
    expect(await server.get(range(`start=${NOW - 20}&end=${NOW}&step=10s`))).toEqual(
      success({
        resultType: "matrix",
        result: [
          {
            metric: {},
            values: [
              [NOW - 20, "1"],
              [NOW - 10, "1"],
              [NOW, "1"],
            ],
          },
        ],
      }),
    );
  });

  it.each([
    ["end=1&step=1", 'invalid parameter "start": cannot parse "" to a valid timestamp'],
    [
      "start=2&end=1&step=1",
      'invalid parameter "end": end timestamp must not be before start time',
    ],
    [
      "start=1&end=2&step=0",
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    ],
    [
      "start=0&end=11001&step=1",
      "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
    ],
  ])("refuses %s", async (parameters, error) => {
    expect(await server.get(range(parameters))).toMatchObject(refusal(400, "bad_data", error));
  });

  it("takes 11,000 steps, which are 11,001 points", async () => {
    const { json } = await server.get(range("start=0&end=10999&step=1"));
    expect(json).toMatchObject({ status: "success" });
  });
});

describe("the label browser", () => {
  it("lists series, names and values, by selectors and time", async () => {
    const up = { __name__: "up", job: "api", "http.method": "GET" };
    expect(await server.get("/api/v1/series?match[]=up")).toEqual(success([up]));
    expect(await server.post("/api/v1/series", `match[]=up&end=${NOW - 3600}`)).toEqual(
      success([]),
    );
    expect(await server.get("/api/v1/labels?match[]=up&match[]=limit")).toEqual(
      success(["__name__", "http.method", "job"]),
    );
    expect(await server.get("/api/v1/label/job/values")).toEqual(success(["api", "web"]));
  });

  it("reads escaped names", async () => {
    const path = "/api/v1/label/U__http_2e_method/values";
    expect(await server.get(path)).toEqual(success(["GET"]));
  });

  it("cuts to the limit and says so", async () => {
    expect(await server.get("/api/v1/label/job/values?limit=1")).toEqual({
      status: 200,
      json: { status: "success", data: ["api"], warnings: ["results truncated due to limit"] },
    });
  });

  it.each([
    ["/api/v1/series", "no match[] parameter provided"],
    [
      "/api/v1/series?match[]={x=~'.*'}",
      "1:1: parse error: vector selector must contain at least one non-empty matcher",
    ],
    ["/api/v1/labels?start=y", 'invalid parameter "start": cannot parse "y" to a valid timestamp'],
  ])("refuses %s", async (url, error) => {
    expect(await server.get(url)).toMatchObject(refusal(400, "bad_data", error));
  });

  it("knows the boundary times that Prometheus' own clients send", async () => {
    const range = "start=-292273086-05-16T16:47:06Z&end=292277025-08-18T07:12:54.999999999Z";
    expect(await server.get(`/api/v1/label/job/values?${range}`)).toEqual(success(["api", "web"]));
  });
});

describe("metadata and exemplars", () => {
  it("describes metrics, one or all, within limits", async () => {
    const up = { up: [{ type: "gauge", help: "Whether it answers.", unit: "" }] };
    expect(await server.get("/api/v1/metadata?metric=up")).toEqual(success(up));
    expect(await server.get("/api/v1/metadata?limit=0")).toEqual(success({}));
    expect(await server.get("/api/v1/metadata?limit=x")).toMatchObject(
      refusal(400, "bad_data", "limit must be a number"),
    );
  });

  it("finds the exemplars of every selector of a query", async () => {
    const url = `/api/v1/query_exemplars?query=rate(http_requests_total[1m])&start=${NOW - 60}&end=${NOW}`;
    expect(await server.get(url)).toEqual(
      success([
        {
          seriesLabels: { __name__: "http_requests_total", instance: "a", job: "api" },
          exemplars: [{ labels: { trace_id: "abc" }, value: "20", timestamp: NOW - 10 }],
        },
      ]),
    );
    expect(await server.get("/api/v1/query_exemplars?query=1")).toEqual(success([]));
  });
});

describe("status", () => {
  it("counts where series come from", async () => {
    const { json } = await server.get("/api/v1/status/tsdb?limit=1");
    expect(json).toMatchObject({
      data: {
        headStats: { numSeries: 4, numLabelPairs: 8, minTime: NOW_MS - 30_000, maxTime: NOW_MS },
        seriesCountByMetricName: [{ name: "http_requests_total", value: 2 }],
        labelValueCountByLabelName: [{ name: "__name__", value: 3 }],
        memoryInBytesByLabelName: [{ name: "__name__", value: 45 }],
        seriesCountByLabelValuePair: [{ name: "job=api", value: 3 }],
      },
    });
  });

  it("tells what it is and how it was started", async () => {
    expect(await server.get("/api/v1/status/buildinfo")).toMatchObject({
      json: { data: { application: "avx-telemetry", version: "3.14.0" } },
    });
    expect(await server.get("/api/v1/status/flags")).toMatchObject({
      json: { data: { store: "memory", retention: "off" } },
    });
    const { json } = await server.get("/api/v1/status/config");
    expect(json).toMatchObject({ data: { yaml: expect.stringContaining('store: "memory"\n') } });
  });

  it("has no rules, but checks what is asked of them", async () => {
    expect(await server.get("/api/v1/rules?type=alert")).toEqual(success({ groups: [] }));
    expect(await server.get("/api/v1/rules?type=x")).toMatchObject(
      refusal(400, "bad_data", 'invalid parameter "type": not supported value "x"'),
    );
  });
});

describe("the language", () => {
  it("formats and parses", async () => {
    expect(await server.post("/api/v1/format_query", "query=sum by(a)(up)")).toEqual(
      success("sum by (a) (up)"),
    );
    const { json } = await server.get("/api/v1/parse_query?query=up");
    expect(json).toMatchObject({ data: { type: "vectorSelector", name: "up" } });
  });

  it("knows experimental functions only when they are switched on", async () => {
    const url = "/api/v1/format_query?query=mad_over_time(up[1m])";
    expect(await server.get(url)).toMatchObject({ status: 400 });
    const experimental = await createTestServer(["--enable-experimental-functions"]);
    expect(await experimental.get(url)).toEqual(success("mad_over_time(up[1m])"));
    await experimental.app.close();
  });
});
