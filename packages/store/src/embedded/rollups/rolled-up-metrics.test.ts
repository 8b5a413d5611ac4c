import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Matcher } from "@avx/model";
import { afterEach, describe, expect, it, vi } from "vitest";
import { arrays, floatData, floats, strings } from "../../engine/block-access.ts";
import { SupervisedEngine } from "../../engine/supervised-engine.ts";
import { batchOf, NEVER, seriesOf, T0 } from "../../testing/sample-data.ts";
import { seededRandom } from "../../testing/simulated-disk.ts";
import { createEmbeddedStore, type EmbeddedStore } from "../embedded-store.ts";
import { rollUp } from "./rollup.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let nowMs = T0;
const cleanUps: (() => unknown)[] = [];

function newDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "avx-rollups-"));
  cleanUps.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function open(dataDir: string): Promise<EmbeddedStore> {
  const store = await createEmbeddedStore({
    ...{ dataDir, nowMs: () => nowMs, log: () => {} },
    ...{ retentionMs: 2 * DAY_MS, rollupRetentionMs: 5 * DAY_MS },
  });
  cleanUps.push(() => store.close());
  return store;
}

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  nowMs = T0;
});

/** A sample a minute for 20 minutes from T0 on; the value is the minute. */
const minutely = (name: string, from = 0) =>
  seriesOf(
    { __name__: name },
    Array.from({ length: 20 }, (_, i) => [T0 + (from + i) * MINUTE_MS, from + i]),
  );

const named = (value: string): readonly Matcher[] => [{ name: "__name__", op: "=", value }];
const DAY_OF_T0 = { startMs: T0, endMs: T0 + DAY_MS };

async function pairs(store: EmbeddedStore, name: string, range = DAY_OF_T0) {
  const found = await store.metrics.select(named(name), range, NEVER);
  return found.flatMap(({ timestampsMs, values }) =>
    [...values].map((value, i) => [(timestampsMs[i]! - T0) / MINUTE_MS, value]),
  );
}

/** What is left of the 20 minutes: the first and the last sample of each 5. */
const THINNED = [0, 4, 5, 9, 10, 14, 15, 19].map((minute) => [minute, minute]);

/** A directory with `old` and `other` at T0, looked at two and a half days later. */
async function expired(dataDir: string): Promise<EmbeddedStore> {
  nowMs = T0 + 30 * MINUTE_MS;
  const store = await open(dataDir);
  await store.metrics.append(batchOf(minutely("old"), minutely("other")));
  await store.close();
  nowMs = T0 + 3.5 * DAY_MS;
  return open(dataDir);
}

