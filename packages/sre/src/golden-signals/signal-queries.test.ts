import { parseExpr } from "@avx/promql";
import { describe, expect, it } from "vitest";
import * as queries from "./signal-queries.ts";

const hostile = 'x"} or vector(1) #\n\\';

describe("golden signal queries", () => {
  it("name the metrics of the HTTP semantic conventions", () => {
    expect(queries.requestRateQuery({ windowMs: 60_000 })).toBe(
      "sum by (service_name) (rate(http_server_request_duration_seconds_count[60000ms]))",
    );
    expect(queries.latencyQuantileQuery({ windowMs: 60_000, service: "cart" }, 0.95)).toBe(
      'histogram_quantile(0.95, sum by (service_name, le) (rate(http_server_request_duration_seconds_bucket{service_name="cart"}[60000ms])))',
    );
  });

  it.each([
    queries.requestRateQuery,
    queries.failedRateQuery,
    queries.failedCountQuery,
    queries.errorRatioQuery,
    queries.latencyMeanQuery,
    queries.byteRateQuery,
    queries.activeRequestsQuery,
    queries.saturationQuery,
  ])("parse, and a hostile service name stays a label value: %o", (query) => {
    const text = query({ service: hostile, windowMs: 60_000 });
    expect(parseExpr(text)).toBeDefined();
    expect(text).toContain(JSON.stringify(hostile));
  });

  it("ask for the context labels", () => {
    expect(parseExpr(queries.contextQuery(["stack", "mesh"]))).toMatchObject({
      op: "group",
      grouping: ["service_name", "avx_stack", "avx_mesh"],
    });
  });
});
