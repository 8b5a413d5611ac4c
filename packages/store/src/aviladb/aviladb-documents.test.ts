import type { MetricDocument } from "@avx/model";
import { describe, expect, it } from "vitest";
import type { AvilaDbClient } from "./aviladb-client.ts";
import { createAvilaDbDocuments } from "./aviladb-documents.ts";

const document = (service: string, minute: number, padding = ""): MetricDocument => ({
  id: `metric-${service}-${minute}`,
  service,
  timestamp: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString().replace(".000Z", "Z"),
  context: { stack: padding, layer: "", env: "", cluster: "", mesh: "" },
  metrics: {
    latency: { mean_ms: 1, p50_ms: 1, p95_ms: 1, p99_ms: 1, max_ms: 1 },
    traffic: { requests_per_second: 1, bytes_per_second: 1, active_connections: 0 },
    errors: { error_rate: 0, total_errors: 0, error_budget_remaining: 1 },
    anomalies: [],
    quality: null,
  },
});

/** A database that enforces AvilaDB's limits and refuses the first `busy` calls with 429. */
function fakeAvilaDb(busy = 0) {
  const kept: MetricDocument[] = [];
  const batches: number[] = [];
  const queries: string[] = [];
  let refusals = busy;
  const client: AvilaDbClient = {
    async insertBatch({ partitionKey, documents }) {
      if (refusals-- > 0)
        throw Object.assign(new Error("busy"), { status: 429, retryAfterSeconds: 2 });
      if (documents.length > 100) throw Object.assign(new Error("batch"), { status: 400 });
      for (const one of documents as MetricDocument[]) {
        if (JSON.stringify(one).length > 4 * 1024 * 1024)
          throw Object.assign(new Error("size"), { status: 413 });
        if (one.service !== partitionKey) throw Object.assign(new Error("key"), { status: 400 });
        kept.push(one);
      }
      batches.push(documents.length);
    },
    async query({ sql, parameters }) {
      queries.push(sql);
      const { service, start = "", end = "", limit = 0 } = parameters;
      return kept
        .filter((one) => service === undefined || one.service === service)
        .filter((one) => one.timestamp >= start && one.timestamp <= end)
        .slice(0, Number(limit));
    },
  };
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  return { documents: createAvilaDbDocuments({ client, sleep }), batches, waits, queries, kept };
}

const ALWAYS = { startMs: 0, endMs: Date.UTC(2030, 0, 1) };

describe("AvilaDB documents", () => {
  it("go in batches of at most 100, one partition key each", async () => {
    const { documents, batches } = fakeAvilaDb();
    const many = Array.from({ length: 205 }, (_, i) => document("a", i));
    await documents.insertBatch([...many, document("b", 0)]);
    expect(batches).toEqual([100, 100, 5, 1]);
  });

  it("wait for as long as a 429 says, then go through", async () => {
    const { documents, waits, kept } = fakeAvilaDb(2);
    await documents.insertBatch([document("a", 0)]);
    expect(waits).toEqual([2000, 2000]);
    expect(kept).toHaveLength(1);
  });

  it("give up on a 429 that persists, saying when to come again", async () => {
    const { documents } = fakeAvilaDb(1000);
    await expect(documents.insertBatch([document("a", 0)])).rejects.toMatchObject({
      code: "overloaded",
      facts: { retryAfterSeconds: 2 },
    });
  });

  it("are refused above 4 MB before anything is sent", async () => {
    const { documents, kept } = fakeAvilaDb();
    const batch = [document("a", 0), document("a", 1, "x".repeat(4 * 1024 * 1024))];
    await expect(documents.insertBatch(batch)).rejects.toMatchObject({
      code: "document_too_large",
    });
    expect(kept).toHaveLength(0);
  });

  it("are found by service and time, values as parameters only", async () => {
    const { documents, queries } = fakeAvilaDb();
    await documents.insertBatch([document("a", 0), document("a", 5), document("b", 5)]);
    const range = { startMs: Date.UTC(2026, 0, 1, 0, 1), endMs: ALWAYS.endMs };
    const found = await documents.query({ service: "a", range, limit: 10 });
    expect(found.map((one) => one.id)).toEqual(["metric-a-5"]);
    await documents.query({ service: "x' OR 1=1", range: ALWAYS, limit: 10 });
    expect(queries.join()).not.toContain("OR 1=1");
  });

  it("make another refusal a store_unavailable with its cause", async () => {
    const client: AvilaDbClient = {
      insertBatch: () => Promise.reject(Object.assign(new Error("down"), { status: 503 })),
      query: () => Promise.reject(new Error("network")),
    };
    const documents = createAvilaDbDocuments({ client, sleep: async () => undefined });
    await expect(documents.insertBatch([document("a", 0)])).rejects.toMatchObject({
      code: "store_unavailable",
    });
    await expect(documents.query({ service: "", range: ALWAYS, limit: 1 })).rejects.toMatchObject({
      code: "store_unavailable",
    });
  });
});