describe("samples older than the retention", () => {
  it("are answered from 5-minute roll-ups, and still after a restart", async () => {
    const dataDir = newDir();
    const store = await expired(dataDir);
    expect(await pairs(store, "old")).toEqual(THINNED);
    expect(
      await pairs(store, "old", { startMs: T0 + 5 * MINUTE_MS, endMs: T0 + 9 * MINUTE_MS }),
    ).toEqual([
      [5, 5],
      [9, 9],
    ]);
    const estimate = await store.metrics.estimate(named("old"), DAY_OF_T0);
    expect(estimate).toMatchObject({ series: 1, samples: 8 });
    expect(estimate.remark).toContain("5-minute roll-ups");
    await store.close();
    expect(await pairs(await open(dataDir), "old")).toEqual(THINNED);
  });

  it("continue in the raw samples of the same series", async () => {
    const store = await expired(newDir());
    await store.metrics.append(batchOf(seriesOf({ __name__: "old" }, [[nowMs, 77]])));
    const found = await pairs(store, "old", { startMs: T0, endMs: nowMs });
    expect(found).toEqual([...THINNED, [(nowMs - T0) / MINUTE_MS, 77]]);
    expect(await store.metrics.select([], { startMs: T0, endMs: nowMs }, NEVER)).toHaveLength(2);
  });

  it("show in the lists of series and labels over such times, and only there", async () => {
    const { metrics } = await expired(newDir());
    await metrics.append(batchOf(seriesOf({ __name__: "new", zone: "z" }, [[nowMs, 1]])));
    const ever = { startMs: -8.64e15, endMs: 8.64e15 };
    expect(await metrics.labelValues("__name__", [], ever)).toEqual(["new", "old", "other"]);
    expect(await metrics.labelValues("__name__", [named("old")], ever)).toEqual(["old"]);
    expect(await metrics.labelValues("__name__", [], DAY_OF_T0)).toEqual(["old", "other"]);
    expect(await metrics.labelNames([], ever)).toEqual(["__name__", "zone"]);
    expect(await metrics.labelNames([], DAY_OF_T0)).toEqual(["__name__"]);
    expect(await metrics.series([], ever)).toHaveLength(3);
    const lately = { startMs: nowMs - DAY_MS, endMs: nowMs };
    expect(await metrics.labelValues("__name__", [], lately)).toEqual(["new"]);
  });

  it("are rolled up anew when late ones come", async () => {
    const dataDir = newDir();
    nowMs = T0 + 30 * MINUTE_MS;
    const store = await open(dataDir);
    await store.metrics.append(batchOf(minutely("late")));
    await store.flush();
    const late = seriesOf({ __name__: "late" }, [[T0 + 14.5 * MINUTE_MS, 100]]);
    await store.metrics.append(batchOf(late));
    await store.close();
    nowMs = T0 + 3.5 * DAY_MS;
    const found = await pairs(await open(dataDir), "late");
    expect(found).toEqual(THINNED.map(([m, v]) => (m === 14 ? [14.5, 100] : [m, v])));
  });

  it("go after the retention of roll-ups", async () => {
    const dataDir = newDir();
    await (await expired(dataDir)).close();
    nowMs = T0 + 7 * DAY_MS;
    expect(await pairs(await open(dataDir), "old")).toEqual([]);
  });

  it("take the labels of their series with them, but of none that lives on", async () => {
    const dataDir = newDir();
    const atNoon = (name: string) => batchOf(seriesOf({ __name__: name }, [[nowMs, 1]]));
    const labels = async (): Promise<unknown[]> => {
      const engine = await SupervisedEngine.open({ dataDir, nowMs: () => T0, log: () => {} });
      const found = await engine.query(
        "SELECT labels['__name__'] AS name FROM avx.series ORDER BY name",
      );
      await engine.stop();
      return found.flatMap((block) =>
        Array.from({ length: block.rows }, (_, row) => strings(block, "name").text(row)),
      );
    };
    const store = await expired(dataDir);
    await store.metrics.append(batchOf(...["old", "new"].flatMap((name) => atNoon(name).series)));
    await store.close();
    expect(await labels()).toEqual(["new", "old", "old", "other"]);
    nowMs = T0 + 7 * DAY_MS;
    const later = await open(dataDir);
    const taken = await later.metrics.append(atNoon("other"));
    expect(taken.accepted).toBe(1);
    await later.close();
    expect(await labels()).toEqual(["new", "old", "other"]);
    const again = await open(dataDir);
    expect(await pairs(again, "other", { startMs: nowMs, endMs: nowMs })).toHaveLength(1);
  });

  it("can be deleted, before they expire and after", async () => {
    const dataDir = newDir();
    nowMs = T0 + 30 * MINUTE_MS;
    const store = await open(dataDir);
    await store.metrics.append(batchOf(minutely("early"), minutely("old"), minutely("other")));
    await store.admin!.deleteSeries([named("early")], DAY_OF_T0);
    await store.close();
    nowMs = T0 + 3.5 * DAY_MS;
    const later = await open(dataDir);
    expect(await pairs(later, "early")).toEqual([]);
    const range = { startMs: T0 + 6 * MINUTE_MS, endMs: T0 + 12 * MINUTE_MS };
    await later.admin!.deleteSeries([named("old")], range);
    const left = THINNED.filter(([minute]) => minute! < 5 || minute! >= 15);
    expect(await pairs(later, "old")).toEqual(left);
    await later.admin!.cleanTombstones();
    expect(await pairs(later, "old")).toEqual(left);
    expect(await pairs(later, "early")).toEqual([]);
    expect(await pairs(later, "other")).toEqual(THINNED);
    await later.close();
    const again = await open(dataDir);
    expect(await pairs(again, "old")).toEqual(left);
    expect(await pairs(again, "early")).toEqual([]);
  });

  it("are rows of a view for SQL by hand", async () => {
    const dataDir = newDir();
    await (await expired(dataDir)).close();
    const engine = await SupervisedEngine.open({ dataDir, nowMs: () => T0, log: () => {} });
    const [rows] = await engine.query(
      `SELECT groupArray([toFloat64(count), sum, min, max, first, last, increase]) AS all,
         toFloat64(min(toUnixTimestamp(ts))) AS firstS
       FROM (SELECT * FROM avx.samples_5m WHERE metric = 'old' ORDER BY ts)`,
    );
    await engine.stop();
    const { items } = arrays(rows!, "all");
    if (items.kind !== "array") throw new Error("not rows");
    expect([...floatData(items.items, "all")].slice(0, 14)).toEqual([
      ...[5, 10, 0, 4, 0, 4, 4],
      ...[5, 35, 5, 9, 5, 9, 4],
    ]);
    expect(floats(rows!, "firstS")[0]).toBe(T0 / 1000);
  });

  it("hold exactly what was rolled up, of integers and others, at regular times and others", async () => {
    const random = seededRandom(11);
    const kinds: Readonly<Record<string, (i: number, before: number) => number>> = {
      steady_total: (_, before) => before + 7 + Math.floor(random() * 3),
      resetting_total: (i, before) => (i % 50 === 49 ? 1 : before + Math.floor(random() * 9)),
      bytes_total: (_, before) => before + Math.floor(random() * 2 ** 38),
      gauge: () => Math.floor(random() * 2001) - 1000,
      ratio: () => random() - 0.5,
      huge: () => Math.floor(random() * 8) * 2 ** 52,
    };
    const all = Object.entries(kinds).map(([name, next]) => {
      let value = 0;
      const samples = Array.from({ length: 300 }, (_, i) => {
        value = next(i, value);
        const beside = i % 7 === 0 ? Math.floor(random() * 9_000) : 0;
        return [T0 + i * 10_000 + beside, value] as const;
      });
      return seriesOf({ __name__: name }, samples);
    });
    const dataDir = newDir();
    nowMs = T0 + 55 * MINUTE_MS;
    const store = await open(dataDir);
    await store.metrics.append(batchOf(...all));
    await store.close();
    const engine = await SupervisedEngine.open({ dataDir, nowMs: () => T0, log: () => {} });
    for (const [i, name] of Object.keys(kinds).entries()) {
      const [rows] = await engine.query(
        `SELECT toFloat64(count) AS count, sum, min, max, first, last, increase
         FROM avx.samples_5m WHERE metric = '${name}' ORDER BY ts`,
      );
      const isCounter = name.endsWith("_total");
      const rolled = rollUp({ startMs: T0, columns: all[i]!, isCounter })!;
      for (const column of ["count", "sum", "min", "max", "first", "last", "increase"] as const) {
        expect([...floats(rows!, column)], `${name} ${column}`).toEqual(rolled[column]);
      }
      const [raw] = await engine.query(
        `SELECT value FROM avx.samples WHERE metric = '${name}' ORDER BY ts`,
      );
      expect([...floats(raw!, "value")]).toEqual([...all[i]!.values]);
    }
    await engine.stop();
  });
});
