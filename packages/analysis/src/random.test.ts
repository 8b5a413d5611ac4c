import { describe, expect, it } from "vitest";
import { createRandom } from "./random.ts";

const SAMPLES = 20_000;

function draw(next: () => number): Float64Array {
  return Float64Array.from({ length: SAMPLES }, next);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("createRandom", () => {
  it("repeats itself from the same seed and differs from another", () => {
    expect(draw(createRandom(7).uniform)).toEqual(draw(createRandom(7).uniform));
    expect(createRandom(7).uniform()).not.toBe(createRandom(8).uniform());
  });

  it("has the mean and variance of a uniform number (1/2, 1/12) within 4 standard errors", () => {
    const values = draw(createRandom(1).uniform);
    expect(Math.abs(meanOf(values) - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / SAMPLES));
    const variance = meanOf(values.map((value) => (value - 0.5) ** 2));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / SAMPLES));
  });

  it("has the mean, variance and kurtosis of a normal number (0, 1, 3) within 4 standard errors", () => {
    const values = draw(createRandom(2).normal);
    expect(Math.abs(meanOf(values))).toBeLessThan(4 / Math.sqrt(SAMPLES));
    const variance = meanOf(values.map((value) => value ** 2));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / SAMPLES));
    const fourth = meanOf(values.map((value) => value ** 4));
    expect(Math.abs(fourth - 3)).toBeLessThan(4 * Math.sqrt(96 / SAMPLES));
  });

  it("draws every whole number below the bound and none outside", () => {
    const random = createRandom(3);
    const seen = new Set(draw(() => random.integer(5)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});
