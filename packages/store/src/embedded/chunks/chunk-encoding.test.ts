import { describe, expect, it } from "vitest";
import { type BlockSamples, SampleBlock } from "../../head/sample-block.ts";
import { seriesOf } from "../../testing/sample-data.ts";
import { seededRandom } from "../../testing/simulated-disk.ts";
import { integerDeltas, sumDeltas, takeLeastRise } from "./integer-deltas.ts";
import { gridStart, jitterOf, TimeGrid, typicalStep } from "./time-grid.ts";

function blockOf(samples: readonly (readonly [number, number])[]): BlockSamples {
  const block = new SampleBlock(0);
  const run = seriesOf({}, samples);
  if (samples.length > 0) block.write(run, 0, samples.length);
  return block.samples();
}

const valuesBlock = (...values: number[]) => blockOf(values.map((value, i) => [i, value]));

describe("the time grid", () => {
  it.each([
    ["regular", [0, 15_000, 30_000, 45_000]],
    ["jittering", [3, 15_001, 30_003, 44_999]],
    ["with a gap", [0, 15_000, 7_000_000, 7_015_000]],
    ["a single sample", [7_199_999]],
    ["two samples far apart", [0, 7_199_999]],
  ])("brings %s times back", (_, times) => {
    const block = blockOf(times.map((timeMs) => [timeMs, 1]));
    const step = typicalStep(block);
    const start = gridStart(block, step);
    const grid = new TimeGrid(start, step, jitterOf(block, { start, step }));
    expect(times.map((_time, i) => grid.at(i))).toEqual(times);
    const target = new Float64Array(times.length + 1);
    grid.write({ from: 0, to: times.length }, target, 1);
    expect([...target.slice(1)]).toEqual(times);
    for (const [i, timeMs] of times.entries()) {
      expect(grid.lowerBound(timeMs)).toBe(i);
      expect(grid.lowerBound(timeMs + 0.5)).toBe(i + 1);
    }
  });

  it("has no jitter on a regular grid, and little on one that a gap interrupts", () => {
    const regular = blockOf([0, 1, 2, 3].map((i) => [i * 15_000, 1]));
    expect([...jitterOf(regular, { start: 0, step: typicalStep(regular) })]).toEqual([0, 0, 0, 0]);
    const times = [0, 15_000, 30_000, 930_000, 945_000, 960_000];
    const gapped = blockOf(times.map((timeMs) => [timeMs, 1]));
    expect(typicalStep(gapped)).toBe(15_000);
  });
});

describe("the start of the grid", () => {
  it.each([
    ["the first sample of regular ones", [3, 13, 23], 3],
    ["not a first sample that comes early", [9, 20, 30, 40], 10],
    ["not before the block", [0, 9, 19, 29], 0],
    ["0 without samples", [], 0],
  ])("is %s", (_, times, start) => {
    expect(gridStart(blockOf(times.map((timeMs) => [timeMs, 1])), 10)).toBe(start);
  });
});

describe("the least rise", () => {
  it("is taken out of a counter that always rises, and given back", () => {
    const values = [2 ** 53 - 21, 2 ** 53 - 14, 2 ** 53 - 9, 2 ** 53 - 1];
    const deltas = integerDeltas(valuesBlock(...values))!;
    const leastRise = takeLeastRise(deltas);
    expect([leastRise, ...deltas]).toEqual([5, 0, 2, 0, 3]);
    const target = new Float64Array(2);
    sumDeltas({ first: values[0]!, leastRise, deltas, from: 2, to: 4 }, target, 0);
    expect([...target]).toEqual(values.slice(2));
  });

  it.each([
    ["a counter that rests", [4, 9, 9, 14]],
    ["a reset", [7, 9, 2, 4]],
    ["a single sample", [7]],
  ])("is not taken out of %s", (_, values) => {
    const deltas = integerDeltas(valuesBlock(...values))!;
    const before = [...deltas];
    expect(takeLeastRise(deltas)).toBe(0);
    expect([...deltas]).toEqual(before);
  });
});

describe("integer deltas", () => {
  it("bring integers back, whole runs and parts of them", () => {
    const random = seededRandom(5);
    const values = Array.from({ length: 500 }, () => Math.floor(random() * 2 ** 31) - 2 ** 30);
    const deltas = integerDeltas(valuesBlock(...values))!;
    for (const [from, to] of [
      [0, 500],
      [100, 101],
      [250, 500],
    ] as const) {
      const target = new Float64Array(to - from);
      sumDeltas({ first: values[0]!, leastRise: 0, deltas, from, to }, target, 0);
      expect([...target]).toEqual(values.slice(from, to));
    }
  });

  it("keep large counters exact", () => {
    const values = [2 ** 53 - 3, 2 ** 53 - 2, 2 ** 53 - 1];
    const target = new Float64Array(3);
    const deltas = integerDeltas(valuesBlock(...values))!;
    sumDeltas({ first: values[0]!, leastRise: 0, deltas, from: 0, to: 3 }, target, 0);
    expect([...target]).toEqual(values);
  });

  it.each([
    ["a fraction", [1, 1.5]],
    ["a NaN", [1, Number.NaN]],
    ["an infinity", [1, Infinity]],
    ["a negative zero", [1, -0]],
    ["a first negative zero", [-0, 1]],
    ["an integer beyond 2^53", [1, 2 ** 53]],
    ["a step beyond 32 bits", [0, 2 ** 31]],
    ["a step down beyond 32 bits", [2 ** 31 + 1, 0]],
  ])("are not made of %s", (_, values) => {
    expect(integerDeltas(valuesBlock(...values))).toBeUndefined();
  });
});
