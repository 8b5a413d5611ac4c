import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SupervisedEngine } from "../engine/supervised-engine.ts";
import {
  batchOf,
  NEVER,
  readMetric,
  recordOf,
  seriesOf,
  spanOf,
  T0,
} from "../testing/sample-data.ts";
import { createEmbeddedStore, type EmbeddedStore } from "./embedded-store.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const DAY_MS = 86_400_000;
const UNTIL = { timeout: 15_000, interval: 50 };

let nowMs = T0;
const lines: string[] = [];
const cleanUps: (() => unknown)[] = [];

function newDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "avx-store-"));
  cleanUps.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function open(dataDir: string, retentionMs: number | "off" = "off"): Promise<EmbeddedStore> {
  const log = (line: string) => lines.push(line);
  const store = await createEmbeddedStore({
    ...{ dataDir, retentionMs, rollupRetentionMs: retentionMs, nowMs: () => nowMs, log },
  });
  cleanUps.push(() => store.close());
  return store;
}

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  nowMs = T0;
});

describe("a kill -9 of the engine", () => {
  it("loses nothing, stops neither ingest nor recent queries, and heals by itself", async () => {
    const store = await open(newDir());
    const append = (n: number) =>
      store.metrics.append(batchOf(seriesOf({ __name__: "during" }, [[T0 + n, n]])));
    await store.metrics.append(batchOf(seriesOf({ __name__: "old" }, [[T0 - DAY_MS, 1]])));
    await store.flush();
    for (let n = 0; n < 200; n++) {
      if (n === 50) process.kill(store.enginePid(), "SIGKILL");
      await Promise.all([
        append(n),
        store.traces.append([spanOf("during", { spanId: String(n) })]),
        store.logs.append([recordOf("during", { body: String(n) })]),
      ]);
      if (n === 50) {
        await expect(readMetric(store, "old")).rejects.toMatchObject({
          code: "store_unavailable",
          status: 503,
          facts: { retryAfterSeconds: 2 },
        });
        expect((await readMetric(store, "during"))[0]?.values).toHaveLength(51);
      }
    }
    await vi.waitFor(
      () => expect(store.health()).toMatchObject({ ready: true, engineRestarts: 1 }),
      UNTIL,
    );
    expect(lines.join("\n")).toContain("engine ended (exit SIGKILL); restart 1");
    await store.flush();
    expect((await readMetric(store, "old"))[0]?.values).toHaveLength(1);
    expect([...(await readMetric(store, "during"))[0]!.values]).toEqual([...Array(200).keys()]);
    const spans = await store.traces.trace(spanOf("during", {}).traceId);
    expect(spans.map(({ spanId }) => Number(spanId)).sort((a, b) => a - b)).toEqual([
      ...Array(200).keys(),
    ]);
  });
});

/** Lets a child ingest until `appends` of them were acknowledged, then kills it with SIGKILL. */
async function ingestAndKill(dataDir: string, life: number, appends: number): Promise<number> {
  const entry = join(import.meta.dirname, "../testing/ingest-child.ts");
  const child: ChildProcess = fork(entry, [dataDir, String(life)], { execArgv: [] });
  let acked = -1;
  child.on("message", (n) => {
    acked = Number(n);
    if (acked === appends) child.kill("SIGKILL");
  });
  await once(child, "exit");
  return acked;
}

describe("a kill -9 of the whole process", () => {
  it("loses no acknowledged sample, span or log record and doubles none", async () => {
    const dataDir = newDir();
    const ackedOfLife: number[] = [];
    // 20 is right at a flush, 75 right after one, 40 between.
    for (const [life, appends] of [20, 75, 40].entries()) {
      ackedOfLife.push(await ingestAndKill(dataDir, life, appends));
    }
    const store = await open(dataDir);
    const spans = await store.traces.trace(spanOf("killed", {}).traceId);
    const range = { startMs: 0, endMs: 2 * T0 };
    const search = { service: "killed", traceId: "", text: "", range, limit: 10_000 };
    const records = await store.logs.search(search);
    for (const ids of [spans.map((span) => span.spanId), records.map(({ body }) => body)]) {
      expect(new Set(ids).size).toBe(ids.length);
      for (const [life, acked] of ackedOfLife.entries()) {
        for (let n = 0; n <= acked; n++) expect(ids).toContain(`${life}.${n}`);
      }
    }
    for (const [life, acked] of ackedOfLife.entries()) {
      const matchers = [{ name: "life", op: "=", value: String(life) }] as const;
      const [series] = await store.metrics.select(matchers, range, NEVER);
      expect([...series!.values.slice(0, acked + 1)]).toEqual([...Array(acked + 1).keys()]);
      expect(series!.values.length).toBeLessThanOrEqual(acked + 2);
    }
  });
});

describe("a data directory", () => {
  it("is refused while another process has it, taken over when that one is dead", async () => {
    const dataDir = newDir();
    const first = await open(dataDir);
    await expect(open(dataDir)).rejects.toMatchObject({ code: "data_dir_unusable" });
    await expect(open(dataDir)).rejects.toThrow(`process ${process.pid} is using it`);
    await first.close();
    // The highest process id of Linux is far below this one.
    writeFileSync(join(dataDir, "lock"), "999999999 1");
    await open(dataDir);
  });

  it("is refused when it is no directory or of another version", async () => {
    const dataDir = newDir();
    writeFileSync(join(dataDir, "file"), "");
    await expect(open(join(dataDir, "file"))).rejects.toMatchObject({ code: "data_dir_unusable" });
    const store = await open(dataDir);
    await store.close();
    const engine = await SupervisedEngine.open({ dataDir, nowMs: () => T0, log: () => {} });
    await engine.command("INSERT INTO avx.schema SELECT 99");
    await engine.stop();
    await expect(open(dataDir)).rejects.toThrow("its tables have version 99, this program knows");
  });

  it("forgets whole days beyond the retention, at start too", async () => {
    const dataDir = newDir();
    const store = await open(dataDir, 2 * DAY_MS);
    await store.metrics.append(
      batchOf(
        seriesOf({ __name__: "aging" }, [
          [T0 - DAY_MS, 1],
          [T0, 2],
        ]),
      ),
    );
    await store.traces.append([spanOf("aging", {})]);
    await store.close();
    nowMs = T0 + 2 * DAY_MS;
    const later = await open(dataDir, 2 * DAY_MS);
    const values = async () => [...((await readMetric(later, "aging"))[0]?.values ?? [])];
    await vi.waitFor(async () => expect(await values()).toEqual([2]), UNTIL);
    await later.close();
    nowMs = T0 + 4 * DAY_MS;
    const last = await open(dataDir, 2 * DAY_MS);
    await vi.waitFor(async () => {
      expect(await last.traces.services({ startMs: 0, endMs: 2 * T0 })).toEqual([]);
    }, UNTIL);
    expect(await readMetric(last, "aging")).toEqual([]);
    await last.metrics.append(batchOf(seriesOf({ __name__: "aging" }, [[nowMs, 3]])));
    await last.close();
    const again = await readMetric(await open(dataDir, 2 * DAY_MS), "aging");
    expect(again.map(({ values: found }) => [...found])).toEqual([[3]]);
  });
});
