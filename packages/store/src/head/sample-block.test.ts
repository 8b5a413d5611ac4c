import type { NativeHistogram, SampleColumns } from "@avx/model";
import { describe, expect, it } from "vitest";
import { bitsOf, valuesOfBits } from "../testing/sample-data.ts";
import { seededRandom } from "../testing/simulated-disk.ts";
import { BLOCK_MS, SampleBlock } from "./sample-block.ts";
import { CELL_BYTES, SampleMemory } from "./sample-memory.ts";

type Random = () => number;
type Shape = (random: Random, i: number) => number;

/** Bit patterns that no copy may change: markers, NaNs with payloads, -0, infinities, extremes. */
const ODD = valuesOfBits([
  0x7ff0000000000002n,
  0x7ff8000000000001n,
  0xfff8dead0a0abeefn,
  0x8000000000000000n,
  0x7ff0000000000000n,
  0xfff0000000000000n,
  0x0000000000000001n,
  0x433fffffffffffffn,
  0x4340000000000001n,
  0x0000000000000000n,
  0x7fefffffffffffffn,
]);

const SHAPES: readonly (readonly [string, Shape])[] = [
  ["a constant", () => 7],
  ["a slow counter", (random, i) => Math.floor(i * 3 + random() * 3)],
  ["a fast counter", (random, i) => i * 1_234_567 + Math.floor(random() * 1e6)],
  ["a counter beyond 2^53", (_, i) => 2 ** 60 + i * 2 ** 12],
  ["full fractions", (random) => random()],
  ["hundredths", (random) => Math.floor(random() * 1e4) / 100],
  ["pages of memory", (random) => Math.floor(random() * 1e6) * 4096],
  ["a switch", (random) => (random() < 0.5 ? 1 : 0)],
  ["steps around zero", (random) => Math.floor(random() * 5) - 2],
  ["wide integers", (random) => Math.floor((random() - 0.5) * 2 ** 34)],
];

/** Distances in time, ms. */
const STEPS: readonly (readonly [string, Shape])[] = [
  ["regular", () => 15_000],
  ["jittering", (random) => 15_000 + Math.floor(random() * 5)],
  ["dense", () => 1],
  ["wild", (random) => 1 + Math.floor(random() ** 8 * 2_000_000)],
];

const histogramOf = (count: number): NativeHistogram => ({
  ...{ schema: 3, zeroThreshold: 0, zeroCount: 0, sum: count, count },
  positiveSpans: [{ offset: 0, length: 1 }],
  positiveBuckets: Float64Array.of(count),
  ...{ negativeSpans: [], negativeBuckets: new Float64Array(), customBounds: new Float64Array() },
  counterResetHint: "gauge",
});

interface Sample {
  readonly bits: string;
  readonly histogram: NativeHistogram | undefined;
  readonly startMs: number;
}

/** What a block must be: a map. */
class Model {
  readonly samples = new Map<number, Sample>();

  write(columns: SampleColumns): number {
    const { size } = this.samples;
    const bits = bitsOf(columns.values);
    for (const [i, timeMs] of columns.timestampsMs.entries()) {
      this.samples.set(timeMs, {
        bits: bits[i]!,
        histogram: columns.histograms?.[i],
        startMs: columns.startTimestampsMs?.[i] ?? 0,
      });
    }
    return this.samples.size - size;
  }

  within(startMs: number, endMs: number): (readonly [number, Sample])[] {
    return [...this.samples]
      .filter(([timeMs]) => timeMs >= startMs && timeMs <= endMs)
      .sort(([a], [b]) => a - b);
  }
}

function samplesOf(columns: SampleColumns | undefined): (readonly [number, Sample])[] {
  if (!columns) return [];
  const bits = bitsOf(columns.values);
  return [...columns.timestampsMs].map((timeMs, i) => [
    timeMs,
    {
      bits: bits[i]!,
      histogram: columns.histograms?.[i],
      startMs: columns.startTimestampsMs?.[i] ?? 0,
    },
  ]);
}

const START_MS = 5 * BLOCK_MS;

/** A run of samples, with odd values among them. */
class RunMaker {
  readonly random: Random;
  readonly shape: Shape;
  readonly step: Shape;
  readonly oddShare: number;
  #count = 0;

  constructor(random: Random, shape: Shape, step: Shape) {
    this.random = random;
    this.shape = shape;
    this.step = step;
    this.oddShare = random() < 0.5 ? 0 : 0.1;
  }

