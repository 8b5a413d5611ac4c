import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { batchOf, readMetric, recordOf, seriesOf, spanOf, T0 } from "../testing/sample-data.ts";
import { createEmbeddedStore, type EmbeddedStore } from "./embedded-store.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const UNTIL = { timeout: 15_000, interval: 20 };
const DAY_MS = 86_400_000;
const ALL = { startMs: 0, endMs: 2 * T0 };

describe("a store whose engine is parked", () => {
  let dataDir: string;
  let store: EmbeddedStore;

  const open = (): Promise<EmbeddedStore> =>
    createEmbeddedStore({
      ...{ dataDir, retentionMs: "off", nowMs: () => T0, log: () => {} },
      engineIdleMs: 50,
    });
  /** Parked and gone: the process takes a moment to end. */
  const untilParked = (): Promise<void> =>
    vi.waitFor(() => {
      expect(store.health().engineParked).toBe(true);
      expect(store.enginePid()).toBe(0);
    }, UNTIL);
  const spanIds = async (): Promise<string[]> =>
    (await store.traces.trace(spanOf("parked", {}).traceId)).map(({ spanId }) => spanId).sort();

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), "avx-parked-"));
    store = await open();
    await untilParked();
  });

  afterEach(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("is ready, takes everything, and answers from memory without the engine", async () => {
    await store.metrics.append(batchOf(seriesOf({ __name__: "m" }, [[T0, 1]])));
    await store.traces.append([spanOf("parked", { spanId: "a" })]);
    await store.logs.append([recordOf("parked", { body: "a" })]);
    expect((await readMetric(store, "m"))[0]?.values).toHaveLength(1);
    expect(store.health()).toMatchObject({ ready: true, engineParked: true, engineRestarts: 0 });
    expect(store.enginePid()).toBe(0);
  });

  it("answers what needs the engine, with what is not there yet", async () => {
    await store.traces.append([spanOf("parked", { spanId: "a" })]);
    expect(await spanIds()).toEqual(["a"]);
    expect(store.health().engineWakes).toBeGreaterThan(0);
    await store.flush();
    await untilParked();
    await store.traces.append([spanOf("parked", { spanId: "b" })]);
    expect(await spanIds()).toEqual(["a", "b"]);
  });

  it("moves, deletes and counts as ever", async () => {
    await store.metrics.append(batchOf(seriesOf({ __name__: "old" }, [[T0 - DAY_MS, 1]])));
    await store.flush();
    await untilParked();
    expect((await readMetric(store, "old"))[0]?.values).toHaveLength(1);
    await untilParked();
    const use = await store.admin?.storageUse();
    expect(use?.find(({ signal }) => signal === "metrics")?.bytes).toBeGreaterThan(0);
    await untilParked();
    await store.admin?.deleteSeries([[{ name: "__name__", op: "=", value: "old" }]], ALL);
    await untilParked();
    expect(await readMetric(store, "old")).toEqual([]);
  });

  it("makes snapshots, with what waits in the logs", async () => {
    await store.traces.append([spanOf("parked", { spanId: "a" })]);
    const name = await store.admin?.snapshot({ skipHead: false });
    expect(existsSync(join(dataDir, "snapshots", name!, "wal", "traces"))).toBe(true);
  });

  it("answers every one of many who ask while it is parked again and again", async () => {
    await store.traces.append([spanOf("parked", { spanId: "a" })]);
    await store.flush();
    for (let round = 0; round < 5; round++) {
      await untilParked();
      const answers = await Promise.all(Array.from({ length: 8 }, spanIds));
      expect(answers).toEqual(Array(8).fill(["a"]));
    }
    expect(store.health().engineRestarts).toBe(0);
  });

  it("holds what came meanwhile, and makes rows of it when it closes", async () => {
    await store.logs.append([recordOf("parked", { body: "held" })]);
    await store.close();
    store = await open();
    const search = { service: "parked", traceId: "", text: "", range: ALL, limit: 10 };
    expect((await store.logs.search(search)).map(({ body }) => body)).toEqual(["held"]);
  });
});
