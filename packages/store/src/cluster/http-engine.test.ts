import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type OneNodeCluster, startOneNodeCluster } from "../testing/one-node-cluster.ts";
import { HttpEngine } from "./http-engine.ts";

// A second of work on an idle machine, and many times that on a busy one.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let cluster: OneNodeCluster;
let engine: HttpEngine;

beforeAll(async () => {
  cluster = await startOneNodeCluster();
  engine = await HttpEngine.open({ url: cluster.face.url });
});
afterAll(async () => {
  await engine.stop();
  await cluster.stop();
});

describe("a statement of a caller who has left", () => {
  it.each(["query", "queryBulk"] as const)("is ended in the cluster: %s", async (way) => {
    const sql = `SELECT count() AS ${way} FROM numbers(1000000000000) WHERE sipHash64(number) = 1`;
    const caller = new AbortController();
    const reason = new Error("the caller left");
    const left = engine[way](sql, {}, caller.signal);
    left.catch(() => {});
    await vi.waitFor(() => {
      if (!cluster.face.requests.some(({ query }) => query.startsWith(sql))) throw new Error();
    });
    caller.abort(reason);
    await expect(left).rejects.toBe(reason);
    await vi.waitFor(() =>
      expect(cluster.face.cancelled).toContainEqual(expect.stringContaining(sql)),
    );
    // The node has one Session for all of this: the next answer needs the end of that statement.
    expect(await engine.query("SELECT 1 AS one")).toHaveLength(1);
  });
});
