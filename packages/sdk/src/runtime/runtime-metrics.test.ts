import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getHeapStatistics } from "node:v8";
import { describe, expect, it } from "vitest";
import { MetricRegistry } from "../metrics/metric-registry.ts";
import { descriptorLimit, openDescriptors } from "./descriptor-metrics.ts";
import { observeMemoryLimits } from "./memory-limit-metrics.ts";
import { observeRuntime } from "./runtime-metrics.ts";

function metered() {
  const registry = new MetricRegistry({ startMs: 0 });
  const meter = registry.getMeter("runtime");
  const value = (name: string): number => {
    const instrument = meter.instruments.get(name);
    if (instrument === undefined) throw new Error(`no ${name}`);
    return [...instrument.index.values()].reduce(
      (sum, series) => sum + ("value" in series ? series.value : 0),
      0,
    );
  };
  return { registry, meter, value };
}

it("reports the process under the names of the semantic conventions", async () => {
  const { registry, meter, value } = metered();
  const stop = observeRuntime(meter);
  await registry.collect();
  expect(value("process.memory.usage")).toBeGreaterThan(10_000_000);
  expect(value("process.cpu.time")).toBeGreaterThan(0);
  expect(value("nodejs.eventloop.utilization")).toBeGreaterThanOrEqual(0);
  expect(value("nodejs.eventloop.utilization")).toBeLessThanOrEqual(1);
  expect(value("v8js.memory.heap.used")).toBeGreaterThan(0);
  expect(value("v8js.memory.heap.max")).toBe(getHeapStatistics().heap_size_limit);
  expect(value("process.uptime")).toBeGreaterThan(0);
  expect(meter.instruments.get("v8js.resource.active")?.index.size).toBeGreaterThan(0);
  stop();
});

describe("file descriptors", () => {
  it.skipIf(process.platform === "win32")("are counted as they are opened and closed", () => {
    const before = openDescriptors() ?? Number.NaN;
    const opened = [1, 2, 3].map(() => openSync(import.meta.filename, "r"));
    expect((openDescriptors() ?? Number.NaN) - before).toBe(3);
    for (const descriptor of opened) closeSync(descriptor);
    expect(openDescriptors()).toBe(before);
  });

  it("are counted by their entries where the listing has no telling size", () => {
    const folder = mkdtempSync(join(tmpdir(), "descriptors-"));
    for (const name of ["0", "1", "2"]) writeFileSync(join(folder, name), "");
    expect(openDescriptors([join(folder, "absent"), folder])).toBe(2);
    expect(openDescriptors([join(folder, "absent")])).toBeUndefined();
    rmSync(folder, { recursive: true });
  });

  it("have the soft limit that Linux prints", () => {
    const text =
      "Limit   Soft Limit   Hard Limit   Units\nMax open files   1024   524288   files\n";
    expect(descriptorLimit(text)).toBe(1024);
    expect(descriptorLimit("Max open files   unlimited   unlimited   files")).toBeUndefined();
  });
});

describe("container.memory.limit", () => {
  const sources = { machineBytes: () => 8e9, heapLimitBytes: () => 2e9 };
  const points = async (constrained: number) => {
    const { registry, meter } = metered();
    observeMemoryLimits(meter, { ...sources, constrainedBytes: () => constrained });
    await registry.collect();
    const instrument = meter.instruments.get("container.memory.limit");
    return [...(instrument?.index.values() ?? [])].map(
      (series) => "value" in series && series.value,
    );
  };

  it("is that of the control group", async () => {
    expect(await points(5e8)).toEqual([5e8]);
  });

  it("is absent when nothing limits: 0, or the largest number of control groups v1", async () => {
    expect(await points(0)).toEqual([]);
    expect(await points(18_446_744_073_709_552_000)).toEqual([]);
  });
});
