import { join } from "node:path";
import { afterAll, beforeAll, vi } from "vitest";
import { type OneNodeCluster, startOneNodeCluster } from "../testing/one-node-cluster.ts";
import { T0 } from "../testing/sample-data.ts";
import { describeStoreContract } from "../testing/store-contract.ts";
import { type ClusterStore, createClusterStore } from "./cluster-store.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let cluster: OneNodeCluster;
let store: ClusterStore;

beforeAll(async () => {
  cluster = await startOneNodeCluster();
});

async function open(): Promise<ClusterStore> {
  store = await createClusterStore({
    ...{ dataDir: join(cluster.directory, "server-0"), retentionMs: "off", nowMs: () => T0 },
    log: () => {},
    connection: { url: cluster.face.url, cluster: "avx", writer: 0 },
    peers: [],
  });
  return store;
}

describeStoreContract("the cluster store", open, [
  {
    name: "after a flush to the cluster",
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
  await cluster.stop();
});
