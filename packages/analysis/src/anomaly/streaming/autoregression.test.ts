import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { Autoregression } from "./autoregression.ts";

const create = () => new Autoregression(new Float64Array(Autoregression.stateLength));

/** Feeds values and gives the one-step residuals. */
function residualsOf(model: Autoregression, values: readonly number[]): number[] {
  return values.map((value) => {
    const residual = value - model.predict();
    model.learn(residual);
    model.shift(value);
    return residual;
  });
}

describe("Autoregression", () => {
  it("begins by expecting the last value again", () => {
    const model = create();
    model.reset(0.7);
    expect(model.predict()).toBe(0.7);
  });

  it("recovers the coefficients of an AR(2) process it is fed", () => {
    // x[t] = 0.5 + 0.6 x[t-1] - 0.3 x[t-2] + e; the forecast from (1, 2) is 0.5 + 0.6 - 0.6 = 0.5.
    const random = createRandom(4);
    const values = [0, 0];
    for (let t = 2; t < 6000; t++) {
      values.push(0.5 + 0.6 * values[t - 1]! - 0.3 * values[t - 2]! + 0.2 * random.normal());
    }
    const model = create();
    residualsOf(model, values);
    model.shift(2);
    model.shift(1);
    expect(model.predict()).toBeCloseTo(0.5, 1);
  });

  it("follows a straight line with an error below a twentieth of its step", () => {
    const residuals = residualsOf(
      create(),
      Array.from({ length: 60 }, (_, i) => 0.05 * i),
    );
    expect(Math.abs(residuals.at(-1) ?? 1)).toBeLessThan(0.05 * 0.05);
  });

  it("stays finite on constant input, which winds a covariance up", () => {
    const model = create();
    residualsOf(model, Array<number>(200_000).fill(0));
    model.shift(1);
    expect(Number.isFinite(model.predict())).toBe(true);
  });
});
