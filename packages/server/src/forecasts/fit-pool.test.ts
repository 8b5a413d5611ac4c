import { evenlySpaced } from "@avx/analysis";
import { describe, expect, it } from "vitest";
import { withFitCache } from "./cached-fits.ts";
import { createFitPool, createLocalFits, type FitPool } from "./fit-pool.ts";
import { inLanes } from "./in-lanes.ts";
import type { FitJob } from "./run-fit.ts";

const series = evenlySpaced(
  Array.from({ length: 120 }, (_, i) => 50 + i / 2 + 5 * Math.sin(i / 3)),
  { stepMs: 60_000 },
);
const auto: FitJob = {
  ...{ kind: "auto", series },
  options: { horizon: 5, level: 0.95, mode: "fast" },
};
const PATIENT = { urgent: false };

async function inPool<T>(use: (pool: FitPool) => Promise<T>, size = 1): Promise<T> {
  const pool = createFitPool(size);
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

describe("pool of fits", () => {
  it("answers as a fit in this thread does", async () => {
    const named = { kind: "named", series, name: "drift", steps: 3, level: 0.9 } as const;
    for (const job of [auto, { ...named, seasonSamples: [] }]) {
      const here = await createLocalFits().fit(job, PATIENT);
      expect(await inPool((pool) => pool.fit(job, PATIENT))).toEqual(here);
    }
  });

  it("says what is wrong with options, and goes on", async () => {
    const wrong = { ...auto, options: { horizon: 0 } } as FitJob;
    await inPool(async (pool) => {
      expect(await pool.fit(wrong, PATIENT)).toMatchObject({ kind: "bad-request" });
      expect(await pool.fit(auto, PATIENT)).toMatchObject({ kind: "auto" });
    });
  });

  it("does first what somebody waits for", async () => {
    await inPool(async (pool) => {
      const done: string[] = [];
      const ask = (name: string, urgent: boolean) =>
        pool.fit(auto, { urgent }).then(() => done.push(name));
      await Promise.all([ask("running", false), ask("patient", false), ask("urgent", true)]);
      expect(done).toEqual(["running", "urgent", "patient"]);
    });
  });

  it("leaves out a job whose asker has gone", async () => {
    await inPool(async (pool) => {
      const running = pool.fit(auto, PATIENT);
      const signal = AbortSignal.abort(new Error("gone"));
      await expect(pool.fit(auto, { urgent: true, signal })).rejects.toThrow("gone");
      await running;
    });
  });

  it("refuses jobs when too many wait, and ends those that wait when it closes", async () => {
    const pool = createFitPool(1);
    const jobs = Array.from({ length: 202 }, () =>
      pool.fit(auto, PATIENT).catch((error: { code: string }) => error.code),
    );
    await pool.close();
    const outcomes = await Promise.all(jobs);
    expect(outcomes.at(-1)).toBe("overloaded");
    expect(outcomes[0]).toBe("query_canceled");
  });
});

describe("cache of fits", () => {
  it("fits the same series with the same options once, and again when a value has changed", async () => {
    let fitted = 0;
    const local = createLocalFits();
    const counted: FitPool = {
      ...local,
      fit: (job, options) => {
        fitted++;
        return local.fit(job, options);
      },
    };
    const fits = withFitCache(counted);
    const [first, second] = await Promise.all([fits.fit(auto, PATIENT), fits.fit(auto, PATIENT)]);
    expect(second).toBe(first);
    expect(fitted).toBe(1);
    const values = series.values.with(3, -1);
    await fits.fit({ ...auto, series: { ...series, values } }, PATIENT);
    expect(fitted).toBe(2);
  });
});

describe("choices of fits", () => {
  const first = (count: number) => ({
    timestampsMs: series.timestampsMs.subarray(0, count),
    values: series.values.subarray(0, count),
  });
  const ask = async (fits: FitPool, count: number, identity?: string) => {
    const answer = await fits.fit({ ...auto, series: first(count) }, { urgent: true, identity });
    if (answer.kind !== "auto") throw new Error(answer.kind);
    return answer.found.choice?.newestMs;
  };
  const endOf = (count: number) => first(count).timestampsMs.at(-1);

  it("are reused for the same series while it goes on, and made anew after that", async () => {
    const fits = withFitCache(createLocalFits());
    expect(await ask(fits, 110, "load")).toBe(endOf(110));
    expect(await ask(fits, 112, "load")).toBe(endOf(110));
    expect(await ask(fits, 118, "load")).toBe(endOf(118));
    expect(await ask(fits, 120, "load")).toBe(endOf(118));
  });

  it("are not those of another series, or of one without a name", async () => {
    const fits = withFitCache(createLocalFits());
    await ask(fits, 110, "load");
    expect(await ask(fits, 112, "errors")).toBe(endOf(112));
    expect(await ask(fits, 113)).toBe(endOf(113));
  });

  it("pass through a thread of the pool", async () => {
    await inPool(async (pool) => {
      const fits = withFitCache(pool);
      await ask(fits, 110, "load");
      expect(await ask(fits, 112, "load")).toBe(endOf(110));
    });
  });
});

describe("inLanes", () => {
  it("keeps the order of results, and never works on more than its lanes", async () => {
    let now = 0;
    let most = 0;
    const results = await inLanes([3, 1, 2, 5, 4], 2, async (item) => {
      most = Math.max(most, ++now);
      for (let i = 0; i < item; i++) await Promise.resolve();
      now--;
      return 10 * item;
    });
    expect(results).toEqual([30, 10, 20, 50, 40]);
    expect(most).toBe(2);
  });

  it("stops at the first failure", async () => {
    const seen: number[] = [];
    const work = async (item: number) => {
      seen.push(item);
      if (item === 2) throw new Error("two");
    };
    await expect(inLanes([1, 2, 3, 4], 1, work)).rejects.toThrow("two");
    expect(seen).toEqual([1, 2]);
  });
});
