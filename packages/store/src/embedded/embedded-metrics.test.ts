import { labelsFromRecord } from "@avx/model";
import { describe, expect, it, vi } from "vitest";
import { createMemoryStore } from "../memory/memory-store.ts";
import type { Store } from "../store.ts";
import { FakeChunkStore } from "../testing/fake-chunk-store.ts";
import { runMetricHistories } from "../testing/metric-histories.ts";
import { SAMPLE_CASES } from "../testing/sample-cases.ts";
import { batchOf, NEVER, seriesOf, T0 } from "../testing/sample-data.ts";
import { SELECTION_CASES } from "../testing/selection-cases.ts";
import { SimulatedDisk, seededRandom } from "../testing/simulated-disk.ts";
import { HEAD_KEEP_MS } from "./chunks/block-cutter.ts";
import { DEFAULT_EMBEDDED_LIMITS, type EmbeddedLimits } from "./embedded-limits.ts";
import { EmbeddedMetrics } from "./embedded-metrics.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const HOUR_MS = 3_600_000;
const RANGE = { startMs: 0, endMs: 2 * T0 };

/** The contract's cases about metrics. */
const LOGGED_CASES = [...SAMPLE_CASES, ...SELECTION_CASES];

/** The cases take a store; these use its metrics only. */
function storeOf(metrics: EmbeddedMetrics): Store {
  return { ...createMemoryStore({ retentionMs: "off", nowMs: () => T0 }), metrics };
}

interface World {
  readonly disk: SimulatedDisk;
  readonly chunks: FakeChunkStore;
  nowMs: number;
}

function newWorld(random = seededRandom(1)): World {
  return { disk: new SimulatedDisk(random), chunks: new FakeChunkStore(), nowMs: T0 };
}

function openMetrics(world: World, limits: Partial<EmbeddedLimits> = {}): Promise<EmbeddedMetrics> {
  return EmbeddedMetrics.open({
    walDir: "/wal",
    fileSystem: world.disk,
    chunks: world.chunks,
    retentionMs: "off",
    nowMs: () => world.nowMs,
    log: () => {},
    limits: { ...DEFAULT_EMBEDDED_LIMITS, ...limits },
  });
}

/** All samples of all series, as text lines that sort. */
async function dump(metrics: EmbeddedMetrics): Promise<Map<string, number>> {
  const all = new Map<string, number>();
  for (const { labels, timestampsMs, values } of await metrics.select([], RANGE, NEVER)) {
    for (const [i, timeMs] of timestampsMs.entries()) all.set(`${labels[1]} ${timeMs}`, values[i]!);
  }
  return all;
}

