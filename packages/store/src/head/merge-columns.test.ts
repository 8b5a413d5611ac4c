import { isStaleAt, type NativeHistogram, type SampleColumns, setStaleAt } from "@avx/model";
import { describe, expect, it } from "vitest";
import { bitsOf } from "../testing/sample-data.ts";
import { seededRandom } from "../testing/simulated-disk.ts";
import { mergeColumns } from "./merge-columns.ts";

function columnsOf(times: readonly number[], valueAt: (timeMs: number) => number): SampleColumns {
  return { timestampsMs: Float64Array.from(times), values: Float64Array.from(times, valueAt) };
}

/** What a map says: a later write of the same time replaces the earlier one. */
function byMap(parts: readonly SampleColumns[]): [number, number][] {
  const samples = new Map<number, number>();
  for (const { timestampsMs, values } of parts) {
    timestampsMs.forEach((timeMs, i) => {
      samples.set(timeMs, values[i] ?? 0);
    });
  }
  return [...samples].sort(([a], [b]) => a - b);
}

const pairsOf = ({ timestampsMs, values }: SampleColumns) =>
  [...timestampsMs].map((timeMs, i) => [timeMs, values[i]]);

describe("mergeColumns", () => {
  it("agrees with a map over any overlap of up to six parts", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 500; round++) {
      const count = Math.floor(random() * 7);
      const span = 1 + Math.floor(random() * 60);
      const parts = Array.from({ length: count }, (_, part) => {
        const share = random();
        const first = Math.floor(random() * 40);
        const times = Array.from({ length: span }, (_, i) => first + i);
        return columnsOf(
          times.filter(() => random() < share),
          (timeMs) => part * 1000 + timeMs,
        );
      });
      expect(pairsOf(mergeColumns(parts))).toEqual(byMap(parts));
    }
  });

  it("gives the only part as it is and nothing for none", () => {
    const only = columnsOf([1, 2], () => 5);
    expect(mergeColumns([columnsOf([], () => 0), only])).toBe(only);
    expect(mergeColumns([]).values).toHaveLength(0);
  });

  it("keeps the bits of a stale marker in overlapping parts", () => {
    const early = columnsOf([1, 3, 5], () => 1);
    const late = columnsOf([2, 4], () => 2);
    setStaleAt(early.values, 1);
    setStaleAt(late.values, 0);
    const { values } = mergeColumns([early, late]);
    expect(bitsOf(values)).toHaveLength(5);
    expect([0, 1, 2, 3, 4].filter((i) => isStaleAt(values, i))).toEqual([1, 2]);
  });

  it("carries histograms and start times, and leaves gaps where a part has none", () => {
    // The content plays no part here, only which object stands where.
    const histogram = { count: 1, counterResetHint: "unknown" } as unknown as NativeHistogram;
    const early = {
      ...columnsOf([1, 3, 5], () => 0),
      histograms: [histogram, histogram, undefined],
    };
    const late = { ...columnsOf([2, 3], () => 2), startTimestampsMs: Float64Array.of(7, 8) };
    const { histograms, startTimestampsMs } = mergeColumns([early, late]);
    expect(histograms).toEqual([histogram, undefined, undefined, undefined]);
    expect([...(startTimestampsMs ?? [])]).toEqual([0, 7, 8, 0]);
  });
});
