import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, vi } from "vitest";
import { T0 } from "../testing/sample-data.ts";
import { describeStoreContract } from "../testing/store-contract.ts";
import { createEmbeddedStore, type EmbeddedStore } from "./embedded-store.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const dataDir = mkdtempSync(join(tmpdir(), "avx-store-"));
let store: EmbeddedStore;

async function open(): Promise<EmbeddedStore> {
  store = await createEmbeddedStore({
    dataDir,
    retentionMs: "off",
    nowMs: () => T0,
    log: () => {},
  });
  return store;
}

describeStoreContract("the embedded store", open, [
  {
    name: "after a flush to the engine",
    async reach() {
      await store.flush();
      return store;
    },
  },
  {
    name: "after a restart",
    async reach() {
      await store.close();
      return open();
    },
  },
]);

afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});