describe("embedded metrics", () => {
  it("keep a closed block in memory for an hour, then move it to the engine", async () => {
    const world = newWorld();
    const metrics = await openMetrics(world);
    await metrics.append(
      batchOf(
        seriesOf({ __name__: "m" }, [
          [T0, 1],
          [T0 + 2 * HOUR_MS, 2],
        ]),
      ),
    );
    world.nowMs = T0 + 2 * HOUR_MS + HEAD_KEEP_MS - 1;
    await metrics.maintain();
    expect(metrics.head.sampleCount).toBe(2);
    world.nowMs++;
    await metrics.maintain();
    expect(metrics.head.sampleCount).toBe(1);
    expect((await dump(metrics)).size).toBe(2);
  });

  it("delete the log of what is in the engine, and only that", async () => {
    const world = newWorld();
    const metrics = await openMetrics(world);
    await metrics.append(batchOf(seriesOf({ __name__: "m" }, [[T0, 1]])));
    await metrics.flush();
    await metrics.append(batchOf(seriesOf({ __name__: "m" }, [[T0 + 1, 2]])));
    expect([...world.disk.files.keys()]).toHaveLength(2);
    await metrics.flush();
    await metrics.append(batchOf(seriesOf({ __name__: "m" }, [[T0 + 2, 3]])));
    await metrics.maintain();
    expect([...world.disk.files.keys()]).toEqual(["/wal/00000003.wal"]);
    world.disk.losePower();
    expect((await dump(await openMetrics(world))).size).toBe(3);
  });

  it("take new samples after a restart that left no log behind", async () => {
    const world = newWorld();
    const first = await openMetrics(world);
    await first.append(batchOf(seriesOf({ __name__: "m" }, [[T0, 1]])));
    await first.flush();
    await first.close();
    world.disk.files.clear();
    const second = await openMetrics(world);
    await second.append(batchOf(seriesOf({ __name__: "m" }, [[T0 + 1, 2]])));
    world.disk.losePower();
    expect((await dump(await openMetrics(world))).size).toBe(2);
  });

  it("cut the oldest block early when the memory is full, and refuse when that does not help", async () => {
    const world = newWorld();
    const metrics = await openMetrics(world, { softHeadSamples: 2, hardHeadSamples: 4 });
    const append = (n: number) =>
      metrics.append(batchOf(seriesOf({ __name__: "m" }, [[T0 + n, n]])));
    world.chunks.fault = () => "before";
    for (let n = 0; n < 4; n++) await append(n);
    await expect(append(4)).rejects.toMatchObject({ code: "overloaded", status: 429 });
    world.chunks.fault = () => undefined;
    await metrics.maintain();
    await append(4);
    expect((await dump(metrics)).size).toBe(5);
  });

  it("do the same by the bytes of the samples", async () => {
    const world = newWorld();
    const metrics = await openMetrics(world, { softHeadBytes: 512, hardHeadBytes: 1024 });
    const append = (n: number) =>
      metrics.append(batchOf(seriesOf({ __name__: "m" }, [[T0 + n, Math.sqrt(n)]])));
    world.chunks.fault = () => "before";
    let taken = 0;
    const full = async () => {
      for (; taken < 1000; taken++) await append(taken);
    };
    await expect(full()).rejects.toMatchObject({ code: "overloaded", status: 429 });
    expect(taken).toBeGreaterThan(20);
    world.chunks.fault = () => undefined;
    await metrics.maintain();
    await append(taken);
    expect((await dump(metrics)).size).toBe(taken + 1);
  });

  it("empty a long log into the engine, though repeated samples leave the memory small", async () => {
    const world = newWorld();
    const metrics = await openMetrics(world, { softLogBytes: 4096 });
    const logBytes = () =>
      [...world.disk.files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
    const append = (n: number) =>
      metrics.append(
        batchOf(
          seriesOf({ __name__: "m" }, [
            [T0, n],
            [T0 + 2 * HOUR_MS, n],
          ]),
        ),
      );
    for (let n = 0; n < 1000; n++) {
      world.nowMs += 61_000;
      await append(n);
      expect(logBytes()).toBeLessThan(2 * 4096);
    }
    expect(await dump(metrics)).toEqual(
      new Map([
        [`m ${T0}`, 999],
        [`m ${T0 + 2 * HOUR_MS}`, 999],
      ]),
    );
    world.disk.losePower();
    expect((await dump(await openMetrics(world))).size).toBe(2);
  });

  it("do not cut again and again when the log does not get shorter", async () => {
    const world = newWorld();
    const metrics = await openMetrics(world, { softLogBytes: 1 });
    world.chunks.fault = () => "before";
    for (let n = 0; n < 50; n++) {
      await metrics.append(batchOf(seriesOf({ __name__: "m" }, [[T0 + n, n]])));
    }
    world.chunks.fault = () => undefined;
    // The first sample was cut; all others still wait together.
    expect(metrics.headStats().blocks).toBe(2);
  });

  it("bring everything back from the log alone, bit for bit", async () => {
    const world = newWorld();
    const first = await openMetrics(world);
    for (const { write } of LOGGED_CASES) await write(storeOf(first));
    world.disk.losePower();
    const second = await openMetrics(world);
    expect(second.head.sampleCount).toBe(first.head.sampleCount);
    for (const { check } of LOGGED_CASES) await check(storeOf(second));
  });

  it("keep metadata that only the log had, once the log is gone", async () => {
    const world = newWorld();
    const entry = { name: "m", type: "gauge", unit: "", help: "" } as const;
    const first = await openMetrics(world);
    await first.append({ series: [], metadata: [entry], exemplars: [] });
    world.disk.losePower();
    const second = await openMetrics(world);
    await second.flush();
    world.disk.files.clear();
    expect((await (await openMetrics(world)).metadata()).get("m")).toEqual([entry]);
  });

  it("keep exemplars once the log is gone, each of them once", async () => {
    const world = newWorld();
    const exemplar = (value: number) => ({
      ...{ seriesLabels: labelsFromRecord({ __name__: "m" }), value, timestampMs: T0 + value },
      labels: labelsFromRecord({ trace_id: String(value) }),
    });
    const values = async (metrics: EmbeddedMetrics) =>
      (await metrics.exemplars([], RANGE)).map(({ value }) => value);
    const add = (metrics: EmbeddedMetrics, value: number) =>
      metrics.append({
        ...batchOf(seriesOf({ __name__: "m" }, [[T0 + value, value]])),
        exemplars: [exemplar(value)],
      });
    const first = await openMetrics(world);
    await add(first, 1);
    await add(first, 2);
    await first.flush();
    await add(first, 3);
    world.disk.losePower();
    const second = await openMetrics(world);
    expect(await values(second)).toEqual([1, 2, 3]);
    await second.flush();
    world.disk.files.clear();
    expect(await values(await openMetrics(world))).toEqual([1, 2, 3]);
  });

  it("reject at once when the caller leaves, however long the engine takes", async () => {
    const world = newWorld();
    const metrics = await openMetrics(world);
    await metrics.append(batchOf(seriesOf({ __name__: "m" }, [[T0, 1]])));
    await metrics.flush();
    world.chunks.read = () => new Promise(() => {});
    const caller = new AbortController();
    const selected = metrics.select([], RANGE, caller.signal);
    const reason = new Error("the caller left");
    caller.abort(reason);
    await expect(selected).rejects.toBe(reason);
  });

  it("do not forget a series while its first samples are on their way into the log", async () => {
    const metrics = await openMetrics(newWorld());
    const appended = metrics.append(batchOf(seriesOf({ __name__: "m" }, [[T0, 1]])));
    metrics.head.dropBefore(T0 - HOUR_MS);
    await appended;
    expect((await dump(metrics)).size).toBe(1);
  });

  it("answer reads while the disk is full, and say so to writers", async () => {
    const world = newWorld();
    const metrics = await openMetrics(world);
    const append = (n: number) =>
      metrics.append(batchOf(seriesOf({ __name__: "m" }, [[T0 + n, n]])));
    await append(1);
    world.disk.faultAt = () => "ENOSPC";
    await expect(append(2)).rejects.toMatchObject({ code: "storage_full", status: 507 });
    expect((await dump(metrics)).size).toBe(1);
    world.disk.faultAt = () => undefined;
    await append(3);
    expect((await dump(metrics)).size).toBe(2);
  });

  it("let a late sample win over the same timestamp in the engine", async () => {
    const world = newWorld();
    const metrics = await openMetrics(world);
    for (const value of [1, 2, 3]) {
      await metrics.append(batchOf(seriesOf({ __name__: "m" }, [[T0, value]])));
      expect([...(await dump(metrics)).values()]).toEqual([value]);
      await metrics.flush();
    }
    expect([...(await dump(await openMetrics(world))).values()]).toEqual([3]);
  });
});

describe("embedded metrics over a failing disk and a failing engine", () => {
  it("lose, invent and bring back nothing in 2,000 seeded histories of three lives", async () => {
    const { faults, ackedAppends, ackedDeletions, ...counts } = await runMetricHistories(0, 2000);
    expect(counts).toEqual({
      ...{ histories: 2000, lives: 6000, lost: 0, reverted: 0, invented: 0, undeleted: 0 },
    });
    expect(faults).toBeGreaterThan(5000);
    expect(ackedAppends).toBeGreaterThan(20_000);
    expect(ackedDeletions).toBeGreaterThan(500);
  });
});
