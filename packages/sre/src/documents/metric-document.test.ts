import { describe, expect, it } from "vitest";
import { buildMetricDocument, type IntervalMeasurements } from "./metric-document.ts";

const context = { stack: "Avx", layer: "deep", env: "prod", cluster: "AVL-BR", mesh: "internal" };
const build = (measured: IntervalMeasurements) =>
  buildMetricDocument({
    service: "avx-gateway",
    timestampMs: Date.UTC(2025, 10, 20, 12, 0, 0),
    context,
    measured,
    anomalies: [],
    quality: null,
  });

describe("metric document", () => {
  it("has the id and time of the product's example", () => {
    const document = build({});
    expect(document.id).toBe("metric-avx-gateway-20251120-120000");
    expect(document.timestamp).toBe("2025-11-20T12:00:00Z");
    expect(document.context).toEqual(context);
  });

  it("gives latency in ms and errors as a share of the requests", () => {
    const { metrics } = build({
      meanSeconds: 0.0125,
      p99Seconds: 0.0257,
      requestsPerSecond: 1250,
      failedPerSecond: 0.625,
      failedCount: 37.4,
      bytesPerSecond: 5_242_880,
      activeRequests: 342,
    });
    expect(metrics.latency.mean_ms).toBeCloseTo(12.5, 12);
    expect(metrics.latency.p99_ms).toBeCloseTo(25.7, 12);
    expect(metrics.errors.error_rate).toBeCloseTo(0.0005, 12);
    expect(metrics.errors.total_errors).toBe(37);
    expect(metrics.errors.error_budget_remaining).toBeCloseTo(0.5, 12);
  });

  it("has null for what was not measured, and 0 errors where requests had no failure", () => {
    const idle = build({ requestsPerSecond: 0, meanSeconds: Number.NaN });
    expect(idle.metrics.latency.mean_ms).toBeNull();
    expect(idle.metrics.errors.error_rate).toBeNull();
    expect(idle.metrics.errors.total_errors).toBeNull();
    const healthy = build({ requestsPerSecond: 5 });
    expect(healthy.metrics.errors).toEqual({
      error_rate: 0,
      total_errors: 0,
      error_budget_remaining: 1,
    });
  });

  it("has no forecast field without a forecast", () => {
    expect(Object.hasOwn(build({}), "forecast")).toBe(false);
  });
});
