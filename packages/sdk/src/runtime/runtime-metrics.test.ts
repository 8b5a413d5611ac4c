import { expect, it } from "vitest";
import { MetricRegistry } from "../metrics/metric-registry.ts";
import { observeRuntime } from "./runtime-metrics.ts";

it("reports the process under the names of the semantic conventions", async () => {
  const registry = new MetricRegistry({ startMs: 0 });
  const meter = registry.getMeter("runtime");
  const stop = observeRuntime(meter);
  await registry.collect();
  const value = (name: string): number => {
    const instrument = meter.instruments.get(name);
    if (instrument === undefined) throw new Error(`no ${name}`);
    return [...instrument.index.values()].reduce(
      (sum, series) => sum + ("value" in series ? series.value : 0),
      0,
    );
  };
  expect(value("process.memory.usage")).toBeGreaterThan(10_000_000);
  expect(value("process.cpu.time")).toBeGreaterThan(0);
  expect(value("nodejs.eventloop.utilization")).toBeGreaterThanOrEqual(0);
  expect(value("nodejs.eventloop.utilization")).toBeLessThanOrEqual(1);
  expect(value("v8js.memory.heap.used")).toBeGreaterThan(0);
  expect(value("process.uptime")).toBeGreaterThan(0);
  expect(meter.instruments.get("nodejs.active_resources")?.index.size).toBeGreaterThan(0);
  stop();
});
