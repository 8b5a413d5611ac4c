import { describe, expect, it } from "vitest";
import { requestUrl } from "./api-client.ts";
import {
  curlCommand,
  firstExpression,
  labelNamesRequest,
  labelValuesRequest,
  measuredRangeQuery,
  metricInfos,
  tableQuery,
} from "./explore-requests.ts";
import { rangeQuery } from "./prometheus.ts";

describe("metricInfos", () => {
  it("knows a series by the family it belongs to", () => {
    const duration = { type: "histogram", help: "Duration.", unit: "s" };
    expect(metricInfos(["x_seconds_bucket", "y"], new Map([["x_seconds", duration]]))).toEqual([
      { name: "x_seconds_bucket", ...duration },
      { name: "y", type: "", help: "", unit: "" },
    ]);
  });
});

describe("firstExpression", () => {
  const info = (name: string, type = "") => ({ name, type, help: "", unit: "" });

  it("is a rate for counters, a quantile for buckets, and the value for the rest", () => {
    expect(firstExpression(info("orders", "counter"))).toContain("rate(orders[1m])");
    expect(firstExpression(info("x_total"))).toContain("rate(x_total[1m])");
    expect(firstExpression(info("x_bucket"))).toMatch(/^histogram_quantile\(0\.95, .*x_bucket/);
    expect(firstExpression(info("temperature", "gauge"))).toBe("temperature");
  });

  it("quotes names that are no identifiers", () => {
    expect(firstExpression(info('a"b.c'))).toBe('{"a\\"b.c"}');
  });
});

describe("labelNamesRequest and labelValuesRequest", () => {
  it("ask within a metric, whatever its name holds, and of all where none is chosen", () => {
    expect(requestUrl(labelNamesRequest('a"b'))).toBe(
      `/api/v1/labels?match%5B%5D=${encodeURIComponent('{__name__="a\\"b"}')}&limit=500`,
    );
    expect(requestUrl(labelValuesRequest("", "a/b"))).toBe("/api/v1/label/a%2Fb/values?limit=500");
  });

  it("are sorted, and the name of the metric is no label to choose", () => {
    const answer = { status: "success", data: ["b", "__name__", "a"] };
    expect(labelNamesRequest("up").check(answer, "answer")).toEqual(["a", "b"]);
  });
});

describe("tableQuery", () => {
  const { check, parameters } = tableQuery("x", 1000);
  const answer = (resultType: string, result: unknown) =>
    check({ data: { resultType, result }, warnings: ["w"], infos: ["i"] }, "answer");

  it("asks for the statistics, and tells warnings and hints", () => {
    expect(parameters["stats"]).toBe("all");
    expect(answer("vector", [])).toEqual({ rows: [], stats: null, notes: ["w", "i"] });
  });

  it.each([
    ["vector", [{ metric: { a: "b" }, value: [1, "NaN"] }], [{ labels: { a: "b" }, value: NaN }]],
    [
      "matrix",
      [
        {
          metric: {},
          values: [
            [1, "2"],
            [2, "3"],
          ],
        },
        { metric: {}, histograms: [] },
      ],
      [{ labels: {}, value: 3 }],
    ],
    ["scalar", [1, "+Inf"], [{ labels: {}, value: Number.POSITIVE_INFINITY }]],
    ["string", [1, "text"], [{ labels: {}, value: "text" }]],
  ] as const)("reads a %s", (type, result, rows) => {
    expect(answer(type, result).rows).toEqual(rows);
  });

  it("says where an answer is not one", () => {
    expect(() => answer("scalar", [1, 2])).toThrow(/answer.*expected/);
  });
});

describe("measuredRangeQuery", () => {
  const grid = { startMs: 0, endMs: 1000, stepMs: 1000 };
  const answer = (stats: object) => ({
    data: { resultType: "matrix", result: [{ metric: {}, values: [[1, "2"]] }], ...stats },
  });
  const { check, parameters } = measuredRangeQuery("up", grid);

  it("asks for statistics and reads them, seconds as milliseconds", () => {
    expect(parameters["stats"]).toBe("all");
    const stats = {
      timings: { evalTotalTime: 0.0125, execTotalTime: 0.02 },
      samples: { samplesRead: 4800 },
      seriesFetched: 12,
    };
    expect(check(answer({ stats }), "answer")).toEqual({
      grid,
      series: [{ labels: {}, values: [null, 2] }],
      stats: { samplesRead: 4800, seriesRead: 12, durationMs: 12.5 },
      notes: [],
    });
  });

  it("has none where the server gives none", () => {
    expect(check(answer({}), "answer").stats).toBeNull();
  });
});

describe("curlCommand", () => {
  it("cannot be broken out of by a quote", () => {
    const request = rangeQuery(`x{a='b'}; rm -rf /`, { startMs: 0, endMs: 1000, stepMs: 1000 });
    expect(curlCommand("http://host", request)).toBe(
      `curl -G 'http://host/api/v1/query_range' --data-urlencode 'query=x{a='\\''b'\\''}; rm -rf /' ` +
        `--data-urlencode 'start=0.000' --data-urlencode 'end=1.000' --data-urlencode 'step=1'`,
    );
  });
});
