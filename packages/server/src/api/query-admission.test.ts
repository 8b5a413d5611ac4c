import type { QueryEngine, QueryResult } from "@avx/promql";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { errorReply } from "../error-status.ts";
import { withAdmission } from "./query-admission.ts";

const RESULT: QueryResult = {
  value: { type: "scalar", timestampMs: 0, value: 1 },
  warnings: [],
  infos: [],
  stats: { samplesRead: 0, seriesRead: 0, durationMs: 0 },
};
const LIMITS = { running: 2, waiting: 1, waitMs: 10_000, timeoutMs: 30_000 };

/** An engine whose queries end when the test says so, and a record of what reached it. */
function manualEngine() {
  const ends = new Map<string, () => void>();
  const timeouts: (number | undefined)[] = [];
  const instant: QueryEngine["instant"] = ({ query, timeoutMs }) => {
    timeouts.push(timeoutMs);
    return new Promise((resolve) => ends.set(query, () => resolve(RESULT)));
  };
  return { engine: { instant, range: async () => RESULT }, ends, timeouts };
}

describe("withAdmission", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const settle = () => vi.advanceTimersByTimeAsync(0);

  it("runs as many as there are places and the next when one leaves", async () => {
    const { engine, ends } = manualEngine();
    const admitted = withAdmission(engine, LIMITS);
    const done: string[] = [];
    for (const query of ["a", "b", "c"]) {
      void admitted.instant({ query, timeMs: 0 }).then(() => done.push(query));
    }
    await settle();
    expect([...ends.keys()]).toEqual(["a", "b"]);
    ends.get("b")?.();
    await settle();
    expect([...ends.keys()]).toEqual(["a", "b", "c"]);
    expect(done).toEqual(["b"]);
  });

  it("answers 503 with Retry-After when the queue is full", async () => {
    const { engine } = manualEngine();
    const admitted = withAdmission(engine, LIMITS);
    for (const query of ["a", "b", "c"]) void admitted.instant({ query, timeMs: 0 });
    const error = await admitted.instant({ query: "d", timeMs: 0 }).catch((thrown) => thrown);
    const { status, body, retryAfterSeconds } = errorReply(error);
    expect([status, body.errorType, retryAfterSeconds]).toEqual([503, "unavailable", 2]);
  });

  it("gives up a query that waited too long, and its place in the queue", async () => {
    const { engine, ends } = manualEngine();
    const admitted = withAdmission(engine, LIMITS);
    for (const query of ["a", "b"]) void admitted.instant({ query, timeMs: 0 });
    const late = admitted.instant({ query: "c", timeMs: 0 }).catch((thrown) => thrown.code);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await late).toBe("query_queue_full");
    void admitted.instant({ query: "d", timeMs: 0 });
    ends.get("a")?.();
    await settle();
    expect([...ends.keys()]).toEqual(["a", "b", "d"]);
  });

  it("lets a query go that is cancelled while it waits", async () => {
    const { engine, ends } = manualEngine();
    const admitted = withAdmission(engine, LIMITS);
    for (const query of ["a", "b"]) void admitted.instant({ query, timeMs: 0 });
    const abort = new AbortController();
    const waiting = admitted
      .instant({ query: "c", timeMs: 0, signal: abort.signal })
      .catch((thrown) => thrown.code);
    abort.abort();
    expect(await waiting).toBe("query_canceled");
    ends.get("a")?.();
    await settle();
    expect(ends.has("c")).toBe(false);
  });

  it("gives a place back when a query fails", async () => {
    let calls = 0;
    const fails = async (): Promise<QueryResult> => {
      calls++;
      throw new Error("no");
    };
    const admitted = withAdmission({ instant: fails, range: fails }, LIMITS);
    for (let i = 0; i < 5; i++) {
      await expect(
        admitted.range({ query: "", startMs: 0, endMs: 0, stepMs: 1 }),
      ).rejects.toThrow();
    }
    expect(calls).toBe(5);
  });

  it("limits the time of a query, which can only lower it", async () => {
    const { engine, timeouts } = manualEngine();
    const admitted = withAdmission(engine, { ...LIMITS, running: 3 });
    for (const timeoutMs of [undefined, 1000, 90_000]) {
      const query = { query: "a", timeMs: 0 };
      void admitted.instant(timeoutMs === undefined ? query : { ...query, timeoutMs });
    }
    await settle();
    expect(timeouts).toEqual([30_000, 1000, 30_000]);
  });
});
