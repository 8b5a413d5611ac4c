import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmbeddedStore } from "@avx/store";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runBackup, runRestore } from "./backup-command.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const NOW_MS = 1_700_000_100_000;
const options = { env: {}, nowMs: () => NOW_MS };

let root = "";
const path = (name: string): string => join(root, name);
const open = (name: string) =>
  createEmbeddedStore({
    ...{ dataDir: path(name), retentionMs: "off", nowMs: () => NOW_MS, log: () => {} },
  });

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "avx-backup-command-"));
  const store = await open("data");
  const series = [
    {
      labels: ["__name__", "kept"] as never, // two sorted texts, as labelsFromRecord makes them
      timestampsMs: Float64Array.of(NOW_MS),
      values: Float64Array.of(7),
    },
  ];
  await store.metrics.append({ series, metadata: [], exemplars: [] });
  await store.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("avx backup and avx restore", () => {
  it("copy a directory and make a new one of the copy", async () => {
    const said = await runBackup(["--data-dir", path("data"), "--to", path("copy")], options);
    expect(said).toMatch(/^backed up a stopped directory: \d+ files, \d+\.\d MiB, 0\.0 s\n$/);
    const env = { AVX_DATA_DIR: path("new") };
    const restored = await runRestore(["--from", path("copy")], { ...options, env });
    expect(restored).toContain(`into ${path("new")}; all checksums are right`);
    const store = await open("new");
    const matchers = [{ name: "__name__", op: "=", value: "kept" }] as const;
    const range = { startMs: 0, endMs: 2 * NOW_MS };
    const found = await store.metrics.select(matchers, range, new AbortController().signal);
    expect(found.map(({ values }) => [...values])).toEqual([[7]]);
    await store.close();
  });

  it.each([
    [runBackup, [], "--to: is needed"],
    [runRestore, ["--data-dir", "x"], "--from: is needed"],
    [runBackup, ["--frobnicate"], "frobnicate"],
  ])("refuse a wrong command line with one sentence", async (run, argv, words) => {
    await expect(run(argv, options)).rejects.toMatchObject({ code: "invalid_config" });
    await expect(run(argv, options)).rejects.toThrow(words);
  });
});
