import { type LabelledSeries, labelsFromRecord } from "@avx/model";
import { describe, expect, it } from "vitest";
import { createQueryEngine } from "../evaluator/create-query-engine.ts";
import type { QueryEngine, RangeQuery } from "../query-engine.ts";
import { createMemorySeriesReader } from "../testing/memory-series-reader.ts";
import { withStepMemory } from "./step-memory.ts";

const SCRAPE_MS = 15_000;
const STEP_MS = 10_000;
const HOUR_MS = 3_600_000;

/** Deterministic pseudo-random numbers in [0, 1) (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Samples that come in while somebody looks: counters that are reset, end and begin, with gaps. */
function growingSamples(random: () => number) {
  const series = Array.from({ length: 30 }, (_, s) => ({
    labels: labelsFromRecord({
      __name__: s % 3 === 0 ? "y_total" : "x_total",
      job: `${s % 4}`,
      le: ["0.1", "1", "+Inf"][s % 3]!,
      pod: `${s}`,
    }),
    bornMs: s % 5 === 0 ? HOUR_MS + Math.floor(random() * HOUR_MS) : 0,
    value: 0,
    /** Wider buckets fill faster. */
    speed: (s % 3) * 5,
    samples: new Map<number, number>(),
  }));
  let mark = 0;
  const changes: { mark: number; earliestMs: number }[] = [];
  const note = (earliestMs: number) => changes.push({ mark: ++mark, earliestMs });
  return {
    scrape(timeMs: number) {
      for (const one of series) {
        if (timeMs < one.bornMs || random() < 0.05) continue;
        one.value = random() < 0.01 ? 0 : one.value + one.speed + Math.floor(random() * 20) / 7;
        one.samples.set(timeMs, one.value);
      }
      note(timeMs);
    },
    addLate(timeMs: number) {
      const { samples } = series[Math.floor(random() * series.length)]!; // random() < 1
      const before = [...samples].filter(([sampleMs]) => sampleMs < timeMs).pop();
      samples.set(timeMs, before?.[1] ?? 0);
      note(timeMs);
    },
    changesSince(since: number) {
      const later = changes.filter((change) => change.mark > since);
      return { mark, earliestMs: Math.min(...later.map(({ earliestMs }) => earliestMs)) };
    },
    columns: (): LabelledSeries[] =>
      series.map(({ labels, samples }) => {
        const sorted = [...samples].sort(([a], [b]) => a - b);
        return {
          labels,
          timestampsMs: Float64Array.from(sorted, ([timeMs]) => timeMs),
          values: Float64Array.from(sorted, ([, value]) => value),
        };
      }),
  };
}

const QUERIES = [
  "sum by (job) (rate(x_total[1m]))",
  "rate(x_total[1m])",
  "histogram_quantile(0.9, sum by (le) (rate(x_total[2m])))",
  "topk(2, x_total)",
  "avg_over_time(x_total[2m]) / on (pod) group_left max by (pod) (x_total)",
  "absent(x_total > 500)",
  "max_over_time(sum(rate(x_total[1m]))[5m:30s])",
  "quantile by (job) (0.7, x_total offset 1m) unless on (job) (y_total > 30)",
  "count_values('v', round(x_total, 50))",
  "stddev(x_total) + time()",
  "{__name__=~'._total'} * 2",
];

/** The engine under test over what there is now, and how many steps were evaluated. */
function observed(samples: ReturnType<typeof growingSamples>, extra = {}) {
  let steps = 0;
  const engineNow = (): QueryEngine =>
    createQueryEngine({
      reader: createMemorySeriesReader(samples.columns()),
      enableDelayedNameRemoval: true,
    });
  const counted: QueryEngine = {
    instant: (query) => engineNow().instant(query),
    range: (query) => {
      steps += Math.floor((query.endMs - query.startMs) / query.stepMs) + 1;
      return engineNow().range(query);
    },
  };
  const changesSince = async (mark: number) => samples.changesSince(mark);
  const remembering = withStepMemory(counted, { changesSince, ...extra });
  return { remembering, engineNow, steps: () => steps };
}

