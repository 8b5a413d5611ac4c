import { describe, expect, it } from "vitest";
import {
  batchOf,
  documentOf,
  readMetric,
  recordOf,
  seriesOf,
  spanOf,
  T0,
} from "../testing/sample-data.ts";
import { describeStoreContract } from "../testing/store-contract.ts";
import { createMemoryStore } from "./memory-store.ts";

const HOUR_MS = 3_600_000;
const always = { retentionMs: "off", nowMs: () => T0 } as const;

describeStoreContract("the memory store", async () => createMemoryStore(always), []);

describe("the memory store's limits", () => {
  it("refuses samples of new series over the limit while known series flow on", async () => {
    const store = createMemoryStore({ ...always, limits: { maxSeries: 1 } });
    const of = (job: string, timeMs: number) => seriesOf({ __name__: "m", job }, [[timeMs, 1]]);
    await store.metrics.append(batchOf(of("a", T0)));
    const result = await store.metrics.append(batchOf(of("b", T0), of("a", T0 + 1)));
    expect(result).toEqual({
      accepted: 1,
      rejected: 1,
      reason: "the limit of 1 series is reached",
    });
  });

  it("drops the oldest blocks for new samples, and refuses when only the newest is left", async () => {
    const store = createMemoryStore({ ...always, limits: { maxSamples: 2 } });
    const append = (...times: number[]) =>
      store.metrics.append(
        batchOf(
          seriesOf(
            { __name__: "m" },
            times.map((t) => [t, 1]),
          ),
        ),
      );
    await append(T0, T0 + 3 * HOUR_MS);
    await append(T0 + 3 * HOUR_MS + 1);
    expect([...(await readMetric(store, "m"))[0]!.timestampsMs]).toEqual([
      T0 + 3 * HOUR_MS,
      T0 + 3 * HOUR_MS + 1,
    ]);
    const refused = await append(T0 + 3 * HOUR_MS + 2);
    expect(refused).toMatchObject({ accepted: 0, rejected: 1 });
    expect(refused.reason).toContain("limit of 2 samples");
  });

  it("drops the oldest spans, log records and documents", async () => {
    const limits = { maxSpans: 4, maxLogRecords: 4, maxDocuments: 4 };
    const store = createMemoryStore({ ...always, limits });
    const range = { startMs: 0, endMs: T0 * 2 };
    for (let i = 0; i < 10; i++) {
      await store.traces.append([spanOf("s", { spanId: String(i) })]);
      await store.logs.append([recordOf("s", { body: String(i) })]);
      await store.documents.insertBatch([documentOf("s", i, i)]);
    }
    const spans = await store.traces.trace(spanOf("s", {}).traceId);
    expect(spans.length).toBeLessThanOrEqual(5);
    expect(spans.at(-1)?.spanId).toBe("9");
    const logs = await store.logs.search({ service: "s", traceId: "", text: "", range, limit: 99 });
    expect(logs.length).toBeLessThanOrEqual(5);
    expect(await store.documents.query({ service: "s", range, limit: 99 })).toHaveLength(4);
  });
});

describe("the memory store's disk", () => {
  it("is none: nothing is taken of it, and no snapshot is made", async () => {
    const { admin } = createMemoryStore(always);
    expect(await admin.storageUse()).toEqual([]);
    await expect(admin.snapshot({ skipHead: false })).rejects.toMatchObject({
      code: "bad_request",
      message: expect.stringContaining("nothing on a disk"),
    });
  });
});

describe("the memory store's retention", () => {
  it("refuses what is too old or too far ahead, and forgets what has become too old", async () => {
    let nowMs = T0;
    const store = createMemoryStore({ retentionMs: 24 * HOUR_MS, nowMs: () => nowMs });
    const append = (timeMs: number) =>
      store.metrics.append(batchOf(seriesOf({ __name__: "m" }, [[timeMs, 1]])));
    expect((await append(T0 - 25 * HOUR_MS)).reason).toContain("older than the retention");
    expect((await append(T0 + HOUR_MS)).reason).toContain("too far in the future");
    expect((await append(T0)).accepted).toBe(1);
    nowMs = T0 + 48 * HOUR_MS;
    await append(nowMs);
    expect([...(await readMetric(store, "m"))[0]!.timestampsMs]).toEqual([nowMs]);
  });
});
