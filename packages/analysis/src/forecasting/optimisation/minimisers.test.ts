import { describe, expect, it } from "vitest";
import { bfgs } from "./bfgs.ts";
import { nelderMead } from "./nelder-mead.ts";

/** Rosenbrock (1960): a curved valley with its minimum 0 at (1, 1). */
const rosenbrock = (point: Float64Array): number =>
  100 * (point[1]! - point[0]! ** 2) ** 2 + (1 - point[0]!) ** 2;
const START = new Float64Array([-1.2, 1]);

describe("nelderMead", () => {
  const options = {
    steps: new Float64Array([0.5, 0.5]),
    maxEvaluations: 600,
    relativeTolerance: 1e-14,
  };

  it("follows Rosenbrock's valley to its end", () => {
    const { point } = nelderMead(rosenbrock, START, options);
    expect(point[0]).toBeCloseTo(1, 4);
    expect(point[1]).toBeCloseTo(1, 4);
  });

  it("stops at the limit of evaluations", () => {
    const { evaluations } = nelderMead(rosenbrock, START, { ...options, maxEvaluations: 20 });
    expect(evaluations).toBeLessThanOrEqual(25);
  });

  it("never answers a forbidden point", () => {
    const walled = (point: Float64Array): number =>
      point[0]! < 2 ? Number.NaN : (point[0]! - 1) ** 2;
    const { point } = nelderMead(walled, new Float64Array([4]), {
      ...options,
      steps: new Float64Array([0.5]),
    });
    expect(point[0]).toBeGreaterThanOrEqual(2);
    expect(point[0]).toBeCloseTo(2, 2);
  });
});

describe("bfgs", () => {
  const options = { maxIterations: 200, differenceStep: 1e-6, relativeTolerance: 1e-14 };

  it.each([false, true])(
    "follows Rosenbrock's valley (one-sided differences: %s)",
    (isOneSided) => {
      const { point } = bfgs(rosenbrock, START, { ...options, isOneSided });
      expect(point[0]).toBeCloseTo(1, 2);
      expect(point[1]).toBeCloseTo(1, 2);
    },
  );

  it("stays where the start is forbidden", () => {
    const { value } = bfgs(() => Number.NaN, START, options);
    expect(value).toBe(Number.POSITIVE_INFINITY);
  });

  it("evaluates a function of no variable once", () => {
    expect(bfgs(() => 3, new Float64Array(0), options)).toMatchObject({ value: 3, evaluations: 1 });
  });
});
