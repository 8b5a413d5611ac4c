import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labelsFromRecord } from "@avx/model";
import { afterEach, describe, expect, it, vi } from "vitest";
import { floats } from "../engine/block-access.ts";
import type { Engine } from "../engine/engine.ts";
import { SupervisedEngine } from "../engine/supervised-engine.ts";
import { HeadSeries } from "../head/head-series.ts";
import { SampleBlock } from "../head/sample-block.ts";
import { readMetric, T0 } from "../testing/sample-data.ts";
import { SqlChunkStore } from "./chunks/sql-chunk-store.ts";
import { createEmbeddedStore } from "./embedded-store.ts";
import { MIGRATIONS, migrate, SCHEMA_VERSION } from "./migrations.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function newDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "avx-migrations-"));
  cleanUps.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function withEngine<T>(dataDir: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await SupervisedEngine.open({ dataDir, nowMs: () => T0, log: () => {} });
  try {
    return await work(engine);
  } finally {
    await engine.stop();
  }
}

/** A directory as the program of that version left it, with one sample of the metric `old`. */
async function directoryOf(version: number): Promise<string> {
  const dataDir = newDir();
  await withEngine(dataDir, async (engine) => {
    await engine.command("CREATE DATABASE avx ENGINE = Atomic");
    await engine.command(
      "CREATE TABLE avx.schema (version UInt32) ENGINE = MergeTree ORDER BY version",
    );
    for (const { version: step, statements } of MIGRATIONS) {
      if (step > version) break;
      for (const statement of statements) await engine.command(statement);
      await engine.command(`INSERT INTO avx.schema SELECT ${step}`);
    }
    const series = new HeadSeries(7, labelsFromRecord({ __name__: "old" }));
    const block = new SampleBlock(T0);
    block.write({ timestampsMs: Float64Array.of(T0 + 5), values: Float64Array.of(42) }, 0, 1);
    await new SqlChunkStore(engine).insert([{ series, block }], "fixture");
  });
  return dataDir;
}

function versionOf(dataDir: string): Promise<number | undefined> {
  return withEngine(dataDir, async (engine) => {
    const [found] = await engine.query("SELECT toFloat64(max(version)) AS v FROM avx.schema");
    return found && floats(found, "v")[0];
  });
}

const OLDER = MIGRATIONS.map(({ version }) => version).filter((one) => one < SCHEMA_VERSION);

describe("migrations of a data directory", () => {
  it.each(OLDER)("bring one of version %i forward, with its data", async (version) => {
    const dataDir = await directoryOf(version);
    const lines: string[] = [];
    const store = await createEmbeddedStore({
      ...{ dataDir, nowMs: () => T0, retentionMs: "off", log: (line) => lines.push(line) },
    });
    expect((await readMetric(store, "old")).map(({ values }) => [...values])).toEqual([[42]]);
    await store.admin!.deleteSeries([[{ name: "__name__", op: "=", value: "old" }]], {
      ...{ startMs: 0, endMs: 2 * T0 },
    });
    expect(await readMetric(store, "old")).toEqual([]);
    await store.close();
    expect(lines.join()).toContain(`from version ${version} to ${SCHEMA_VERSION}`);
    expect(await versionOf(dataDir)).toBe(SCHEMA_VERSION);
  });

  it("go on where a process died in the middle of one", async () => {
    const dataDir = await directoryOf(1);
    const steps = MIGRATIONS.flatMap(({ version, statements }) => (version > 1 ? statements : []));
    for (let done = 1; done <= steps.length; done++) {
      await withEngine(dataDir, async (engine) => {
        let left = done + 2;
        const dying = new Proxy(engine, {
          get: (target, name, receiver) => {
            if (name !== "command") return Reflect.get(target, name, target);
            return async (sql: string) => {
              if (left-- === 0) throw new Error("died");
              return Reflect.get(target, name, receiver).call(target, sql);
            };
          },
        });
        await migrate(dying, { dataDir, log: () => {} }).catch(() => {});
      });
    }
    await withEngine(dataDir, (engine) => migrate(engine, { dataDir, log: () => {} }));
    expect(await versionOf(dataDir)).toBe(SCHEMA_VERSION);
  });

  it("have versions that follow one another", () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, i) => i + 1));
  });
});
