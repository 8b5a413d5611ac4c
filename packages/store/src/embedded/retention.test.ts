import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { batchOf, readMetric, recordOf, seriesOf, spanOf, T0 } from "../testing/sample-data.ts";
import { createEmbeddedStore, type EmbeddedStore } from "./embedded-store.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const DAY_MS = 86_400_000;
const ALL_TIME = { startMs: 0, endMs: 2 * T0 };

let nowMs = T0;
const cleanUps: (() => unknown)[] = [];

function newDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "avx-retention-"));
  cleanUps.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function open(dataDir: string): Promise<EmbeddedStore> {
  const store = await createEmbeddedStore({
    ...{ dataDir, nowMs: () => nowMs, log: () => {} },
    ...{ retentionMs: 30 * DAY_MS, traceRetentionMs: 2 * DAY_MS, logRetentionMs: "off" },
  });
  cleanUps.push(() => store.close());
  return store;
}

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  nowMs = T0;
});

async function write(store: EmbeddedStore, timeMs: number): Promise<void> {
  const nanos = BigInt(timeMs) * 1_000_000n;
  await store.metrics.append(batchOf(seriesOf({ __name__: "kept" }, [[timeMs, 1]])));
  await store.traces.append([spanOf("kept", { startUnixNano: nanos, endUnixNano: nanos })]);
  await store.logs.append([recordOf("kept", { timeUnixNano: nanos })]);
  await store.flush();
}

describe("the retention of each signal", () => {
  it("drops spans by theirs while metrics and log records stay", async () => {
    const dataDir = newDir();
    const first = await open(dataDir);
    await write(first, T0);
    await first.close();
    nowMs = T0 + 4 * DAY_MS;
    const later = await open(dataDir);
    expect(await later.traces.services(ALL_TIME)).toEqual([]);
    expect((await readMetric(later, "kept"))[0]?.values).toHaveLength(1);
    const search = { service: "kept", traceId: "", text: "", range: ALL_TIME, limit: 10 };
    expect(await later.logs.search(search)).toHaveLength(1);
  });

  it("is shown with what it takes of the disk and what it will take", async () => {
    const store = await open(newDir());
    await write(store, T0 - DAY_MS);
    await write(store, T0);
    const use = await store.admin!.storageUse();
    const bySignal = new Map(use.map((one) => [one.signal, one]));
    const startMs = Math.floor((T0 - DAY_MS) / DAY_MS) * DAY_MS;
    const metrics = bySignal.get("metrics")!;
    expect(metrics).toMatchObject({ days: 2, oldestMs: startMs, retentionMs: 30 * DAY_MS });
    expect(metrics.bytes).toBeGreaterThan(metrics.bytesPerDay!);
    expect(metrics.bytesAtFullRetention).toBe(metrics.bytesPerDay! * 30);
    expect(bySignal.get("traces")).toMatchObject({ days: 2, retentionMs: 2 * DAY_MS });
    expect(bySignal.get("logs")!.bytes).toBeGreaterThan(0);
    expect(bySignal.get("logs")!.bytesAtFullRetention).toBeUndefined();
    expect(bySignal.get("documents")).toMatchObject({ bytes: 0, days: 0, oldestMs: undefined });
  });
});
