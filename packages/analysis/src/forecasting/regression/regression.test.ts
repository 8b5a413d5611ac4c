import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { fitted, hourly } from "../fixtures/r-answers.ts";
import { lagRegression } from "../lag-regression.ts";
import { RidgeRegression } from "./ridge.ts";

describe("RidgeRegression", () => {
  it("finds the least squares line where there is no noise", () => {
    const regression = new RidgeRegression(2);
    const random = createRandom(3);
    for (let i = 0; i < 200; i++) {
      const row = new Float64Array([random.normal(), 5 * random.normal()]);
      regression.add(row, 2 * row[0]! - 0.5 * row[1]!);
    }
    const [a, b] = regression.solve();
    expect(a).toBeCloseTo(2, 2);
    expect(b).toBeCloseTo(-0.5, 2);
  });

  it("shrinks towards 0 what is only noise", () => {
    const regression = new RidgeRegression(8);
    const random = createRandom(5);
    for (let i = 0; i < 40; i++) {
      regression.add(
        Float64Array.from({ length: 8 }, () => random.normal()),
        random.normal(),
      );
    }
    const size = Math.hypot(...regression.solve());
    expect(size).toBeLessThan(0.35); // least squares would give about sqrt(8 / 32) = 0.5
  });

  it("leaves a column that never varies at 0", () => {
    const regression = new RidgeRegression(2);
    for (let i = 0; i < 20; i++) regression.add(new Float64Array([i, 0]), 3 * i);
    expect(regression.solve()[1]).toBe(0);
  });

  it("answers zeros when it has learnt nothing", () => {
    expect([...new RidgeRegression(3).solve()]).toEqual([0, 0, 0]);
  });
});

describe("lagRegression", () => {
  const design = { anchor: 4, changes: [1, 2], levels: [], profiles: [1, 4] };

  it("goes on with an exact season", () => {
    const series = hourly(Array.from({ length: 80 }, (_, i) => [1, 2, 3, 4][i % 4]!));
    const { mean } = fitted(lagRegression(design), series).forecast(6, 0.95);
    for (const [step, value] of [1, 2, 3, 4, 1, 2].entries()) {
      expect(mean[step]).toBeCloseTo(value, 6);
    }
  });

  it("learns that a change fades, as in an autoregression of 0.6", () => {
    const random = createRandom(11);
    const values = new Float64Array(600);
    for (let i = 1; i < 600; i++) values[i] = 0.6 * values[i - 1]! + random.normal();
    values[599] = 5;
    const forecaster = lagRegression({ anchor: 1, changes: [1], levels: [], profiles: [1] });
    const { mean } = fitted(forecaster, hourly(values)).forecast(10, 0.95);
    expect(mean[0]).toBeGreaterThan(2);
    expect(mean[0]).toBeLessThan(4);
    expect(Math.abs(mean[9]!)).toBeLessThan(0.7);
  });

  it("never leaves the widened range", () => {
    const explosive = hourly(Array.from({ length: 60 }, (_, i) => 1.3 ** i));
    const forecaster = lagRegression({ anchor: 1, changes: [1], levels: [], profiles: [1] });
    const { mean } = fitted(forecaster, explosive).forecast(50, 0.95);
    expect(Math.max(...mean)).toBeLessThanOrEqual(1.5 * 1.3 ** 59);
  });

  it("says what it needs", () => {
    const result = lagRegression(design).fit(hourly([1, 2, 3]));
    expect(result).toEqual({ kind: "insufficient-history", neededSamples: 6 + 3 * 4 });
    expect(() => lagRegression({ ...design, anchor: 0 })).toThrow(/anchor/);
  });
});
