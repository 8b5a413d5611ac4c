import { describe, expect, it } from "vitest";
import { ExponentialHistogramSeries, MAX_EXPONENTIAL_BUCKETS } from "./exponential-histogram.ts";
import { exponentialIndex, exponentialUpperBound } from "./exponential-index.ts";
import { MeasurementGuard } from "./measurement-guard.ts";

/** Numbers in [0, 1) from a seed: a linear congruential generator (Numerical Recipes). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("exponentialIndex", () => {
  // Definition: base^i < value <= base^(i+1), base = 2^(1/8).
  // https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
  it.each([
    [1, -1],
    [2, 7],
    [4, 15],
    [0.5, -9],
    [1.0000001, 0],
    [2 ** (1 / 8), 0],
    [1.1, 1],
    [1.99, 7],
    [2 ** 1023, 8183],
    [Number.MAX_VALUE, 8191],
  ])("puts %d into bucket %d", (value, expected) => {
    expect(exponentialIndex(value)).toBe(expected);
  });

  it("agrees with the definition for random values over 40 powers of two", () => {
    const random = seeded(7);
    for (let i = 0; i < 20_000; i++) {
      const value = 2 ** (random() * 40 - 20);
      const index = exponentialIndex(value);
      expect(value).toBeLessThanOrEqual(exponentialUpperBound(index, 3) * (1 + 1e-15));
      expect(value).toBeGreaterThan(exponentialUpperBound(index - 1, 3) * (1 - 1e-15));
    }
  });

  it("counts subnormal doubles with the smallest normal one", () => {
    expect(exponentialIndex(5e-324)).toBe(exponentialIndex(2 ** -1022));
  });
});

describe("ExponentialHistogramSeries", () => {
  const series = () => new ExponentialHistogramSeries([], new MeasurementGuard());

  it("keeps scale 3 and exact counts over a usual range", () => {
    const histogram = series();
    for (const value of [0.001, 0.002, 0.002, 0.5, 0]) histogram.record(value);
    expect(histogram).toMatchObject({ scale: 3, count: 5, zeroCount: 1, min: 0, max: 0.5 });
    expect(histogram.counts[exponentialIndex(0.002) - histogram.offset]).toBe(2);
    expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(4);
  });

  it("merges buckets for a wide range, as if all had been recorded at the coarser scale", () => {
    const histogram = series();
    const random = seeded(3);
    const values = Array.from({ length: 5000 }, () => 2 ** (random() * 100 - 50));
    for (const value of values) histogram.record(value);
    expect(histogram.counts.length).toBeLessThanOrEqual(MAX_EXPONENTIAL_BUCKETS);
    expect(histogram.scale).toBe(0);
    for (const [i, count] of histogram.counts.entries()) {
      const lower = 2 ** (histogram.offset + i);
      const inside = values.filter((value) => value > lower && value <= lower * 2);
      expect(count).toBe(inside.length);
    }
  });

  it("drops and counts what it may not take", () => {
    const guard = new MeasurementGuard();
    const histogram = new ExponentialHistogramSeries([], guard);
    for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY]) histogram.record(value);
    expect(histogram.count).toBe(0);
    expect(guard.rejected).toBe(3);
  });
});