describe("withStepMemory", () => {
  /** Asks for the last half hour again and again; how many steps and remarks there were. */
  async function watch(query: string) {
    const random = seededRandom(11);
    const samples = growingSamples(random);
    let nowMs = 0;
    for (; nowMs < HOUR_MS; nowMs += SCRAPE_MS) samples.scrape(nowMs);
    const { remembering, engineNow, steps } = observed(samples);
    let asked = 0;
    let remarked = 0;
    for (let turn = 0; turn < 60; turn++, nowMs += SCRAPE_MS) {
      samples.scrape(nowMs);
      if (turn % 7 === 3) samples.addLate(nowMs - Math.floor(random() * 20 * 60_000));
      const endMs = Math.floor(nowMs / STEP_MS) * STEP_MS;
      const range = { query, startMs: endMs - 30 * 60_000, endMs, stepMs: STEP_MS };
      const given = await remembering.range(range);
      const expected = await engineNow().range(range);
      expect(given.value).toEqual(expected.value);
      expect([given.warnings, given.infos]).toEqual([expected.warnings, expected.infos]);
      remarked += expected.infos.length;
      asked += 181;
    }
    return { evaluated: steps(), asked, remarked };
  }

  it.each(QUERIES)("answers %s as evaluation does while samples come in", async (query) => {
    const { evaluated, asked } = await watch(query);
    expect(evaluated).toBeLessThan(asked / 4);
  });

  it("knows of which steps a remark on buckets speaks", async () => {
    const query = "histogram_quantile(0.5, sum by (job, le) (rate(y_total[2m]) or x_total))";
    const { evaluated, asked, remarked } = await watch(query);
    expect(remarked).toBe(60);
    expect(evaluated).toBeLessThan(asked / 4);
  });

  it("evaluates all where a remark is made in a subquery", async () => {
    const inner = "histogram_quantile(0.5, sum by (job, le) (rate(y_total[2m]) or x_total))";
    const { evaluated, asked, remarked } = await watch(`max_over_time(${inner}[1m:20s])`);
    expect(remarked).toBe(60);
    expect(evaluated).toBe(asked);
  });

  const filled = () => {
    const samples = growingSamples(seededRandom(5));
    for (let timeMs = 0; timeMs < 2 * HOUR_MS; timeMs += SCRAPE_MS) samples.scrape(timeMs);
    return observed(samples);
  };
  const hour: RangeQuery = {
    query: "sum(rate(x_total[1m]))",
    startMs: HOUR_MS,
    endMs: HOUR_MS + 600_000,
    stepMs: STEP_MS,
  };

  it("evaluates nothing twice, and what is new with a step beside it, on either side", async () => {
    const { remembering, steps } = filled();
    await remembering.range(hour);
    expect(steps()).toBe(61);
    await remembering.range(hour);
    expect(steps()).toBe(61);
    for (const byMs of [30_000, -60_000]) {
      await remembering.range({ ...hour, startMs: hour.startMs + byMs, endMs: hour.endMs + byMs });
    }
    expect(steps()).toBe(61 + 4 + 10);
  });

  it("remembers neither with another lookback, step or phase nor when asked to evaluate", async () => {
    const { remembering, steps } = filled();
    await remembering.range(hour);
    await remembering.range({ ...hour, lookbackMs: 60_000 });
    await remembering.range({ ...hour, startMs: hour.startMs + 1, endMs: hour.endMs + 1 });
    await remembering.range({ ...hour, fresh: true });
    expect(steps()).toBe(61 * 4);
    await remembering.range({ ...hour, stepMs: 2 * STEP_MS });
    expect(steps()).toBe(61 * 4 + 31);
  });

  it("keeps no result with remarks, and passes errors on", async () => {
    const { remembering, steps } = filled();
    const remarked = { ...hour, query: "rate({__name__=~'x_total', pod='1'}[1m]) + rate(x[1m])" };
    await remembering.range(remarked);
    const gauge = { ...hour, query: "quantile(2, x_total)" };
    const first = await remembering.range(gauge);
    expect(first.warnings).toHaveLength(1);
    expect(await remembering.range(gauge)).toEqual(first);
    expect(steps()).toBe(61 * 3);
    const broken = remembering.range({ ...hour, query: "sum(" });
    await expect(broken).rejects.toMatchObject({ code: "bad_query" });
    const doubled = remembering.range({ ...hour, query: "x_total + on (job) y_total" });
    await expect(doubled).rejects.toMatchObject({ code: "query_failed" });
  });

  it("gives up the longest unused results beyond its size", async () => {
    const samples = growingSamples(seededRandom(5));
    for (let timeMs = 0; timeMs < 2 * HOUR_MS; timeMs += SCRAPE_MS) samples.scrape(timeMs);
    const { remembering, steps } = observed(samples, { maxBytes: 7000 });
    for (const by of ["job", "le", "nobody"]) {
      await remembering.range({ ...hour, query: `max(sum by (${by}) (x_total))` });
    }
    for (let i = 0; i < 6; i++) await remembering.range({ ...hour, query: `${i} * sum(x_total)` });
    const before = steps();
    await remembering.range({ ...hour, query: "5 * sum(x_total)" });
    expect(steps()).toBe(before);
    await remembering.range({ ...hour, query: "1 * sum(x_total)" });
    expect(steps()).toBe(before + 61);
  });
});
