import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Matcher } from "@avx/model";
import { afterEach, describe, expect, it, vi } from "vitest";
import { floats } from "../../engine/block-access.ts";
import { SupervisedEngine } from "../../engine/supervised-engine.ts";
import { batchOf, readMetric, seriesOf, T0 } from "../../testing/sample-data.ts";
import { createEmbeddedStore, type EmbeddedStore } from "../embedded-store.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const HOUR_MS = 3_600_000;
const ALL_TIME = { startMs: -8.64e15, endMs: 8.64e15 };

const cleanUps: (() => unknown)[] = [];

function newDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "avx-deletion-"));
  cleanUps.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function open(dataDir: string): Promise<EmbeddedStore> {
  const store = await createEmbeddedStore({
    ...{ dataDir, nowMs: () => T0, log: () => {}, retentionMs: "off" },
  });
  cleanUps.push(() => store.close());
  return store;
}

/** What a process that was killed now would leave behind. */
function imageOf(dataDir: string): string {
  const image = newDir();
  cpSync(dataDir, image, { recursive: true, filter: (path) => !path.endsWith("/lock") });
  return image;
}

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const named = (name: string): readonly Matcher[] => [{ name: "__name__", op: "=", value: name }];

/** Samples of a metric at hours of `T0`, the value being the hour. */
function hourly(name: string, hours: readonly number[], labels = {}) {
  return seriesOf(
    { __name__: name, ...labels },
    hours.map((hour) => [T0 + hour * HOUR_MS, hour]),
  );
}

async function valuesOf(store: EmbeddedStore, name: string): Promise<number[]> {
  return (await readMetric(store, name)).flatMap(({ values }) => [...values]);
}

describe("deletion of series", () => {
  it("holds for memory and engine, for each cache, and after a kill or a restart", async () => {
    const dataDir = newDir();
    const store = await open(dataDir);
    await store.metrics.append(batchOf(hourly("gone", [0, 1, 2]), hourly("other", [0, 1, 2])));
    await store.flush();
    await store.metrics.append(batchOf(hourly("gone", [3, 4]), hourly("other", [3, 4])));
    expect(await valuesOf(store, "gone")).toEqual([0, 1, 2, 3, 4]);
    await store.admin!.deleteSeries([named("gone")], ALL_TIME);
    const killed = imageOf(dataDir);
    expect(await valuesOf(store, "gone")).toEqual([]);
    expect(await store.metrics.labelValues("__name__", [], ALL_TIME)).toEqual(["other"]);
    await store.close();
    for (const dir of [killed, dataDir]) {
      const again = await open(dir);
      expect(await valuesOf(again, "gone")).toEqual([]);
      expect(await valuesOf(again, "other")).toEqual([0, 1, 2, 3, 4]);
      expect(await again.metrics.series([named("gone")], ALL_TIME)).toEqual([]);
    }
  });

  it("takes only the range, and leaves what is written afterwards", async () => {
    const dataDir = newDir();
    const store = await open(dataDir);
    await store.metrics.append(batchOf(hourly("part", [0, 1, 2, 3, 4, 5])));
    await store.flush();
    const range = { startMs: T0 + HOUR_MS, endMs: T0 + 4 * HOUR_MS };
    await store.admin!.deleteSeries([named("part")], range);
    expect(await valuesOf(store, "part")).toEqual([0, 5]);
    await store.metrics.append(batchOf(hourly("part", [2])));
    expect(await valuesOf(store, "part")).toEqual([0, 2, 5]);
    await store.flush();
    expect(await valuesOf(store, "part")).toEqual([0, 2, 5]);
    const again = await open(imageOf(dataDir));
    expect(await valuesOf(again, "part")).toEqual([0, 2, 5]);
    await again.admin!.cleanTombstones();
    expect(await valuesOf(again, "part")).toEqual([0, 2, 5]);
    expect(await valuesOf(await open(imageOf(dataDir)), "part")).toEqual([0, 2, 5]);
  });

  it("takes the series that match any selector, with the labels that they ask for", async () => {
    const store = await open(newDir());
    const job = (value: string) => hourly("up", [0], { job: value });
    await store.metrics.append(batchOf(job("a"), job("b"), job("c"), hourly("down", [0])));
    const isA: Matcher = { name: "job", op: "=", value: "a" };
    await store.admin!.deleteSeries([[...named("up"), isA], named("down")], ALL_TIME);
    expect((await readMetric(store, "up")).map(({ labels }) => labels[3])).toEqual(["b", "c"]);
    expect(await valuesOf(store, "down")).toEqual([]);
  });

  it("gives the space back, and a series that was deleted can begin anew", async () => {
    const dataDir = newDir();
    const store = await open(dataDir);
    await store.metrics.append(batchOf(hourly("m", [0, 1, 2, 3, 6])));
    await store.flush();
    const range = { startMs: T0 + HOUR_MS, endMs: T0 + 4 * HOUR_MS };
    await store.admin!.deleteSeries([named("m")], range);
    await store.admin!.cleanTombstones();
    expect(await valuesOf(store, "m")).toEqual([0, 6]);
    await store.admin!.deleteSeries([named("m")], ALL_TIME);
    await store.admin!.cleanTombstones();
    await store.metrics.append(batchOf(hourly("m", [1])));
    expect(await valuesOf(store, "m")).toEqual([1]);
    await store.close();
    const engine = await SupervisedEngine.open({ dataDir, nowMs: () => T0, log: () => {} });
    const count = async (table: string): Promise<number | undefined> => {
      const [answer] = await engine.query(`SELECT toFloat64(count()) AS n FROM avx.${table}`);
      return answer && floats(answer, "n")[0];
    };
    expect([await count("chunks"), await count("tombstones")]).toEqual([1, 0]);
    await engine.stop();
    expect(await valuesOf(await open(dataDir), "m")).toEqual([1]);
  });

  it("is refused while the engine restarts: it would not be durable", async () => {
    const store = await open(newDir());
    await store.metrics.append(batchOf(hourly("m", [0])));
    process.kill(store.enginePid(), "SIGKILL");
    await vi.waitFor(() => expect(store.health().ready).toBe(false), { interval: 1 });
    await expect(store.admin!.deleteSeries([named("m")], ALL_TIME)).rejects.toMatchObject({
      code: "store_unavailable",
    });
    expect(await valuesOf(store, "m")).toEqual([0]);
  });
});
