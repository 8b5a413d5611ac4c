import { setTimeout as sleep } from "node:timers/promises";
import { AvxError, type LabelledSeries, labelsFromRecord } from "@avx/model";
import {
  createAvxFunctions,
  createMemorySeriesReader,
  createQueryEngine,
  type RangeQuery,
  type SeriesReader,
} from "@avx/promql";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type AnswerRequest, evaluateAnswer, type QueryAnswer } from "../api/query-answer.ts";
import { createRoutedAnswers, type RoutedAnswers } from "./routed-answers.ts";

const END_MS = 1_700_000_000_000;
const STEP_MS = 1000;
const SAMPLES = 4000;
const SERIES = 20;

function counters(): LabelledSeries[] {
  return Array.from({ length: SERIES }, (_, i) => ({
    labels: labelsFromRecord({ __name__: "m", job: `j${i % 3}`, n: `${i}` }),
    timestampsMs: Float64Array.from(
      { length: SAMPLES },
      (_, k) => END_MS - (SAMPLES - k) * STEP_MS,
    ),
    values: Float64Array.from({ length: SAMPLES }, (_, k) => (k % 700) + i),
  }));
}

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const READER = createMemorySeriesReader(counters());

/** What only a thread evaluates: 20 series x 400 steps x 2,000 samples of a window. */
const HEAVY = range("sum by (job) (avg_over_time(m[2000s]))");
/** More than what another thread does in the time of a few light queries. */
const LONG = range("sum(quantile_over_time(0.9, m[2000s]))");

function range(query: string): RangeQuery {
  return { query, startMs: END_MS - 2_000_000, endMs: END_MS, stepMs: 5000 };
}

const asked = (query: AnswerRequest["query"]): AnswerRequest => ({
  query,
  limit: Number.POSITIVE_INFINITY,
  stats: "",
});

async function textOf({ pieces }: QueryAnswer): Promise<string> {
  const parts: string[] = [];
  for await (const piece of pieces) {
    parts.push(typeof piece === "string" ? piece : new TextDecoder().decode(piece));
  }
  return parts.join("");
}

const isFromThread = ({ pieces }: QueryAnswer): boolean => Symbol.asyncIterator in pieces;

const open: RoutedAnswers[] = [];
afterEach(() => Promise.all(open.splice(0).map((answers) => answers.close())));

/** Answers with threads, and a record of who read. */
function threaded({
  reader = READER,
  workers = 2,
  heapMb = 64,
  changesSince = (mark: number) => ({ mark, earliestMs: Number.POSITIVE_INFINITY }),
} = {}) {
  const log = vi.fn();
  const answers = createRoutedAnswers({
    engine: {
      ...{ reader, pause, nowMs: () => performance.now() },
      extraFunctions: createAvxFunctions(),
      enableDelayedNameRemoval: true,
    },
    ...{ workers, heapMb, log, changesSince },
  });
  open.push(answers);
  return { answers, log };
}

const onMainThread = createQueryEngine({
  reader: READER,
  extraFunctions: createAvxFunctions(),
  enableDelayedNameRemoval: true,
});

describe("heavy queries", () => {
  it.each([
    ["sums of windows", HEAVY],
    ["quantiles", range("topk(3, quantile_over_time(0.9, m[2000s]))")],
    ["arithmetic with remarks", range("rate(m[2000s]) * on (n) avg_over_time(m[2000s])")],
    ["our own functions", range("avx_anomaly_score(m{n='1'}[20m])")],
    ["an instant query", { query: "avx_expected_upper(m{n='1'}[20m])", timeMs: END_MS }],
    ["a subquery", range("max_over_time(avg_over_time(m[2000s])[1800s:5s])")],
  ])("are answered by a thread as by the main thread: %s", async (_, query) => {
    const { answers } = threaded();
    const expected = await evaluateAnswer(onMainThread, asked(query));
    const answer = await answers.answer(asked(query));
    expect(isFromThread(answer)).toBe(true);
    expect([answer.isMatrix, answer.points]).toEqual([expected.isMatrix, expected.points]);
    expect(await textOf(answer)).toBe(await textOf(expected));
  });

  it("are told from light ones, which stay on the main thread", async () => {
    const { answers } = threaded();
    expect(isFromThread(await answers.answer(asked(range("sum(m)"))))).toBe(false);
  });

  it("are evaluated only as far as their thread does not remember the steps", async () => {
    const select = vi.fn(READER.select.bind(READER));
    const reader = { estimate: READER.estimate.bind(READER), select };
    const { answers } = threaded({ reader });
    for (const byMs of [0, 5000]) {
      const moved = { ...HEAVY, startMs: HEAVY.startMs + byMs, endMs: HEAVY.endMs + byMs };
      const expected = await evaluateAnswer(onMainThread, asked(moved));
      expect(await textOf(await answers.answer(asked(moved)))).toBe(await textOf(expected));
    }
    const spansMs = select.mock.calls.map(([, { startMs, endMs }]) => endMs - startMs);
    expect(spansMs[0]).toBeGreaterThan(3_900_000);
    expect(spansMs.at(-1)).toBeLessThan(2_100_000);
  });

  it("are refused like others when they need too much, with no thread started", async () => {
    const { answers } = threaded();
    const query = { query: "max_over_time(m[30d:1ms])", timeMs: END_MS };
    await expect(answers.answer(asked(query))).rejects.toMatchObject({
      code: "query_limit_exceeded",
    });
  });

  it("keep the errors of evaluation and of storage", async () => {
    const { answers } = threaded();
    const pair = range("avg_over_time(m[2000s]) * on (job) avg_over_time(m[2000s])");
    await expect(answers.answer(asked(pair))).rejects.toMatchObject({ code: "query_failed" });
    const broken: SeriesReader = {
      ...READER,
      estimate: READER.estimate.bind(READER),
      select: async () => {
        throw new AvxError("store_unavailable", { reason: "gone" });
      },
    };
    const onBroken = threaded({ reader: broken });
    await expect(onBroken.answers.answer(asked(HEAVY))).rejects.toMatchObject({
      code: "store_unavailable",
      facts: { reason: "gone" },
    });
  });
});

