import { join } from "node:path";
import { labelsToRecord, type Matcher } from "@avx/model";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type OneNodeCluster, startOneNodeCluster } from "../testing/one-node-cluster.ts";
import { batchOf, seriesOf, spanOf, T0 } from "../testing/sample-data.ts";
import type { ClusterPeer } from "./cluster-metrics.ts";
import { type ClusterStore, createClusterStore } from "./cluster-store.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const RANGE = { startMs: T0 - 1e7, endMs: T0 + 1e7 };
const ALL: Matcher[] = [{ name: "__name__", op: "=", value: "m" }];

let cluster: OneNodeCluster;
const open: ClusterStore[] = [];
const lines: string[] = [];

beforeAll(async () => {
  cluster = await startOneNodeCluster();
});
afterEach(async () => {
  cluster.face.isDown = false;
  await Promise.all(open.splice(0).map((store) => store.close()));
  lines.length = 0;
});
afterAll(() => cluster.stop());

async function server(writer: number, peers: readonly ClusterPeer[] = []): Promise<ClusterStore> {
  const store = await createClusterStore({
    ...{ dataDir: join(cluster.directory, `server-${writer}`), retentionMs: "off", peers },
    nowMs: () => T0,
    log: (line) => lines.push(line),
    connection: { url: cluster.face.url, cluster: "avx", writer },
  });
  open.push(store);
  return store;
}

/** What a server tells its peers: what it has itself. */
function peerOf(store: ClusterStore): ClusterPeer {
  return {
    select: (...asked) => store.metrics.select(...asked),
    series: (...asked) => store.metrics.series(...asked),
  };
}

async function read(store: ClusterStore, run: string): Promise<Record<string, number[]>> {
  const matchers: Matcher[] = [...ALL, { name: "run", op: "=", value: run }];
  const found = await store.metrics.select(matchers, RANGE, new AbortController().signal);
  return Object.fromEntries(
    found.map(({ labels, values }) => [labelsToRecord(labels)["on"] ?? "", [...values]]),
  );
}

const sample = (run: string, on: string, [timeMs, value]: readonly [number, number]) =>
  batchOf(seriesOf({ __name__: "m", run, on }, [[T0 + timeMs, value]]));

describe("several servers in front of one cluster", () => {
  it("answer with what each of them has put into the cluster", async () => {
    const [a, b] = [await server(1), await server(2)];
    await a.metrics.append(sample("stored", "a", [0, 1]));
    await a.metrics.append(sample("stored", "both", [0, 1]));
    await b.metrics.append(sample("stored", "both", [1, 2]));
    await a.flush();
    expect(await read(b, "stored")).toEqual({ both: [2] });
    await b.refresh();
    expect(await read(b, "stored")).toEqual({ a: [1], both: [1, 2] });
    expect(await b.metrics.labelValues("on", [ALL], RANGE)).toEqual(["a", "both"]);
    expect(await b.metrics.labelNames([ALL], RANGE)).toEqual(["__name__", "on", "run"]);
  });

  it("answer with what a peer has not put there yet, a sample of two once", async () => {
    const a = await server(3);
    const b = await server(4, [peerOf(a)]);
    await a.metrics.append(sample("recent", "both", [0, 1]));
    await b.metrics.append(sample("recent", "both", [0, 1]));
    await b.metrics.append(sample("recent", "both", [1, 2]));
    await a.metrics.append(sample("recent", "a", [5, 5]));
    expect(await read(b, "recent")).toEqual({ a: [5], both: [1, 2] });
    await a.flush();
    await b.refresh();
    expect(await read(b, "recent")).toEqual({ a: [5], both: [1, 2] });
  });

  it("answer without a peer that fails, and say so once a minute", async () => {
    const failing: ClusterPeer = {
      select: () => Promise.reject(new Error("no answer")),
      series: () => Promise.reject(new Error("no answer")),
    };
    const a = await server(5, [failing]);
    await a.metrics.append(sample("alone", "a", [0, 1]));
    expect(await read(a, "alone")).toEqual({ a: [1] });
    expect(await read(a, "alone")).toEqual({ a: [1] });
    expect(lines.filter((line) => line.includes("no answer"))).toHaveLength(1);
  });

  it("share spans: what one of them took, all show", async () => {
    const [a, b] = [await server(6), await server(7)];
    const traceId = "c".repeat(32);
    await a.traces.append([spanOf("cluster", { traceId })]);
    await a.flush();
    expect(await b.traces.trace(traceId)).toHaveLength(1);
  });
});

describe("a cluster that is away", () => {
  it("takes samples all the same, refuses old questions with a typed error, and heals", async () => {
    const a = await server(8);
    await a.metrics.append(sample("away", "a", [0, 1]));
    await a.flush();
    cluster.face.isDown = true;
    await a.metrics.append(sample("away", "a", [1, 2]));
    await expect(read(a, "away")).rejects.toMatchObject({ code: "store_unavailable" });
    await expect(a.flush()).rejects.toMatchObject({ code: "store_unavailable" });
    expect(a.health()).toMatchObject({ ready: false });
    cluster.face.isDown = false;
    await a.flush();
    expect(await read(a, "away")).toEqual({ a: [1, 2] });
    expect(a.health()).toMatchObject({ ready: true });
  });

  it("refuses to open: the operator sees why", async () => {
    cluster.face.isDown = true;
    await expect(server(9)).rejects.toMatchObject({ code: "store_unavailable" });
  });
});

describe("what the cluster is sent", () => {
  it("is collected inserts that wait and bear a token, and DDL for all shards", async () => {
    const a = await server(10);
    await a.metrics.append(sample("sent", "a", [0, 1]));
    await a.flush();
    const insert = cluster.face.requests.findLast(({ query }) =>
      query.startsWith("INSERT INTO avx.chunks_w10 "),
    );
    expect(Object.fromEntries(insert?.settings ?? [])).toMatchObject({
      ...{ async_insert: "1", wait_for_async_insert: "1", async_insert_deduplicate: "1" },
      insert_deduplication_token: expect.stringMatching(/./),
    });
    const ddl = cluster.face.requests.filter(({ query }) => query.startsWith("CREATE"));
    expect(ddl.every(({ query }) => query.includes("ON CLUSTER 'avx'"))).toBe(true);
    expect(ddl.some(({ query }) => query.includes("ENGINE = Distributed("))).toBe(true);
  });
});
