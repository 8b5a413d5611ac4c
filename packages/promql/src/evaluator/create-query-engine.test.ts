import { AvxError, type LabelledSeries, labelsFromRecord, labelsToRecord } from "@avx/model";
import { describe, expect, it } from "vitest";
import { DEFAULT_QUERY_LIMITS } from "../cost/query-limits.ts";
import { scalarArgument } from "../functions/arguments.ts";
import type { SeriesReader } from "../series-reader.ts";
import { createMemorySeriesReader } from "../testing/memory-series-reader.ts";
import { createQueryEngine, type ExtraFunction } from "./create-query-engine.ts";
import { windowedVector } from "./range-selector.ts";
import { derivedIdentity } from "./series-labels.ts";
import { newColumn, putFloat, seriesOf } from "./value.ts";

const MINUTE_MS = 60_000;

/** Value i at minute i. */
function counter(name: string, minutes: number): LabelledSeries {
  return {
    labels: labelsFromRecord({ __name__: name }),
    timestampsMs: Float64Array.from({ length: minutes }, (_, i) => i * MINUTE_MS),
    values: Float64Array.from({ length: minutes }, (_, i) => i),
  };
}

const reader = createMemorySeriesReader([counter("a_total", 60), counter("b_total", 60)]);

async function failure(work: Promise<unknown>): Promise<AvxError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AvxError) return error;
  throw new Error(`expected an AvxError, got ${String(error)}`);
}

describe("createQueryEngine", () => {
  it("counts the series and samples that a query read", async () => {
    const { stats } = await createQueryEngine({ reader }).instant({
      query: "sum(last_over_time({__name__=~'._total'}[5m]))",
      timeMs: 30 * MINUTE_MS,
    });
    expect(stats).toMatchObject({ seriesRead: 2, samplesRead: 10 });
  });

  it("passes on what the reader remarks, once", async () => {
    const remarking: SeriesReader = {
      select: reader.select.bind(reader),
      async estimate(matchers, range) {
        return { ...(await reader.estimate(matchers, range)), remark: "thinned out" };
      },
    };
    const query = { query: "a_total + on() group_left() b_total", timeMs: 30 * MINUTE_MS };
    const { infos } = await createQueryEngine({ reader: remarking }).instant(query);
    expect(infos.filter((info) => info.includes("thinned"))).toEqual(["PromQL info: thinned out"]);
  });

  it("reads all selectors before it evaluates, each with just the range it needs", async () => {
    const asked: string[] = [];
    const spy: SeriesReader = {
      ...reader,
      select(matchers, { startMs, endMs }, signal) {
        asked.push(`${matchers[0]?.value} ${startMs / 1000}..${endMs / 1000}`);
        return reader.select(matchers, { startMs, endMs }, signal);
      },
    };
    await createQueryEngine({ reader: spy }).range({
      query: "a_total offset 1m + sum_over_time(b_total[2m:1m] @ 1200) + rate(a_total[10m])",
      startMs: 1_800_000,
      endMs: 2_400_000,
      stepMs: MINUTE_MS,
    });
    expect(asked).toEqual([
      "a_total 1440.001..2340",
      "b_total 780.001..1200",
      "a_total 1200.001..2400",
    ]);
  });

  it("takes the lookback of the query before that of the engine", async () => {
    const engine = createQueryEngine({ reader, lookbackMs: MINUTE_MS });
    const timeMs = 62 * MINUTE_MS;
    const samplesAt = async (lookbackMs?: number) => {
      const query = { query: "a_total", timeMs, ...(lookbackMs ? { lookbackMs } : {}) };
      const { value } = await engine.instant(query);
      return value.type === "vector" ? value.samples.length : -1;
    };
    expect([await samplesAt(), await samplesAt(5 * MINUTE_MS)]).toEqual([0, 1]);
  });

  it.each([
    ["a_total[", "bad_query"],
    ["limitk(1, a_total)", "bad_query"],
    ["label_replace(a_total, 'x', '', 'y', '(')", "query_failed"],
    ["sum by(x)({__name__=~'._total'}) + on() {__name__=~'._total'}", "query_failed"],
  ])("refuses %s with %s", async (query, code) => {
    const error = await failure(createQueryEngine({ reader }).instant({ query, timeMs: 0 }));
    expect(error.code).toBe(code);
  });

  it("refuses a step that leads nowhere", async () => {
    const range = { query: "1", startMs: 0, endMs: 10, stepMs: 0 };
    expect((await failure(createQueryEngine({ reader }).range(range))).code).toBe("bad_query");
  });

  it("refuses a text as the result of a range query", async () => {
    const range = { query: "'x'", startMs: 0, endMs: 10, stepMs: 1 };
    expect((await failure(createQueryEngine({ reader }).range(range))).code).toBe("query_failed");
  });

  it("says which part of storage failed", async () => {
    const broken: SeriesReader = {
      ...reader,
      select: () => Promise.reject(new Error("disk on fire")),
    };
    const error = await failure(
      createQueryEngine({ reader: broken }).instant({ query: "a_total", timeMs: 0 }),
    );
    expect(error).toMatchObject({ code: "query_failed" });
    expect(error.message).toContain("disk on fire");
  });
});

