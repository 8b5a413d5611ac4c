import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { floats, strings } from "../../engine/block-access.ts";
import { SupervisedEngine } from "../../engine/supervised-engine.ts";
import { batchOf, seriesOf, T0 } from "../../testing/sample-data.ts";
import { createEmbeddedStore } from "../embedded-store.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

it("shows SQL by hand one row for each sample, the last write of a timestamp only", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "avx-view-"));
  const common = { dataDir, nowMs: () => T0, log: () => {} };
  const store = await createEmbeddedStore({ ...common, retentionMs: "off" });
  for (const [first, second] of [
    [1, 2],
    [10, 20.5],
  ] as const) {
    const samples = [
      [T0, first],
      [T0 + first, second],
    ] as const;
    await store.metrics.append(batchOf(seriesOf({ __name__: "viewed", job: "a" }, samples)));
    await store.flush();
  }
  await store.close();
  const engine = await SupervisedEngine.open(common);
  const [block] = await engine.query(
    `SELECT toString(labels['job']) AS job, toFloat64(toUnixTimestamp64Milli(ts)) AS ms, value
     FROM avx.samples WHERE metric = 'viewed' ORDER BY ts`,
  );
  await engine.stop();
  rmSync(dataDir, { recursive: true, force: true });
  expect([...floats(block!, "ms")]).toEqual([T0, T0 + 1, T0 + 10]);
  expect([...floats(block!, "value")]).toEqual([10, 2, 20.5]);
  expect(strings(block!, "job").text(2)).toBe("a");
});
