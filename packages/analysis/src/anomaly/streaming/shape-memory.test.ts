import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { fromCoarse, toCoarse } from "./coarse-number.ts";
import { ShapeMemory } from "./shape-memory.ts";
import { createStreamingDetector } from "./streaming-detector.ts";

function distancesOf(values: readonly number[]): number[] {
  const memory = new ShapeMemory(
    new Float32Array(ShapeMemory.stateLength),
    new Uint16Array(ShapeMemory.memoryLength),
  );
  return values.map((value) => memory.take(value));
}

/** By definition: the last 12 of the last 52 means of four, against every 12 before them. */
function nearestByDefinition(values: readonly number[]): number {
  const means = Array.from({ length: Math.floor(values.length / 4) }, (_, i) => {
    const four = values.slice(4 * i, 4 * i + 4);
    return fromCoarse(toCoarse(four.reduce((a, b) => a + b, 0) / 4));
  }).slice(-52);
  const shapeAt = (start: number) => {
    const shape = means.slice(start, start + 12);
    const level = shape.reduce((a, b) => a + b, 0) / 12;
    return shape.map((point) => point - level);
  };
  const newest = shapeAt(means.length - 12);
  const distances = Array.from({ length: means.length - 23 }, (_, start) =>
    Math.hypot(...shapeAt(start).map((point, i) => point - newest[i]!)),
  );
  return Math.min(...distances) / Math.sqrt(12);
}

/** A wave of 64 samples. */
const waveAt = (i: number) => Math.sin((2 * Math.PI * i) / 64);

describe("ShapeMemory", () => {
  it("tells the distance of the newest shape from its nearest before, as defined", () => {
    const random = createRandom(3);
    const values = Array.from({ length: 400 }, (_, i) => waveAt(i) + 0.3 * random.normal());
    const distances = distancesOf(values);
    for (const count of [96, 100, 208, 212, 400]) {
      const expected = nearestByDefinition(values.slice(0, count));
      expect(distances[count - 1]).toBeCloseTo(expected, 5);
    }
  });

  it("has none before two shapes are full, and 0 on a constant series", () => {
    expect(distancesOf(Array.from({ length: 95 }, (_, i) => waveAt(i)))).toEqual(
      Array<number>(95).fill(0),
    );
    expect(distancesOf(Array<number>(300).fill(7)).at(-1)).toBe(0);
  });

  it("is small while a shape repeats at any level, and large when it breaks", () => {
    const repeated = Array.from({ length: 400 }, (_, i) => waveAt(i) + (i >= 320 ? 0.5 : 0));
    expect(distancesOf(repeated).at(-1)).toBeLessThan(0.1);
    const broken = Array.from({ length: 400 }, (_, i) =>
      i >= 352 ? -Math.abs(waveAt(i)) : waveAt(i),
    );
    expect(distancesOf(broken).at(-1)).toBeGreaterThan(0.3);
  });

  it("keeps its size: a weaker wave is another shape", () => {
    const weaker = Array.from({ length: 400 }, (_, i) => (i >= 352 ? 0.2 : 1) * waveAt(i));
    expect(distancesOf(weaker).at(-1)).toBeGreaterThan(0.3);
  });
});

describe("a wave that goes at twice its pace for one round", () => {
  it("is paged as a pattern, though no value and no step is unusual", () => {
    for (const seed of [1, 2, 3]) {
      const random = createRandom(seed);
      const detector = createStreamingDetector();
      const pages = Array.from({ length: 3000 }, (_, i) => {
        const pace = i >= 2500 && i < 2600 ? 2 : 1;
        const value = Math.sin((2 * Math.PI * pace * i) / 100) + 0.05 * random.normal();
        return detector.push(i * 300_000, value);
      }).flatMap(({ page, reason }, i) => (page && i >= 1000 ? [{ i, reason }] : []));
      expect(pages).toHaveLength(1);
      expect(pages[0]?.reason).toBe("pattern");
      expect(pages[0]?.i).toBeGreaterThanOrEqual(2500);
      expect(pages[0]?.i).toBeLessThan(2540);
    }
  });
});
