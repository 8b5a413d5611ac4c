import { readFileSync } from "node:fs";
import { join } from "node:path";
import { labelsFromRecord } from "@avx/model";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type OneNodeCluster, startOneNodeCluster } from "../testing/one-node-cluster.ts";
import { batchOf, seriesOf, spanOf, T0 } from "../testing/sample-data.ts";
import { createClusterStore } from "./cluster-store.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const USERS = readFileSync(
  join(import.meta.dirname, "../../../../deploy/clickhouse/users.xml"),
  "utf8",
);
const DAY_MS = 86_400_000;

/** What a statement needs; names of ClickHouse's documentation of GRANT. */
const PRIVILEGES: readonly (readonly [RegExp, string])[] = [
  [/^SELECT /, "SELECT"],
  [/^INSERT INTO /, "INSERT"],
  [/^CREATE DATABASE /, "CREATE DATABASE"],
  [/^CREATE TABLE /, "CREATE TABLE"],
  [/^CREATE OR REPLACE VIEW /, "CREATE VIEW"],
  [/^DROP TABLE /, "DROP TABLE"],
  [/^TRUNCATE TABLE /, "TRUNCATE"],
  // InterpreterAlterQuery.cpp: dropping a partition counts as deleting.
  [/^ALTER TABLE \S+ ON CLUSTER '\w+'\s+(DELETE|DROP PARTITION) /, "ALTER DELETE"],
];

let cluster: OneNodeCluster;

beforeAll(async () => {
  cluster = await startOneNodeCluster();
});
afterAll(() => cluster.stop());

/** A server's life: all that it ever says to the cluster. */
async function live(): Promise<void> {
  let nowMs = T0;
  const options = {
    ...{ dataDir: join(cluster.directory, "server"), retentionMs: 2 * DAY_MS, peers: [] },
    ...{ nowMs: () => nowMs, log: () => {} },
    connection: { url: cluster.face.url, cluster: "avx", writer: 0 },
  };
  const store = await createClusterStore(options);
  const labels = labelsFromRecord({ __name__: "m" });
  for (const second of [1, 2]) {
    const at = T0 - second * 1000;
    const exemplar = { seriesLabels: labels, labels, value: second, timestampMs: at };
    const batch = batchOf(seriesOf({ __name__: "m" }, [[at, 1]]));
    await store.metrics.append({ ...batch, exemplars: [exemplar] });
    await store.traces.append([spanOf("s", { spanId: String(second) })]);
    await store.flush();
  }
  await store.admin.deleteSeries([[]], { startMs: T0 - 1000, endMs: T0 });
  await store.admin.cleanTombstones();
  await store.admin.storageUse();
  await store.close();
  nowMs += 4 * DAY_MS;
  await (await createClusterStore(options)).close();
}

it("the user of the compose file may do what a server does, and not much more", async () => {
  const grants = [...USERS.matchAll(/<query>(GRANT .*?)<\/query>/g)].map(([, grant]) => grant!);
  for (const grant of grants) await cluster.run(`EXPLAIN AST ${grant} TO avx`);
  const onDatabase = /^GRANT (.*) ON avx\.\*$/.exec(grants[0] ?? "")?.[1]?.split(", ");
  await live();
  const used = new Set<string>();
  for (const { query } of cluster.face.requests) {
    const [, privilege = `nothing known for ${query}`] =
      PRIVILEGES.find(([statement]) => statement.test(query)) ?? [];
    used.add(privilege);
  }
  expect([...used].sort()).toEqual(PRIVILEGES.map(([, privilege]) => privilege).sort());
  // A view is dropped when it is replaced.
  expect(onDatabase?.sort()).toEqual([...used, "DROP VIEW"].sort());
});
