import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { mean } from "../../statistics/moments.ts";
import { createBayesianChangePoint } from "./bayesian-change-point.ts";
import { NILE } from "./nile.test-data.ts";
import { peltChangePoints } from "./pelt.ts";

/** Variance around the two levels of the Nile, so that the cost is in its unit. */
const NILE_VARIANCE = 127 ** 2;

describe("PELT", () => {
  it("finds the one change of the Nile after 28 years, in 1898", () => {
    expect(peltChangePoints(NILE, { variance: NILE_VARIANCE })).toEqual([28]);
  });

  it("minimises the cost exactly: as good as trying every partition", () => {
    const random = createRandom(9);
    for (let round = 0; round < 20; round++) {
      const values = Float64Array.from(
        { length: 11 },
        (_, i) => random.normal() + (i > 4 ? 3 * random.normal() : 0),
      );
      const options = { penalty: 4, minimumSamples: 1 };
      const found = costOf(values, peltChangePoints(values, options));
      expect(found).toBeCloseTo(cheapest(values), 9);
    }
  });

  it("finds none in noise, and none in nothing", () => {
    const random = createRandom(10);
    const noise = Float64Array.from({ length: 300 }, () => random.normal());
    expect(peltChangePoints(noise)).toEqual([]);
    expect(peltChangePoints(new Float64Array(0))).toEqual([]);
  });

  function costOf(values: Float64Array, changePoints: readonly number[]): number {
    const bounds = [0, ...changePoints, values.length];
    return bounds.slice(1).reduce((total, end, i) => {
      const segment = values.subarray(bounds[i]!, end);
      const center = mean(segment);
      return total + segment.reduce((sum, value) => sum + (value - center) ** 2, 0);
    }, 4 * changePoints.length);
  }

  function cheapest(values: Float64Array): number {
    let best = Number.POSITIVE_INFINITY;
    for (let mask = 0; mask < 2 ** (values.length - 1); mask++) {
      const changePoints = [...values.keys()].filter((i) => i > 0 && (mask >> (i - 1)) & 1);
      best = Math.min(best, costOf(values, changePoints));
    }
    return best;
  }
});

describe("Bayesian online change point", () => {
  const beliefs = () => {
    const detector = createBayesianChangePoint({
      ...{ mean: 1000, standardDeviation: 150, meanRunSamples: 100 },
    });
    return Array.from(NILE, (flow) => detector.push(flow));
  };

  it("believes in 1912 that the run began about 1898", () => {
    const year = 1912;
    const run = beliefs()[year - 1871]?.likelyRunSamples ?? 0;
    expect(Math.abs(year + 1 - run - 1898)).toBeLessThanOrEqual(2);
  });

  it("believes in one run before the change", () => {
    const run = beliefs()[1895 - 1871]?.likelyRunSamples ?? 0;
    expect(run).toBe(25);
  });

  it("is sure of a change within five samples of a big one, and not before", () => {
    const random = createRandom(3);
    const detector = createBayesianChangePoint({ mean: 0, standardDeviation: 1 });
    let belief = detector.push(0);
    for (let i = 0; i < 300; i++) belief = detector.push(random.normal());
    expect(belief.recentChange).toBeLessThan(0.1);
    for (let i = 0; i < 4; i++) belief = detector.push(8 + random.normal());
    expect(belief.recentChange).toBeGreaterThan(0.9);
  });

  it("survives a value that no run could have given", () => {
    const detector = createBayesianChangePoint({ mean: 0, standardDeviation: 1 });
    for (const value of [0, 1, 1e300, 0, 1]) {
      expect(Number.isFinite(detector.push(value).recentChange)).toBe(true);
    }
  });
});
