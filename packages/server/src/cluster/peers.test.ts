import { labelsFromRecord, labelsToRecord, setStaleAt } from "@avx/model";
import { createMemoryStore } from "@avx/store";
import { describe, expect, it, onTestFinished } from "vitest";
import { createBareApp } from "../api/http-app.ts";
import { registerPeerRoutes } from "../api/peer-routes.ts";
import { createPeerClient } from "./peer-client.ts";

const NOW = 1_700_000_000_000;
const HOUR_MS = 3_600_000;
const RANGE = { startMs: NOW - 24 * HOUR_MS, endMs: NOW };
const MATCHERS = [{ name: "__name__", op: "=", value: "m" }] as const;

async function peer(adminApi = true) {
  const store = createMemoryStore({ retentionMs: "off", nowMs: () => NOW });
  const app = createBareApp(() => {});
  const deleted: unknown[] = [];
  registerPeerRoutes(app, {
    own: {
      ...{ metrics: store.metrics, writer: 7 },
      deleteSeries: async (...asked) => void deleted.push(asked),
    },
    config: { adminApi },
    nowMs: () => NOW,
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => app.close());
  return { store, app, url, deleted, client: createPeerClient(url) };
}

describe("a peer of a cluster", () => {
  it("answers its samples of the last hours, stale markers bit by bit", async () => {
    const { store, client } = await peer();
    const values = Float64Array.from([1, 2, 3, 0]);
    setStaleAt(values, 3);
    const labels = labelsFromRecord({ __name__: "m", job: 'a"\n' });
    const timestampsMs = Float64Array.from([NOW - 20 * HOUR_MS, NOW - 2000, NOW - 1000, NOW]);
    const series = [{ labels, timestampsMs, values }];
    await store.metrics.append({ series, metadata: [], exemplars: [] });
    const found = await client.select(MATCHERS, RANGE, new AbortController().signal);
    expect(found.map((one) => labelsToRecord(one.labels))).toEqual([
      { __name__: "m", job: 'a"\n' },
    ]);
    expect([...found[0]!.timestampsMs]).toEqual([NOW - 2000, NOW - 1000, NOW]);
    const bits = new BigUint64Array(found[0]!.values.slice().buffer);
    expect(bits[2]).toBe(0x7ff0000000000002n);
    expect((await client.series([MATCHERS], RANGE)).map(labelsToRecord)).toHaveLength(1);
    expect(await client.series([[{ name: "job", op: "=", value: "b" }]], RANGE)).toEqual([]);
  });

  it("answers its exemplars and descriptions", async () => {
    const { store, client } = await peer();
    const of = (job: string) => labelsFromRecord({ __name__: "m", job });
    const exemplar = (job: string, value: number) => ({
      ...{ seriesLabels: of(job), labels: labelsFromRecord({ trace_id: "t" }), value },
      timestampMs: NOW - value,
    });
    const exemplars = [exemplar("a", 1), exemplar("b", 2), exemplar("a", 3)];
    const metadata = [
      { name: "m", type: "counter", unit: "bytes", help: "what it is" } as const,
      { name: "m", type: "gauge", unit: "", help: "what it was" } as const,
    ];
    await store.metrics.append({ series: [], metadata, exemplars });
    expect(await client.exemplars([[{ name: "job", op: "=", value: "a" }]], RANGE)).toEqual([
      exemplars[2],
      exemplars[0],
    ]);
    expect(await client.metadata()).toEqual([metadata[1], metadata[0]]);
  });

  it("is shown the key that its address has, in a header", async () => {
    const { url, app } = await peer();
    const seen: unknown[] = [];
    app.server.on("request", ({ headers }) => seen.push(headers.authorization));
    const withKey = url.replace("://", "://any:avx_s%3A1@");
    await createPeerClient(withKey).metadata();
    expect(seen).toEqual([`Basic ${Buffer.from("any:avx_s:1").toString("base64")}`]);
    await expect(
      createPeerClient(withKey).select([], RANGE, AbortSignal.abort()),
    ).rejects.toThrow();
  });

  it("deletes its own on request, where operators may", async () => {
    const { client, deleted } = await peer();
    expect(await client.deleteSeries([MATCHERS], RANGE)).toBe(7);
    expect(deleted).toEqual([[[MATCHERS], RANGE]]);
    const closed = await peer(false);
    await expect(closed.client.deleteSeries([MATCHERS], RANGE)).rejects.toThrow("503");
    expect(closed.deleted).toEqual([]);
  });

  it.each([
    ["no JSON object", []],
    ["no range", { selectors: [] }],
    ["no list", { selectors: "m", range: { startMs: 0, endMs: 1 } }],
    [
      "an operator that is none",
      { selectors: [[{ name: "a", op: "~", value: "" }]], range: RANGE },
    ],
    ["a broken regex", { selectors: [[{ name: "a", op: "=~", value: "(" }]], range: RANGE }],
  ])("refuses a question with %s", async (_, payload) => {
    const { app } = await peer();
    const reply = await app.inject({ method: "POST", url: "/api/avx/peer/select", payload });
    expect(reply.statusCode).toBe(400);
  });

  it("is an error for who asks when it is gone", async () => {
    const { app, client } = await peer();
    await app.close();
    await expect(
      client.select(MATCHERS, RANGE, new AbortController().signal),
    ).rejects.toBeInstanceOf(Error);
  });
});