describe("limits", () => {
  it.each([
    "max_over_time(a_total[30d:1ms])",
    "sum_over_time(vector(1)[1d:1ms])",
    "sum_over_time(vector(time())[30d:1ms])",
    "sum_over_time(hour()[30d:1ms])",
    "sum_over_time(absent(nothing)[30d:1ms])",
    "count_over_time((a_total + time())[1d:1ms])",
  ])("refuses %s before it fills the memory", async (query) => {
    const engine = createQueryEngine({ reader });
    const error = await failure(engine.instant({ query, timeMs: 30 * MINUTE_MS }));
    expect(["query_limit_exceeded", "bad_query"]).toContain(error.code);
  });

  it("estimates the cost and reads nothing when that is too much", async () => {
    const unread: SeriesReader = { ...reader, select: () => Promise.reject(new Error("was read")) };
    const limits = { ...DEFAULT_QUERY_LIMITS, samples: 10 };
    const engine = createQueryEngine({ reader: unread, limits });
    const error = await failure(engine.instant({ query: "a_total[1h]", timeMs: 60 * MINUTE_MS }));
    expect(error).toMatchObject({ code: "query_limit_exceeded", facts: { needed: 59, limit: 10 } });
  });

  it("counts what is read, too", async () => {
    const engine = createQueryEngine({ reader, maxSamples: 50 });
    const error = await failure(engine.instant({ query: "a_total[1h]", timeMs: 60 * MINUTE_MS }));
    expect(error).toMatchObject({ code: "query_limit_exceeded", facts: { limit: 50 } });
  });

  it("frees intermediate results, so that long chains of small steps fit", async () => {
    const engine = createQueryEngine({ reader, maxSamples: 1000 });
    const query = Array.from({ length: 40 }, () => "a_total").join(" + ");
    const range = { query, startMs: 0, endMs: 9 * MINUTE_MS, stepMs: MINUTE_MS };
    await expect(engine.range(range)).resolves.toBeDefined();
  });
});

