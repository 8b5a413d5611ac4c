import { type LabelledSeries, labelsFromRecord, type NativeHistogram } from "@avx/model";
import { describe, expect, it } from "vitest";
import { createMemorySeriesReader } from "../testing/memory-series-reader.ts";
import { createQueryEngine } from "./create-query-engine.ts";

const STEP_MS = 10_000;
const SAMPLES = 101;
const TIMES = Float64Array.from({ length: SAMPLES }, (_, i) => i * STEP_MS);

function floats(labels: Record<string, string>): LabelledSeries {
  const values = Float64Array.from(TIMES, (_, i) => i + 1);
  return { labels: labelsFromRecord(labels), timestampsMs: TIMES, values };
}

/** A span of four buckets: 13 samples by Prometheus' measure. */
const HISTOGRAM: NativeHistogram = {
  schema: 1,
  zeroThreshold: 0.001,
  zeroCount: 0,
  sum: 20,
  count: 5,
  positiveSpans: [{ offset: 0, length: 4 }],
  positiveBuckets: Float64Array.of(1, 2, 1, 1),
  negativeSpans: [],
  negativeBuckets: new Float64Array(0),
  customBounds: new Float64Array(0),
  counterResetHint: "unknown",
};

const engine = createQueryEngine({
  reader: createMemorySeriesReader([
    floats({ __name__: "one" }),
    floats({ __name__: "three", a: "1", b: "1" }),
    floats({ __name__: "three", a: "2", b: "2" }),
    floats({ __name__: "three", a: "3", b: "2" }),
    {
      labels: labelsFromRecord({ __name__: "histogram" }),
      timestampsMs: TIMES,
      values: new Float64Array(SAMPLES),
      histograms: Array.from({ length: SAMPLES }, () => HISTOGRAM),
    },
  ]),
});

async function countedAt(query: string, seconds: number) {
  const { stats } = await engine.instant({ query, timeMs: seconds * 1000, countSamples: true });
  const { samples } = stats;
  return [Array.from(samples?.totalPerStep ?? []), Array.from(samples?.readPerStep ?? [])];
}

async function countedOver(query: string, [from, to]: readonly [number, number]) {
  const range = { startMs: from * 1000, endMs: to * 1000, stepMs: to > 900 ? 10_000 : 5000 };
  const { stats } = await engine.range({ query, ...range, countSamples: true });
  const { samples } = stats;
  return [Array.from(samples?.totalPerStep ?? []), Array.from(samples?.readPerStep ?? [])];
}

// Figures of Prometheus 3.14's TestQueryStatistics (promql/engine_test.go), with shorter names.
describe("samples of an instant query", () => {
  it.each([
    ["1", 21, 0, 0],
    ['"text"', 21, 0, 0],
    ["one", 21, 1, 1],
    ["histogram", 21, 13, 13],
    ["timestamp(one)", 21, 1, 1],
    ["timestamp(histogram)", 21, 1, 1],
    ["one offset 10s", 21, 1, 1],
    ["one @ 15", 21, 1, 1],
    ['three{a="1"}[20s] @ 19', 21, 2, 2],
    ["three", 21, 3, 3],
    ["one[60s]", 201, 6, 6],
    ["histogram[60s]", 201, 78, 78],
    ["max_over_time(one[60s])[20s:5s]", 201, 24, 8],
    ["max_over_time(one[61s])[20s:5s]", 201, 26, 8],
    ["max_over_time(histogram[60s])[20s:5s]", 201, 312, 104],
    ["one[60s] @ 30", 201, 4, 4],
    ["sum(max_over_time(three[60s] @ 30))", 201, 12, 12],
    ["one[60s] offset 10s", 201, 6, 6],
    ["absent_over_time(one[60s])", 201, 6, 6],
    ["max_over_time(three[60s])", 201, 18, 18],
    ["one[60s:5s]", 201, 12, 12],
    ["max_over_time(three[60s:5s])", 201, 36, 36],
    ["sum(max_over_time(three[60s:5s])) + sum(max_over_time(three[60s:5s]))", 201, 72, 72],
  ])("are those of Prometheus: %s at %d", async (query, seconds, ...[total, read]) => {
    expect(await countedAt(query, seconds)).toEqual([[total], [read]]);
  });
});

describe("samples of a range query", () => {
  it.each<[string, [number, number], [number[], number[]]]>([
    [
      'three{a="1"}',
      [201, 220],
      [
        [1, 1, 1, 1],
        [1, 1, 1, 1],
      ],
    ],
    [
      "histogram",
      [204, 223],
      [
        [13, 13, 13, 13],
        [13, 13, 13, 13],
      ],
    ],
    [
      "timestamp(histogram)",
      [201, 220],
      [
        [1, 1, 1, 1],
        [1, 1, 1, 1],
      ],
    ],
    [
      'max_over_time(three{a="1"}[10s])',
      [991, 1021],
      [
        [1, 1, 0, 0],
        [1, 1, 0, 0],
      ],
    ],
    [
      "max_over_time(three[60s] @ 30)",
      [201, 220],
      [
        [12, 12, 12, 12],
        [12, 0, 0, 0],
      ],
    ],
    [
      "max_over_time(three[60s])",
      [201, 220],
      [
        [18, 18, 18, 18],
        [18, 0, 3, 0],
      ],
    ],
    [
      "max_over_time(three[60s:5s])",
      [201, 216],
      [
        [36, 36, 36, 36],
        [36, 3, 3, 3],
      ],
    ],
    [
      "max_over_time(three[60s:5s])",
      [201, 220],
      [
        [36, 36, 36, 36],
        [36, 3, 3, 3],
      ],
    ],
    [
      "sum by (b) (max_over_time(one[60s:5s]))",
      [201, 220],
      [
        [12, 12, 12, 12],
        [12, 1, 1, 1],
      ],
    ],
    [
      "sum(max_over_time(three[60s:5s])) + sum(max_over_time(one[60s:5s]))",
      [201, 220],
      [
        [48, 48, 48, 48],
        [48, 4, 4, 4],
      ],
    ],
  ])("are those of Prometheus at every step: %s over %j", async (query, range, expected) => {
    expect(await countedOver(query, range)).toEqual(expected);
  });

  it("are counted only when they are asked for", async () => {
    const { stats } = await engine.instant({ query: "one", timeMs: 21_000 });
    expect(stats.samples).toBeUndefined();
  });

  it("say how many were held at a time", async () => {
    const { stats } = await engine.instant({ query: "three", timeMs: 21_000, countSamples: true });
    expect(stats.samples?.peak).toBeGreaterThanOrEqual(3);
  });
});
