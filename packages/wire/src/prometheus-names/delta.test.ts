import { describe, expect, it } from "vitest";
import type { OtlpExponentialPoint, OtlpHistogramPoint, OtlpNumberPoint } from "../otlp/metric.ts";
import { DeltaAccumulator, type DeltaChanges } from "./delta-accumulator.ts";
import { addExponentials, addHistograms, addNumbers } from "./delta-sums.ts";

const delta = (value: number, time: bigint): OtlpNumberPoint => ({
  attributes: new Map(),
  startUnixNano: time - 1n,
  timeUnixNano: time,
  noRecordedValue: false,
  value,
  isInteger: true,
  exemplars: [],
});

function feed(deltas: DeltaAccumulator, key: string, points: readonly OtlpNumberPoint[]) {
  const changes: DeltaChanges = new Map();
  const totals = points.map(
    (point) => deltas.add({ key, delta: point, add: addNumbers }, changes)?.value,
  );
  return { totals, changes };
}

describe("DeltaAccumulator", () => {
  it("sums deltas from the start of the first one", () => {
    const deltas = new DeltaAccumulator(1e6);
    expect(feed(deltas, "a", [delta(1, 10n), delta(2, 20n)]).totals).toEqual([1, 3]);
    const total = deltas.add({ key: "a", delta: delta(4, 30n), add: addNumbers }, new Map());
    expect(total).toMatchObject({ value: 7, startUnixNano: 9n, timeUnixNano: 30n });
  });

  it("leaves out duplicates and late deltas", () => {
    const { totals } = feed(new DeltaAccumulator(1e6), "a", [
      delta(1, 10n),
      delta(1, 10n),
      delta(5, 5n),
      delta(1, 11n),
    ]);
    expect(totals).toEqual([1, undefined, undefined, 2]);
  });

  it("forgets a request that was not stored, so that its retry counts once", () => {
    const deltas = new DeltaAccumulator(1e6);
    feed(deltas, "a", [delta(1, 10n)]);
    const { changes } = feed(deltas, "a", [delta(2, 20n), delta(2, 30n)]);
    deltas.rollback(changes);
    expect(feed(deltas, "a", [delta(2, 20n)]).totals).toEqual([3]);
  });

  it("keeps what a later request already built on", () => {
    const deltas = new DeltaAccumulator(1e6);
    const first = feed(deltas, "a", [delta(1, 10n)]);
    feed(deltas, "a", [delta(2, 20n)]);
    deltas.rollback(first.changes);
    expect(feed(deltas, "a", [delta(4, 30n)]).totals).toEqual([7]);
  });

  it("forgets the longest untouched series beyond its bound", () => {
    const deltas = new DeltaAccumulator(1200);
    feed(deltas, "a", [delta(1, 10n)]);
    feed(deltas, "b", [delta(1, 10n)]);
    feed(deltas, "a", [delta(1, 20n)]);
    feed(deltas, "c", [delta(1, 10n)]);
    expect(deltas.size).toBe(2);
    expect(feed(deltas, "a", [delta(1, 30n)]).totals).toEqual([3]);
    expect(feed(deltas, "b", [delta(1, 20n)]).totals).toEqual([1]);
  });
});

it("counts the buckets of histograms in its bound", () => {
  const deltas = new DeltaAccumulator(20_000);
  const add = () => undefined;
  for (const key of ["a", "b", "c"]) {
    deltas.add({ key, delta: histogram(Array(1000).fill(1), []), add }, new Map());
  }
  expect(deltas.size).toBe(2);
});

const histogram = (counts: number[], bounds: number[], sum?: number): OtlpHistogramPoint => ({
  ...delta(0, 1n),
  count: counts.reduce((a, b) => a + b, 0),
  ...(sum === undefined ? {} : { sum }),
  bucketCounts: Float64Array.from(counts),
  explicitBounds: Float64Array.from(bounds),
});

describe("addHistograms", () => {
  it("adds buckets, count and sum", () => {
    expect(addHistograms(histogram([1, 2], [5], 3), histogram([0, 4], [5], 4))).toMatchObject({
      count: 7,
      sum: 7,
      bucketCounts: Float64Array.of(1, 6),
    });
  });

  it("cannot add other bounds, nor one sum", () => {
    expect(addHistograms(histogram([1, 2], [5]), histogram([1, 2], [6]))).toBeUndefined();
    expect(addHistograms(histogram([1, 2], [5], 1), histogram([1, 2], [5]))).toBeUndefined();
  });
});

const exponential = (scale: number, offset: number, counts: number[]): OtlpExponentialPoint => ({
  ...delta(0, 1n),
  count: counts.reduce((a, b) => a + b, 0),
  scale,
  zeroCount: 1,
  zeroThreshold: 0,
  positive: { offset, counts: Float64Array.from(counts) },
  negative: { offset: 0, counts: new Float64Array(0) },
});

describe("addExponentials", () => {
  it("adds at the coarser scale", () => {
    // Scale 1, buckets -1..2 become scale 0, buckets -1..1.
    const sum = addExponentials(exponential(1, -1, [1, 2, 3, 4]), exponential(0, 0, [10]));
    expect(sum).toMatchObject({
      scale: 0,
      count: 20,
      zeroCount: 2,
      positive: { offset: -1, counts: Float64Array.of(1, 15, 4) },
    });
  });

  it("stays small when hostile offsets lie far apart", () => {
    const sum = addExponentials(
      exponential(20, -2147483648, [1]),
      exponential(-2147483648, 2147483647, [1, 1]),
    );
    expect(sum?.positive.counts.length).toBeLessThan(5000);
    expect(sum?.count).toBe(3);
    expect(sum?.positive.counts.reduce((a, b) => a + b, 0)).toBe(3);
  });
});
