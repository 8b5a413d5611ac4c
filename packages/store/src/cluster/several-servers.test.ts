import { join } from "node:path";
import { labelsFromRecord, labelsToRecord, type Matcher } from "@avx/model";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type OneNodeCluster, startOneNodeCluster } from "../testing/one-node-cluster.ts";
import { batchOf, recordOf, seriesOf, spanOf, T0 } from "../testing/sample-data.ts";
import type { ClusterPeer } from "./cluster-metrics.ts";
import { type ClusterStore, createClusterStore } from "./cluster-store.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const MAX_64 = 2n ** 64n - 1n;
const DAY_MS = 86_400_000;
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
    select: (...asked) => store.own.metrics.select(...asked),
    series: (...asked) => store.own.metrics.series(...asked),
    metadata: async () => [...(await store.own.metrics.metadata()).values()].flat(),
    exemplars: (...asked) => store.own.metrics.exemplars(...asked),
    deleteSeries: async (...asked) => {
      await store.own.deleteSeries(...asked);
      return store.own.writer;
    },
  };
}

const noAnswer = () => Promise.reject(new Error("no answer"));
const FAILING: ClusterPeer = {
  ...{ select: noAnswer, series: noAnswer, metadata: noAnswer, exemplars: noAnswer },
  deleteSeries: noAnswer,
};

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
    const a = await server(5, [FAILING]);
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

describe("a batch that a sender repeats at another server", () => {
  const traceId = "d".repeat(32);
  const batch = [
    spanOf("twice", { traceId, spanId: "1" }),
    spanOf("twice", { traceId, spanId: "2" }),
  ];
  const record = recordOf("twice", { traceId });
  const logs = { service: "twice", traceId, text: "", range: RANGE, limit: 10 };
  const traces = { service: "twice", operation: "", range: RANGE, minDurationMs: 0 };

  /** Rows in the tables. */
  async function rows(): Promise<number[]> {
    const found = await Promise.all(
      ["otel_traces", "otel_logs"].map((table) =>
        cluster.rows(`SELECT count() AS n FROM avx.${table} WHERE TraceId = '${traceId}'`),
      ),
    );
    return found.map(([row]) => Number(row));
  }

  async function answers(store: ClusterStore): Promise<number[]> {
    const [summary] = await store.traces.search({ ...traces, onlyErrors: false, limit: 10 });
    const [spans, records] = [await store.traces.trace(traceId), await store.logs.search(logs)];
    return [spans.length, summary?.spanCount ?? 0, records.length];
  }

  it("is there once: it is not stored when the first one has stored it", async () => {
    const [a, b] = [await server(11), await server(12)];
    for (const store of [a, b]) {
      await store.traces.append(batch);
      await store.logs.append([record]);
      // Also while the second one still has it in memory.
      expect(await answers(store)).toEqual([2, 2, 1]);
      await store.flush();
    }
    expect(await rows()).toEqual([2, 1]);
    for (const store of [a, b]) expect(await answers(store)).toEqual([2, 2, 1]);
  });

  it("is answered once though both stored it at the same moment", async () => {
    const [a, b] = [await server(11), await server(12)];
    // The second one's question whether it is stored was answered before the first one stored it.
    await cluster.run(
      `INSERT INTO avx.otel_traces SELECT * REPLACE (bitOr(bitAnd(AvxBatch, ${~0xffn & MAX_64}), 12) AS AvxBatch)
       FROM avx.otel_traces WHERE TraceId = '${traceId}'`,
    );
    await cluster.run(
      `INSERT INTO avx.otel_logs SELECT * REPLACE (bitOr(bitAnd(AvxBatch, ${~0xffn & MAX_64}), 12) AS AvxBatch)
       FROM avx.otel_logs WHERE TraceId = '${traceId}'`,
    );
    expect(await rows()).toEqual([4, 2]);
    for (const store of [a, b]) expect(await answers(store)).toEqual([2, 2, 1]);
  });
});

