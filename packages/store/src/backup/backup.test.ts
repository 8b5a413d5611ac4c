import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createEmbeddedStore, type EmbeddedStore } from "../embedded/embedded-store.ts";
import {
  batchOf,
  NEVER,
  readMetric,
  recordOf,
  seriesOf,
  spanOf,
  T0,
} from "../testing/sample-data.ts";
import { backUp } from "./back-up.ts";
import { restore } from "./restore.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const ALL_TIME = { startMs: 0, endMs: 2 * T0 };
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A folder for data directories and backups that do not exist yet. */
function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), "avx-backup-"));
  cleanUps.push(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

async function open(dataDir: string): Promise<EmbeddedStore> {
  const store = await createEmbeddedStore({
    ...{ dataDir, nowMs: () => T0, log: () => {}, retentionMs: "off" },
  });
  cleanUps.push(() => store.close());
  return store;
}

async function write(store: EmbeddedStore, n: number): Promise<void> {
  await store.metrics.append(batchOf(seriesOf({ __name__: "m" }, [[T0 + n, n]])));
  await store.traces.append([spanOf("m", { spanId: String(n) })]);
  await store.logs.append([recordOf("m", { body: String(n) })]);
}

async function read(store: EmbeddedStore): Promise<unknown> {
  const search = { service: "m", traceId: "", text: "", range: ALL_TIME, limit: 100 };
  const spans = await store.traces.trace(spanOf("m", {}).traceId);
  return {
    samples: (await readMetric(store, "m")).flatMap(({ values }) => [...values]),
    spans: spans.map(({ spanId }) => spanId).sort(),
    logs: (await store.logs.search(search)).map(({ body }) => body).sort(),
  };
}

const THREE = { samples: [0, 1, 2], spans: ["0", "1", "2"], logs: ["0", "1", "2"] };

/** A stopped directory with three of everything, one of them only in the log. */
async function stoppedDirectory(root: string): Promise<string> {
  const dataDir = join(root, "data");
  const store = await open(dataDir);
  for (let n = 0; n < 3; n++) await write(store, n);
  await store.close();
  return dataDir;
}

describe("a backup", () => {
  it("of a stopped directory is restored whole", async () => {
    const root = newRoot();
    const to = join(root, "backup");
    const done = await backUp({ dataDir: await stoppedDirectory(root), to, nowMs: T0 });
    expect(done.isOnline).toBe(false);
    await restore({ from: to, dataDir: join(root, "restored") });
    expect(await read(await open(join(root, "restored")))).toEqual(THREE);
  });

  it("of a running server has tables and logs, and disturbs nothing", async () => {
    const root = newRoot();
    const dataDir = join(root, "data");
    const store = await open(dataDir);
    await write(store, 0);
    await store.flush();
    await write(store, 1);
    await write(store, 2);
    const done = await backUp({ dataDir, to: join(root, "backup"), nowMs: T0 });
    expect(done.isOnline).toBe(true);
    expect(readdirSync(join(dataDir, "snapshots"))).toEqual([]);
    await write(store, 3);
    await store.flush();
    expect(await store.traces.trace(spanOf("m", {}).traceId)).toHaveLength(4);
    await restore({ from: join(root, "backup"), dataDir: join(root, "restored") });
    expect(await read(await open(join(root, "restored")))).toEqual(THREE);
  });

  it("under load has everything acknowledged before it, also when the server is killed after", async () => {
    const root = newRoot();
    const dataDir = join(root, "data");
    const entry = join(import.meta.dirname, "../testing/ingest-child.ts");
    const child: ChildProcess = fork(entry, [dataDir, "0"], { execArgv: [] });
    cleanUps.push(() => child.kill("SIGKILL"));
    let acked = -1;
    await new Promise<void>((resolve) => {
      child.on("message", (n) => {
        acked = Number(n);
        if (acked === 120) resolve();
      });
    });
    const before = acked;
    const { isOnline } = await backUp({ dataDir, to: join(root, "backup"), nowMs: T0 });
    expect(isOnline).toBe(true);
    expect(acked).toBeGreaterThan(before);
    child.kill("SIGKILL");
    await once(child, "exit");
    await restore({ from: join(root, "backup"), dataDir: join(root, "restored") });
    const store = await open(join(root, "restored"));
    const matchers = [{ name: "__name__", op: "=", value: "killed" }] as const;
    const [series] = await store.metrics.select(matchers, ALL_TIME, NEVER);
    expect([...series!.values.slice(0, before + 1)]).toEqual([...Array(before + 1).keys()]);
    const spans = await store.traces.trace(spanOf("killed", {}).traceId);
    const search = { service: "killed", traceId: "", text: "", range: ALL_TIME, limit: 100_000 };
    const records = await store.logs.search(search);
    for (const ids of [spans.map(({ spanId }) => spanId), records.map(({ body }) => body)]) {
      expect(new Set(ids).size).toBe(ids.length);
      for (let n = 0; n <= before; n++) expect(ids).toContain(`0.${n}`);
    }
  });

  it("is refused into the directory that it copies", async () => {
    const dataDir = join(newRoot(), "data");
    mkdirSync(join(dataDir, "engine"), { recursive: true });
    for (const to of [
      join(dataDir, "backup"),
      join(dataDir, "..", "data", "a", "..", "b"),
      dataDir,
    ]) {
      await expect(backUp({ dataDir, to, nowMs: T0 })).rejects.toThrow(
        "lies in the data directory",
      );
    }
    expect(readdirSync(dataDir)).toEqual(["engine"]);
    await expect(
      backUp({ dataDir, to: join(dataDir, "..", "..data"), nowMs: T0 }),
    ).resolves.toMatchObject({ isOnline: false });
  });

  it("is refused into a folder that holds something, and of a folder that holds no data", async () => {
    const root = newRoot();
    const dataDir = await stoppedDirectory(root);
    await expect(backUp({ dataDir, to: root, nowMs: T0 })).rejects.toThrow("is not empty");
    const to = join(root, "backup");
    await expect(backUp({ dataDir: root, to, nowMs: T0 })).rejects.toThrow("holds no data");
  });
});

describe("a restore", () => {
  it("refuses a damaged, a cut and an unfinished backup, and a target with anything in it", async () => {
    const root = newRoot();
    const from = join(root, "backup");
    await backUp({ dataDir: await stoppedDirectory(root), to: from, nowMs: T0 });
    const target = join(root, "target");
    mkdirSync(target);
    writeFileSync(join(target, "mine"), "");
    await expect(restore({ from, dataDir: target })).rejects.toThrow("is not empty");
    rmSync(join(target, "mine"));
    appendFileSync(join(from, "data/engine/metadata/avx.sql"), "x");
    await expect(restore({ from, dataDir: target })).rejects.toThrow("avx.sql is damaged");
    rmSync(join(from, "data/engine/metadata/avx.sql"));
    await expect(restore({ from, dataDir: target })).rejects.toThrow("avx.sql is missing");
    rmSync(join(from, "manifest.json"));
    await expect(restore({ from, dataDir: target })).rejects.toThrow("no whole backup");
    expect(readdirSync(target)).toEqual([]);
  });

  it("that was interrupted leaves a directory that no store opens", async () => {
    const dataDir = newRoot();
    mkdirSync(join(dataDir, "restoring"));
    await expect(open(dataDir)).rejects.toThrow("a restore into it was interrupted");
  });
});

describe("a snapshot", () => {
  it("is a data directory of its own; without the head it has only what the engine has", async () => {
    const dataDir = join(newRoot(), "data");
    const store = await open(dataDir);
    await write(store, 0);
    await store.flush();
    await write(store, 1);
    const whole = await store.admin!.snapshot({ skipHead: false });
    const old = await store.admin!.snapshot({ skipHead: true });
    expect(whole).toMatch(/^\d{8}T\d{6}Z-[0-9a-f]{16}$/);
    const valuesOf = async (name: string) => {
      const copy = await open(join(dataDir, "snapshots", name));
      return (await readMetric(copy, "m")).flatMap(({ values }) => [...values]);
    };
    expect(await valuesOf(whole)).toEqual([0, 1]);
    expect(await valuesOf(old)).toEqual([0]);
    expect(await read(store)).toMatchObject({ samples: [0, 1] });
  });
});