  /** At most `length` samples from `fromMs` on, fewer where the block ends. */
  next(fromMs: number, length: number): SampleColumns {
    const times: number[] = [];
    const endMs = START_MS + BLOCK_MS;
    for (let timeMs = fromMs; times.length < length && timeMs < endMs; ) {
      times.push(timeMs);
      timeMs += this.step(this.random, this.#count);
    }
    const values = new Float64Array(times.length);
    for (let i = 0; i < values.length; i++) {
      values[i] = this.shape(this.random, this.#count++);
      const odd = Math.floor(this.random() * ODD.length);
      if (this.random() < this.oddShare) values.set(ODD.subarray(odd, odd + 1), i);
    }
    return { timestampsMs: Float64Array.from(times), values };
  }

  withExtras(columns: SampleColumns): SampleColumns {
    const { length } = columns.values;
    const histograms = Array.from({ length }, () =>
      this.random() < 0.5 ? histogramOf(this.#count++) : undefined,
    );
    const startMs = Math.floor(this.random() * 3) * 1000;
    const startTimestampsMs = new Float64Array(length).fill(startMs);
    return { ...columns, histograms, startTimestampsMs };
  }
}

function expectEqual(block: SampleBlock, model: Model, random: Random): void {
  expect(block.length).toBe(model.samples.size);
  const all = model.within(-Infinity, Infinity);
  expect(samplesOf(block.read({ startMs: -Infinity, endMs: Infinity }))).toEqual(all);
  expect([block.firstMs, block.lastMs]).toEqual([all[0]?.[0], all.at(-1)?.[0]]);
  const { offsets, ...whole } = block.samples();
  const timestampsMs = Float64Array.from(offsets, (offset) => START_MS + offset);
  expect(samplesOf({ timestampsMs, ...whole })).toEqual(all);
  for (let n = 0; n < 5; n++) {
    const startMs = START_MS + Math.floor((random() * 1.4 - 0.2) * BLOCK_MS);
    const endMs = startMs + Math.floor(random() * random() * BLOCK_MS);
    expect(samplesOf(block.read({ startMs, endMs }))).toEqual(model.within(startMs, endMs));
    const timeMs = all[Math.floor(random() * all.length)]![0];
    const one = block.read({ startMs: timeMs, endMs: timeMs });
    expect(samplesOf(one)).toEqual(model.within(timeMs, timeMs));
  }
}

describe.each(STEPS)("a block of %s samples", (_, step) => {
  it.each(SHAPES)("is a sorted map of them, bit for bit: %s", (_name, shape) => {
    const random = seededRandom(SHAPES.findIndex((one) => one[1] === shape) + 1);
    const memory = new SampleMemory();
    for (let round = 0; round < 6; round++) {
      const block = new SampleBlock(START_MS, memory);
      const model = new Model();
      const maker = new RunMaker(random, shape, step);
      const [lateShare, extraShare] = [random() * 0.4, round < 2 ? 0 : random() * 0.3];
      let nextMs = START_MS + Math.floor(random() * 60_000);
      for (let turn = 0; turn < 60; turn++) {
        const isLate = random() < lateShare;
        const spanMs = nextMs - START_MS;
        const fromMs = isLate ? START_MS + Math.floor(random() * spanMs) : nextMs;
        if (fromMs >= START_MS + BLOCK_MS) break;
        const run = maker.next(fromMs, 1 + Math.floor(random() ** 4 * 120));
        const columns = random() < extraShare ? maker.withExtras(run) : run;
        expect(block.write(columns, 0, columns.values.length)).toBe(model.write(columns));
        nextMs = block.lastMs + 1 + step(random, turn);
      }
      expectEqual(block, model, random);
      if (random() < 0.5) block.release();
    }
  });
});

describe("a block", () => {
  it("has room for late samples in any order without a cell for each", () => {
    const memory = new SampleMemory();
    const block = new SampleBlock(0, memory);
    for (let i = 40_000; i-- > 0; ) {
      const run = { timestampsMs: Float64Array.of(i * 100), values: Float64Array.of(i % 1000) };
      block.write(run, 0, 1);
    }
    expect(block.length).toBe(40_000);
    expect([...block.samples().values]).toEqual(Array.from({ length: 40_000 }, (_, i) => i % 1000));
    expect(memory.bytes).toBeLessThanOrEqual(1024 * 1024);
  });

  it("takes 2 to 3 bytes for a sample of a scraped counter", () => {
    const memory = new SampleMemory();
    const blocks = Array.from({ length: 4000 }, () => new SampleBlock(0, memory));
    const samples = 480 * blocks.length;
    for (let i = 0; i < 480; i++) {
      for (const [n, block] of blocks.entries()) {
        const timestampsMs = Float64Array.of(i * 15_000 + n);
        block.write({ timestampsMs, values: Float64Array.of(i * (n % 97)) }, 0, 1);
      }
    }
    expect(memory.bytes / samples).toBeLessThan(3);
  });

  it("is empty after its memory was given back, and the memory serves others", () => {
    const memory = new SampleMemory();
    const columns = {
      timestampsMs: Float64Array.from({ length: 10_000 }, (_, i) => i),
      values: Float64Array.from({ length: 10_000 }, (_, i) => Math.sqrt(i)),
    };
    const bytes: number[] = [];
    for (let round = 0; round < 50; round++) {
      const blocks = Array.from({ length: 10 }, () => new SampleBlock(0, memory));
      for (const block of blocks) block.write(columns, 0, 10_000);
      expect(blocks[9]!.samples().values).toEqual(columns.values);
      for (const block of blocks) block.release();
      expect(blocks[0]!.read({ startMs: 0, endMs: BLOCK_MS })).toBeUndefined();
      expect(blocks[0]!.length).toBe(0);
      bytes.push(memory.bytes);
    }
    expect(new Set(bytes).size).toBe(1);
  });
});

describe("the memory of samples", () => {
  it("gives slabs back to the system, but for a few that the next samples will need", () => {
    const memory = new SampleMemory();
    const cells = Array.from({ length: 100_000 }, () => memory.take());
    expect(new Set(cells).size).toBe(cells.length);
    expect(memory.bytes).toBeGreaterThanOrEqual(cells.length * CELL_BYTES);
    for (const cell of cells) memory.give(cell);
    expect(memory.bytes).toBeLessThanOrEqual(17 * 1024 * 1024);
    const again = Array.from({ length: 100_000 }, () => memory.take());
    expect(new Set(again).size).toBe(again.length);
  });
});
