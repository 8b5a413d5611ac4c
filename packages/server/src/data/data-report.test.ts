import { labelsFromRecord, setStaleAt } from "@avx/model";
import { createMemoryStore } from "@avx/store";
import { describe, expect, it } from "vitest";
import { createDataReport } from "./data-report.ts";

const NOW = 1_700_000_000_000;
const STEP_MS = 15_000;

function world() {
  let nowMs = NOW;
  const store = createMemoryStore({
    ...{ retentionMs: "off", nowMs: () => nowMs },
    limits: { maxSeries: 100, maxServiceSeries: 3 },
  });
  const report = createDataReport({ store, nowMs: () => nowMs, pause: async () => {} });
  return {
    store,
    report,
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** Values at every 15 s, the last of them `endMs` after now. */
    send: (record: Record<string, string>, values: readonly number[], endMs = 0) => {
      const timestampsMs = Float64Array.from(
        values,
        (_, i) => nowMs + endMs - (values.length - 1 - i) * STEP_MS,
      );
      const series = [
        { labels: labelsFromRecord(record), timestampsMs, values: Float64Array.from(values) },
      ];
      return store.metrics.append({ series, metadata: [], exemplars: [] });
    },
  };
}

const of = (service: string, metric: string, more: Record<string, string> = {}) => ({
  ...{ __name__: metric, service_name: service },
  ...more,
});

describe("the data report", () => {
  it("of an empty store is empty", async () => {
    const answer = await world().report();
    expect(answer).toMatchObject({
      ...{ nowMs: NOW, series: 0, seriesLimit: 100, serviceSeriesLimit: 3 },
      ...{ metrics: [], services: [], labels: [], quality: [], findings: [] },
    });
  });

  it("shares out series, samples and bytes by metric, service and label", async () => {
    const { report, send } = world();
    await send(of("shop", "http_requests_total", { path: "/a" }), [1, 2, 3, 4]);
    await send(of("shop", "http_requests_total", { path: "/b" }), [1, 2, 3, 4]);
    await send(of("cart", "up"), [1, 1]);
    const answer = await report();
    expect(answer.series).toBe(3);
    expect(answer.metrics.map(({ name, series, samples }) => [name, series, samples])).toEqual([
      ["http_requests_total", 2, 8],
      ["up", 1, 2],
    ]);
    expect(answer.services.map(({ name, series }) => [name, series])).toEqual([
      ["shop", 2],
      ["cart", 1],
    ]);
    const [first, second] = answer.metrics;
    expect(first!.bytesPerDay / second!.bytesPerDay).toBeCloseTo(4, 1);
    expect(answer.labels).toContainEqual({ name: "path", values: 2, series: 2 });
  });

  it("says which metric of which service is wrong, and how", async () => {
    const { report, send } = world();
    await send(of("shop", "orders_total", { path: "/a" }), [5, 6, 1, 2, 3]);
    await send(of("shop", "orders_total", { path: "/b" }), [5, 1, 2, 1, 2]);
    await send(of("cart", "load"), [1, Number.NaN, 2, 3]);
    await send(of("old", "load"), [1, 1, 1, 1], -10 * STEP_MS);
    const { findings, quality } = await report();
    expect(findings).toEqual([
      {
        ...{ kind: "reset", service: "shop", metric: "orders_total", series: 2, amount: 3 },
        example: 'orders_total{path="/a",service_name="shop"}',
      },
      {
        ...{ kind: "not_finite", service: "cart", metric: "load", series: 1, amount: 1 },
        example: 'load{service_name="cart"}',
      },
      {
        ...{ kind: "dead_series", service: "old", metric: "load", series: 1, amount: 1 },
        example: 'load{service_name="old"}',
      },
    ]);
    expect(quality.map(({ service }) => service)).toContain("shop");
    expect(quality.find(({ service }) => service === "cart")?.validity).toBe(0.75);
    // It has 4 samples, and 10 that should have come since are missing.
    expect(quality.find(({ service }) => service === "old")?.completeness).toBe(4 / 14);
  });

  it("takes a stale marker for the end of a series, not for a value", async () => {
    const { store, report } = world();
    const values = Float64Array.from([1, 1, 1, 1, 0]);
    setStaleAt(values, 4);
    const timestampsMs = Float64Array.from(values, (_, i) => NOW - (20 - i) * STEP_MS);
    const labels = labelsFromRecord(of("shop", "load"));
    const series = [{ labels, timestampsMs, values }];
    await store.metrics.append({ series, metadata: [], exemplars: [] });
    const { findings, metrics } = await report();
    expect(findings).toEqual([]);
    expect(metrics[0]?.samples).toBe(4);
  });

  it("names refused series, repeats and late samples of a service", async () => {
    const { report, send } = world();
    for (const path of ["/a", "/b", "/c", "/d"]) await send(of("shop", "up", { path }), [1, 1]);
    await send(of("shop", "up", { path: "/a" }), [1]);
    const { findings, services } = await report();
    expect(findings.map(({ kind, amount }) => [kind, amount])).toEqual([
      ["refused_series", 2],
      ["duplicate", 1],
    ]);
    expect(services[0]).toMatchObject({ name: "shop", refused: 2, duplicates: 1, late: 0 });
  });

  it("tells a clock that is ahead at once, and one behind only while its service goes on", async () => {
    const { report, send, pass } = world();
    await send(of("ahead", "up"), [1, 1, 1, 1], 30_000);
    await send(of("behind", "up"), [1, 1, 1, 1], -120_000);
    await send(of("silent", "up"), [1, 1, 1, 1], -120_000);
    const clocks = async () =>
      (await report()).findings
        .filter(({ kind }) => kind.startsWith("clock"))
        .map(({ kind, service, amount }) => [kind, service, amount]);
    expect(await clocks()).toEqual([["clock_ahead", "ahead", 30_000]]);
    pass(60_000);
    await send(of("behind", "up"), [1, 1, 1, 1], -120_000);
    expect(await clocks()).toEqual([["clock_behind", "behind", 120_000]]);
  });

  it("says when a metric has come with two types or units", async () => {
    const { store, report, send } = world();
    await send(of("shop", "wait"), [1, 1]);
    await send(of("shop", "depth"), [1, 1]);
    const described = { name: "wait", help: "" } as const;
    await store.metrics.append({
      ...{ series: [], exemplars: [] },
      metadata: [
        { ...described, type: "gauge", unit: "s" },
        { ...described, type: "counter", unit: "ms" },
        // Not every sender says the unit.
        { ...described, name: "depth", type: "gauge", unit: "" },
        { ...described, name: "depth", type: "unknown", unit: "1" },
      ],
    });
    const { findings } = await report();
    expect(findings.map(({ kind, metric }) => [kind, metric])).toEqual([
      ["type_change", "wait"],
      ["unit_change", "wait"],
    ]);
  });

  it("is made once for all who ask within half a minute", async () => {
    const { report, send, pass } = world();
    const first = report();
    expect(report()).toBe(first);
    await first;
    await send(of("shop", "up"), [1, 1]);
    expect((await report()).series).toBe(0);
    pass(30_000);
    expect((await report()).series).toBe(1);
  });
});
