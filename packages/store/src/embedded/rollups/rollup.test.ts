import { type SampleColumns, setStaleAt } from "@avx/model";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../testing/simulated-disk.ts";
import { BUCKET_MS, isCounterName, rollUp } from "./rollup.ts";

const S = 1000;

function columnsOf(samples: readonly (readonly [number, number])[]): SampleColumns {
  return {
    timestampsMs: Float64Array.from(samples, ([timeMs]) => timeMs),
    values: Float64Array.from(samples, ([, value]) => value),
  };
}

describe("a roll-up", () => {
  it("counts the samples of each 5 minutes that have any", () => {
    const columns = columnsOf([
      [0, 4],
      [15 * S, 1],
      [299 * S, 2],
      [600 * S, 9],
    ]);
    expect(rollUp({ startMs: 0, columns, isCounter: false })).toEqual({
      ...{ bucket: [0, 2], count: [3, 1], sum: [7, 9], min: [1, 9], max: [4, 9] },
      ...{ first: [4, 9], last: [2, 9], firstOffset: [0, 600 * S], lastOffset: [299 * S, 600 * S] },
      increase: [-2, 0],
    });
  });

  it("takes a fall of a counter for a reset", () => {
    const columns = columnsOf([
      [0, 10],
      [1 * S, 12],
      [2 * S, 3],
      [3 * S, 4],
    ]);
    // 10 to 12, then from 0 to 3 and to 4: promql/functions.go, extrapolatedRate.
    expect(rollUp({ startMs: 0, columns, isCounter: true })?.increase).toEqual([6]);
  });

  it("leaves out stale markers and native histograms, and is nothing without samples", () => {
    const columns = columnsOf([
      [0, 1],
      [1 * S, 2],
      [2 * S, 3],
    ]);
    setStaleAt(columns.values, 1);
    const histograms = [undefined, undefined, {} as never]; // only its presence is asked
    const rolled = rollUp({ startMs: 0, columns: { ...columns, histograms }, isCounter: false });
    expect(rolled).toMatchObject({ count: [1], sum: [1], last: [1] });
    const stale = columnsOf([[0, 0]]);
    setStaleAt(stale.values, 0);
    expect(rollUp({ startMs: 0, columns: stale, isCounter: false })).toBeUndefined();
  });

  it("agrees with sums made bucket by bucket over random samples", () => {
    const random = seededRandom(3);
    for (let round = 0; round < 200; round++) {
      const times = Array.from({ length: 200 }, () => Math.floor(random() * 24 * BUCKET_MS));
      const samples = [...new Set(times)].sort((a, b) => a - b).map((t) => [t, random()] as const);
      const rolled = rollUp({ startMs: 0, columns: columnsOf(samples), isCounter: false })!;
      const byBucket = Map.groupBy(samples, ([timeMs]) => Math.floor(timeMs / BUCKET_MS));
      expect(rolled.bucket).toEqual([...byBucket.keys()]);
      [...byBucket.values()].forEach((some, i) => {
        const values = some.map(([, value]) => value);
        expect(rolled.count[i]).toBe(values.length);
        expect(rolled.sum[i]).toBeCloseTo(
          values.reduce((a, b) => a + b, 0),
          9,
        );
        expect([rolled.min[i], rolled.max[i]]).toEqual([Math.min(...values), Math.max(...values)]);
        expect([rolled.first[i], rolled.last[i]]).toEqual([values[0], values.at(-1)]);
      });
    }
  });

  it("knows counters by their names", () => {
    expect(["a_total", "a_bucket", "a_sum", "a_count"].every(isCounterName)).toBe(true);
    expect(["a_bytes", "total", "a_total_bytes"].some(isCounterName)).toBe(false);
  });
});
