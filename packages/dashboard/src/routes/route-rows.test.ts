import { describe, expect, it } from "vitest";
import { routeRows } from "./route-rows.ts";

const sample = (method: string, route: string, value: number) => ({
  labels: { http_request_method: method, http_route: route },
  value,
});

describe("routeRows", () => {
  it("joins rate, errors and latency by method and route, busiest first", () => {
    const rows = routeRows(
      [sample("GET", "/a", 1), sample("GET", "/b", 5)],
      [sample("GET", "/b", 0.1)],
      [sample("GET", "/a", 0.02), sample("POST", "/b", 9)],
    );
    expect(rows).toEqual([
      { method: "GET", route: "/b", rate: 5, errorRatio: 0.1, p95Seconds: null },
      { method: "GET", route: "/a", rate: 1, errorRatio: null, p95Seconds: 0.02 },
    ]);
  });

  it("leaves out routes without traffic and requests without a route", () => {
    expect(routeRows([sample("GET", "/a", 0), sample("GET", "", 3)], [], [])).toEqual([]);
  });
});