describe("stopping", () => {
  it("stops when the signal is aborted before it begins", async () => {
    const signal = AbortSignal.abort();
    const work = createQueryEngine({ reader }).instant({ query: "a_total", timeMs: 0, signal });
    expect((await failure(work)).code).toBe("query_canceled");
  });

  it("stops at the next pause when the signal is aborted meanwhile", async () => {
    let nowMs = 0;
    let pauses = 0;
    const controller = new AbortController();
    const engine = createQueryEngine({
      reader,
      nowMs: () => {
        nowMs += 20;
        return nowMs;
      },
      pause: async () => {
        pauses++;
        if (pauses === 3) controller.abort();
      },
    });
    const query = "sum(rate(a_total[5m])) + sum(rate(b_total[5m]))";
    const range = { query, startMs: 0, endMs: 3_000_000, stepMs: MINUTE_MS };
    const error = await failure(engine.range({ ...range, signal: controller.signal }));
    expect([error.code, pauses]).toEqual(["query_canceled", 3]);
  });

  it("stops reading, too, when the time is up", async () => {
    const time = new AbortController();
    const hanging: SeriesReader = {
      ...reader,
      select: (_matchers, _range, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          time.abort();
        }),
    };
    const engine = createQueryEngine({ reader: hanging, timeoutSignal: () => time.signal });
    const error = await failure(engine.instant({ query: "a_total", timeMs: 0, timeoutMs: 50 }));
    expect(error).toMatchObject({ code: "query_timeout", facts: { timeoutMs: 50 } });
  });

  it("pauses within one series when its windows are much work", async () => {
    let nowMs = 0;
    let pauses = 0;
    const engine = createQueryEngine({
      reader: createMemorySeriesReader([counter("long_total", 2000)]),
      nowMs: () => {
        nowMs += 20;
        return nowMs;
      },
      pause: async () => {
        pauses++;
      },
    });
    // 1000 windows of some 1000 samples each.
    const query = "quantile_over_time(0.5, long_total[1000m])";
    const range = { startMs: 1000 * MINUTE_MS, endMs: 1999 * MINUTE_MS, stepMs: MINUTE_MS };
    await engine.range({ query, ...range });
    expect(pauses).toBeGreaterThan(15);
  });

  it("stops when the time is up", async () => {
    let nowMs = 0;
    const engine = createQueryEngine({
      reader,
      nowMs: () => {
        nowMs += 20;
        return nowMs;
      },
    });
    const error = await failure(engine.instant({ query: "a_total", timeMs: 0, timeoutMs: 30 }));
    expect(error).toMatchObject({ code: "query_timeout", facts: { timeoutMs: 30 } });
  });
});

describe("extra functions", () => {
  /** Adds a constant to the number of samples in each window, after an asynchronous preparation. */
  const countPlus: ExtraFunction = {
    signature: {
      name: "avx_count_plus",
      argTypes: ["matrix", "scalar"],
      variadic: 0,
      returnType: "vector",
      experimental: false,
    },
    implementation: {
      name: "avx_count_plus",
      async evaluate(call, run) {
        const vector = await windowedVector(call.args[0]!, run);
        const added = await scalarArgument(call, 1, run);
        await Promise.resolve();
        const counted = vector.labels.map((_, s) => {
          const { columns, from, to } = vector.at(s);
          const column = newColumn(run.steps.count);
          for (let i = 0; i < run.steps.count; i++) {
            putFloat(column, i, to[i]! - from[i]! + added[i]!);
          }
          return seriesOf(column, derivedIdentity(columns.labels, run));
        });
        return { kind: "vector", series: counted };
      },
    },
  };

  it("see the window columns of every series and step, and may be asynchronous", async () => {
    const engine = createQueryEngine({ reader, extraFunctions: [countPlus] });
    const query = "avx_count_plus(a_total[2m], 0.5) * 2";
    const range = { query, startMs: 0, endMs: 2 * MINUTE_MS, stepMs: MINUTE_MS };
    const { value } = await engine.range(range);
    if (value.type !== "matrix") throw new Error(value.type);
    expect(value.series.map(({ labels }) => labelsToRecord(labels))).toEqual([{}]);
    expect([...(value.series[0]?.values ?? [])]).toEqual([3, 5, 5]);
  });

  it("are unknown to an engine without them", async () => {
    const query = "avx_count_plus(a_total[2m], 0.5)";
    const error = await failure(createQueryEngine({ reader }).instant({ query, timeMs: 0 }));
    expect(error.message).toContain("unknown function");
  });
});
