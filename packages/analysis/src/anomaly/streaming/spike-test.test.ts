import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { SpikeTest } from "./spike-test.ts";
import { createStreamingDetector } from "./streaming-detector.ts";

const create = () => new SpikeTest(new Float32Array(SpikeTest.stateLength));

/** Takes surprises in scales of 2 around an expectation of 10; tells at which one is found. */
function foundAt(surprises: readonly number[], jumps: readonly number[] = []): number[] {
  const test = create();
  return surprises.flatMap((z, i) => {
    const innovation = { expected: 10, residual: 2 * z, scale: 2, z };
    return test.take(innovation, jumps.includes(i)).isFinding ? [i] : [];
  });
}

describe("SpikeTest", () => {
  it("finds a step out and back, neither of which is a jump by itself", () => {
    expect(foundAt([0, 4, -4, 0])).toEqual([2]);
    expect(foundAt([0, -4, 4, 0])).toEqual([2]);
  });

  it("does not find a step that stays, a step in two parts, or one weak half", () => {
    expect(foundAt([0, 4, 0, 0])).toEqual([]);
    expect(foundAt([0, 4, 4, 0])).toEqual([]);
    expect(foundAt([0, 6, -2, 0])).toEqual([]);
  });

  it("leaves alone what a jump has already told, but names the way back", () => {
    expect(foundAt([0, 8, -8, 0], [1])).toEqual([]);
    expect(foundAt([0, 4, -5, 0], [2])).toEqual([2]);
  });

  it("tells the size and what was expected", () => {
    const test = create();
    test.take({ expected: 10, residual: 8, scale: 2, z: 4 }, false);
    const evidence = test.take({ expected: 11, residual: -8, scale: 2, z: -4 }, false);
    expect(evidence).toMatchObject({ isFinding: true, size: 8, from: 10 });
    // (4 + 4) / sqrt(2) scales of a limit of 5
    expect(evidence.strength).toBeCloseTo(1.131, 3);
  });
});

describe("a spike of one sample in a smooth daily curve", () => {
  /** Pages upwards from the third of ten days on: a wave, noise that lasts, spikes of six scales. */
  function pagesOf(seed: number, { spikes = [2000], stepMs = 300_000 } = {}): number[] {
    const random = createRandom(seed);
    const detector = createStreamingDetector();
    let noise = 0;
    return Array.from({ length: 2880 }, (_, i) => {
      noise = 0.9 * noise + random.normal();
      const value = 100 + 40 * Math.sin((2 * Math.PI * i) / 288) + noise;
      return detector.push(i * stepMs, spikes.includes(i) ? value + 6 : value);
    }).flatMap(({ page, reason }, i) => (page && reason.endsWith("up") && i >= 576 ? [i] : []));
  }
  const seeds = Array.from({ length: 20 }, (_, seed) => seed + 30);

  it("is paged once, at the latest when it is over", () => {
    const pages = seeds.map((seed) => pagesOf(seed));
    expect(pages.every(({ length }) => length <= 1)).toBe(true);
    const isFound = (indexes: number[]) => indexes[0] === 2000 || indexes[0] === 2001;
    expect(pages.filter(isFound).length).toBeGreaterThanOrEqual(18);
  });

  it("is paged again when it comes again soon", () => {
    const counts = seeds.map((seed) => pagesOf(seed, { spikes: [2000, 2050] }).length);
    expect(counts.filter((count) => count === 2).length).toBeGreaterThanOrEqual(16);
  });

  it("is no page in a series of a sample a minute", () => {
    expect(seeds.flatMap((seed) => pagesOf(seed, { stepMs: 60_000 }))).toEqual([]);
  });
});