describe("a heavy query under way", () => {
  it("stops when it is cancelled, and its thread takes the next one", async () => {
    const { answers, log } = threaded({ workers: 1 });
    const abort = new AbortController();
    const long = answers.answer(asked({ ...LONG, signal: abort.signal }));
    await sleep(100);
    abort.abort();
    await expect(long).rejects.toMatchObject({ code: "query_canceled" });
    await textOf(await answers.answer(asked(HEAVY)));
    expect(log).not.toHaveBeenCalled();
  });

  it("stops when its client goes away in the middle of the answer", async () => {
    const { answers } = threaded({ workers: 1 });
    const { pieces } = await answers.answer(asked(range("quantile_over_time(0.5, m[2000s])")));
    for await (const _ of pieces) break;
    await textOf(await answers.answer(asked(HEAVY)));
  });

  it("runs no longer than its timeout", async () => {
    const { answers } = threaded();
    const late = answers.answer(asked({ ...LONG, timeoutMs: 30 }));
    await expect(late).rejects.toMatchObject({ code: "query_timeout" });
  });

  it("does not hold up the main thread", async () => {
    const { answers } = threaded();
    const abort = new AbortController();
    const order: string[] = [];
    const long = answers
      .answer(asked({ ...LONG, signal: abort.signal }))
      .finally(() => order.push("long"));
    const failed = expect(long).rejects.toMatchObject({ code: "query_canceled" });
    for (let i = 0; i < 5; i++) {
      await answers.answer(asked({ query: "sum(m)", timeMs: END_MS }));
      order.push("light");
    }
    abort.abort();
    await failed;
    expect(order.slice(0, 5)).toEqual(Array(5).fill("light"));
  });

  it("fails with the others when the server stops", async () => {
    const { answers } = threaded();
    const long = answers.answer(asked(LONG));
    const failed = expect(long).rejects.toMatchObject({ code: "query_canceled" });
    await sleep(100);
    await answers.close();
    await failed;
    await expect(answers.answer(asked(HEAVY))).rejects.toMatchObject({ code: "query_canceled" });
  });
});

describe("a thread that dies", () => {
  /** Labels that do not fit into a small heap. */
  const wide = createMemorySeriesReader(
    counters().map((one, i) => ({
      ...one,
      labels: labelsFromRecord({ __name__: "m", n: `${i}`, text: `${i}`.padEnd(4_000_000, "é✓") }),
    })),
  );

  it("fails its own query and is replaced", async () => {
    const { answers, log } = threaded({ reader: wide, heapMb: 16, workers: 1 });
    const big = answers.answer(
      asked(range("label_replace(avg_over_time(m[2000s]), 'a', '$1$1$1', 'text', '(.*)')")),
    );
    await expect(big).rejects.toMatchObject({
      code: "query_failed",
      facts: { reason: "the query needed more memory than one query may have" },
    });
    expect(log).toHaveBeenCalledOnce();
    const next = await answers.answer(
      asked(range("count(m) + count(avg_over_time(m{n='x'}[2000s]))")),
    );
    expect(await textOf(next)).toContain('"success"');
  });
});
