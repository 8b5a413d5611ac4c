import { describe, expect, it } from "vitest";
import { AvxMetrics } from "./avx-metrics.ts";
import { LatencyCollector } from "./latency-collector.ts";

/** Ten requests a second around 20 ms; from second 60 to 62 they take 400 ms longer. */
function withSlowSpell(): LatencyCollector {
  const collector = new LatencyCollector(2000);
  for (let i = 0; i < 900; i++) {
    const second = Math.floor(i / 10);
    const slow = second >= 60 && second < 63 ? 400 : 0;
    collector.record(20 + ((i * 7) % 11) + slow, i * 100);
  }
  return collector;
}

describe("trackLatencies", () => {
  it("summarises the single latencies", () => {
    const collector = new LatencyCollector();
    for (const latency of [10, 20, 30, 40]) collector.record(latency, latency);
    const { statistics } = new AvxMetrics().trackLatencies(collector.all());
    expect(statistics).toMatchObject({ count: 4, mean: 25, min: 10, max: 40 });
    // Sample standard deviation of 10, 20, 30, 40: sqrt(500 / 3).
    expect(statistics.standardDeviation).toBeCloseTo(Math.sqrt(500 / 3), 9);
  });

  it("marks the seconds of a slow spell, and none before it", () => {
    const { anomalies } = new AvxMetrics().trackLatencies(withSlowSpell().all());
    expect(anomalies[0]?.timestampMs).toBe(60_000);
    expect(anomalies[0]?.value).toBeGreaterThan(400);
  });

  it("finds nothing in nothing", () => {
    const report = new AvxMetrics().trackLatencies(new LatencyCollector().all());
    expect(report.statistics.count).toBe(0);
    expect(report.anomalies).toEqual([]);
  });

  it("takes latencies whose times overlap or repeat", () => {
    const collector = new LatencyCollector();
    for (const time of [1000, 1000, 999, 2500, 1001]) collector.record(5, time);
    expect(new AvxMetrics().trackLatencies(collector.all()).statistics.count).toBe(5);
  });
});

describe("assessLatencyQuality", () => {
  it("is whole for steady latencies and misses seconds without requests", () => {
    const steady = new LatencyCollector();
    const gappy = new LatencyCollector();
    for (let second = 0; second < 100; second++) {
      steady.record(20 + (second % 3), second * 1000);
      if (second < 40 || second >= 60) gappy.record(20 + (second % 3), second * 1000);
    }
    const analysis = new AvxMetrics();
    expect(analysis.assessLatencyQuality(steady.all())).toMatchObject({
      completeness: 1,
      validity: 1,
      meetsStandard: true,
    });
    expect(analysis.assessLatencyQuality(gappy.all()).completeness).toBeCloseTo(0.8, 9);
  });
});

describe("forecastMetric", () => {
  const line = (length: number, gapAt = -1) => {
    const indices = Array.from({ length }, (_, i) => i).filter((i) => i !== gapAt);
    return {
      timestampsMs: Float64Array.from(indices, (i) => i * 10_000),
      values: Float64Array.from(indices, (i) => 100 + 2 * i + Math.sin(i * 2.4)),
    };
  };

  it("continues a rising line, names its model, and widens with the distance", () => {
    const forecast = new AvxMetrics().forecastMetric(line(60), { steps: 5 });
    if (forecast.kind !== "forecast") throw new Error("expected a forecast");
    expect(forecast.model).toMatch(/ARIMA/);
    expect([...forecast.timestampsMs]).toEqual([600, 610, 620, 630, 640].map((s) => s * 1000));
    expect(forecast.mean[0]).toBeGreaterThan(210);
    expect(forecast.mean[0]).toBeLessThan(230);
    const width = (i: number) => (forecast.upper[i] ?? 0) - (forecast.lower[i] ?? 0);
    expect(width(0)).toBeGreaterThan(0);
    expect(width(4)).toBeGreaterThanOrEqual(width(0));
  });

  it("says how much history it has and needs when that is too little", () => {
    const answer = new AvxMetrics().forecastMetric(line(3), { steps: 5 });
    expect(answer).toMatchObject({ kind: "insufficient-history", haveSamples: 3 });
    expect(new AvxMetrics().forecastMetric(line(0), { steps: 1 }).kind).toBe(
      "insufficient-history",
    );
  });

  it("learns from the samples after the last gap only", () => {
    const answer = new AvxMetrics().forecastMetric(line(60, 57), { steps: 1 });
    expect(answer).toMatchObject({ kind: "insufficient-history", haveSamples: 2 });
  });

  it.each(["auto", "fast"] as const)(
    "chooses a model by itself when asked for %s",
    (forecaster) => {
      const forecast = new AvxMetrics({ forecaster }).forecastMetric(line(60, 57), { steps: 5 });
      if (forecast.kind !== "forecast") throw new Error(forecast.kind);
      expect(forecast.model).toMatch(/^\d+ % .+ \+ \d+ % /);
      expect(forecast.timestampsMs[0]).toBe(600_000);
      expect(Math.abs((forecast.mean[4] ?? 0) - 228)).toBeLessThan(5); // standing still is 10 off
    },
  );

  it("says why the automatic choice has no forecast", () => {
    const analysis = new AvxMetrics({ forecaster: "auto" });
    const few = analysis.forecastMetric(line(3), { steps: 5 });
    expect(few).toMatchObject({ kind: "insufficient-history", haveSamples: 3 });
    const { timestampsMs, values } = line(60);
    const infinite = { timestampsMs, values: values.with(5, Number.POSITIVE_INFINITY) };
    expect(analysis.forecastMetric(infinite, { steps: 5 })).toEqual({
      kind: "refused",
      reason: "infinite-values",
    });
  });
});