describe("what only some servers took", () => {
  const labels = labelsFromRecord({ __name__: "m", run: "described" });
  const exemplar = (value: number) => ({
    ...{ seriesLabels: labels, labels: labelsFromRecord({ trace_id: "t" }), value },
    timestampMs: T0 + value,
  });
  const described = (help: string) => ({ name: "m", type: "gauge", unit: "", help }) as const;

  it("all show: exemplars and descriptions, of peers and of the cluster", async () => {
    const a = await server(13);
    const b = await server(14, [peerOf(a)]);
    const c = await server(15);
    const say = (store: ClusterStore, help: string, value: number) => {
      const batch = sample("described", help, [value, value]);
      const metadata = [described(help)];
      return store.metrics.append({ ...batch, metadata, exemplars: [exemplar(value)] });
    };
    await say(a, "of a", 1);
    await say(b, "of b", 2);
    const seen = async (store: ClusterStore) => {
      const found = await store.metrics.exemplars([], RANGE);
      const helps = (await store.metrics.metadata()).get("m")?.map(({ help }) => help);
      return [helps, found.map(({ value }) => value)];
    };
    expect(await seen(b)).toEqual([
      ["of b", "of a"],
      [1, 2],
    ]);
    await a.flush();
    await b.flush();
    await c.refresh();
    const [helps = [], values] = await seen(c);
    expect([helps.toSorted(), values]).toEqual([
      ["of a", "of b"],
      [1, 2],
    ]);
  });
});

describe("series that are deleted at one server", () => {
  const delete_ = (store: ClusterStore, run: string) =>
    store.admin.deleteSeries([[...ALL, { name: "run", op: "=", value: run }]], RANGE);

  it("are gone at all of them, what others have in memory too, and stay gone", async () => {
    const a = await server(16);
    const b = await server(17, [peerOf(a)]);
    for (const [store, on] of [
      [a, "a"],
      [b, "b"],
    ] as const) {
      await store.metrics.append(sample("gone", on, [0, 1]));
      await store.flush();
      await store.metrics.append(sample("gone", on, [1, 2]));
    }
    await b.refresh();
    expect(await read(b, "gone")).toEqual({ a: [1, 2], b: [1, 2] });
    await delete_(b, "gone");
    expect(await read(b, "gone")).toEqual({});
    expect(await read(a, "gone")).toEqual({});
    // What comes later stays.
    await a.metrics.append(sample("gone", "a", [2, 3]));
    expect(await read(b, "gone")).toEqual({ a: [3] });
    await a.close();
    open.splice(open.indexOf(a), 1);
    const again = await server(16);
    expect(await read(again, "gone")).toEqual({ a: [3] });
  });

  it("are gone though the server that stored them is no more", async () => {
    const a = await server(18);
    await a.metrics.append(sample("orphan", "a", [0, 1]));
    await a.flush();
    await a.close();
    open.splice(open.indexOf(a), 1);
    const [b, c] = [await server(19), await server(20)];
    expect(await read(c, "orphan")).toEqual({ a: [1] });
    await delete_(b, "orphan");
    expect(await read(b, "orphan")).toEqual({});
    await c.refresh();
    expect(await read(c, "orphan")).toEqual({});
  });

  it("are not said to be gone while a peer does not answer", async () => {
    const a = await server(21, [FAILING]);
    await expect(delete_(a, "unsure")).rejects.toMatchObject({ code: "store_unavailable" });
  });
});

describe("days beyond the retention", () => {
  it("go too when the server that stored them is no more", async () => {
    const a = await server(22);
    await a.metrics.append(sample("old", "a", [0, 1]));
    await a.flush();
    await a.close();
    open.splice(open.indexOf(a), 1);
    const chunks = () => cluster.rows("SELECT count() AS n FROM avx.chunks_w22");
    expect(await chunks()).toEqual(["1"]);
    const store = await createClusterStore({
      ...{ dataDir: join(cluster.directory, "server-23"), retentionMs: 30 * DAY_MS, peers: [] },
      nowMs: () => T0 + 32 * DAY_MS,
      log: (line) => lines.push(line),
      connection: { url: cluster.face.url, cluster: "avx", writer: 23 },
    });
    open.push(store);
    expect(await chunks()).toEqual(["0"]);
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
