import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { evenlySpaced } from "../../time-series.ts";
import { autoForecast } from "./auto-forecast.ts";

const HISTORY = 400;
const HORIZON = 24;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const STEPS: readonly (readonly [string, number])[] = [
  ["7 seconds", 7000],
  ["a minute", MINUTE_MS],
  ["an hour", HOUR_MS],
  ["a day", 24 * HOUR_MS],
];

/** The shapes of machines, by index; those with noise draw it from a fixed seed. */
const SHAPES = {
  "a clean ramp": (i: number) => 100 + 2 * i,
  "a clean fall": (i: number) => 5000 - 3 * i,
  "a sawtooth": (i: number) => 100 + 5 * (i % 30),
  "a long sawtooth": (i: number) => 100 + (i % 130),
  "a step": (i: number) => (i < 280 ? 100 : 180),
  "a constant with one blip": (i: number) => (i === 50 ? 8 : 7),
};

function leak(): (i: number) => number {
  const random = createRandom(9);
  return (i) => 1000 + 3 * i + 10 * random.normal();
}

describe.each(["auto", "fast"] as const)("the shapes of machines in %s mode", (mode) => {
  describe.each(STEPS)("at %s a sample", (stepName, stepMs) => {
    const forecastOf = (shape: (i: number) => number) => {
      const all = Array.from({ length: HISTORY + HORIZON }, (_, i) => shape(i));
      const series = evenlySpaced(all.slice(0, HISTORY), { stepMs });
      return {
        result: autoForecast(series, { horizon: HORIZON, mode }),
        future: all.slice(HISTORY),
      };
    };

    // Neighbouring days of a rise over 130 are alike, those a week apart too: taken for a week.
    const exact = Object.entries(SHAPES).filter(([name]) => {
      return name !== "a long sawtooth" || stepName !== "a day";
    });
    it.each(exact)("goes on with %s", (_, shape) => {
      const { result, future } = forecastOf(shape);
      if (result.kind !== "forecast") throw new Error(result.reason);
      for (const [step, value] of future.entries()) {
        expect(Math.abs(result.mean[step]! / value - 1)).toBeLessThan(1e-6);
        expect(result.lower[step]!).toBeLessThanOrEqual(value * (1 + 1e-9));
        expect(result.upper[step]!).toBeGreaterThanOrEqual(value * (1 - 1e-9));
      }
    });

    it("follows a leak under noise: within the noise, and within the bounds", () => {
      const { result, future } = forecastOf(leak());
      if (result.kind !== "forecast") throw new Error(result.reason);
      const error = future.reduce((sum, y, i) => sum + Math.abs(y - result.mean[i]!), 0) / HORIZON;
      expect(error).toBeLessThan(15); // the noise alone is 8, standing still 37
      const held = future.filter((y, i) => y >= result.lower[i]! && y <= result.upper[i]!);
      expect(held.length).toBeGreaterThanOrEqual(0.8 * HORIZON);
    });

    it("answers a constant by itself", () => {
      expect(forecastOf(() => 7).result).toMatchObject({ kind: "forecast", model: "constant" });
    });
  });

  it("refuses a sawtooth of 130 days, which it takes for weeks", () => {
    const days = Array.from({ length: HISTORY }, (_, i) => SHAPES["a long sawtooth"](i));
    const result = autoForecast(evenlySpaced(days, { stepMs: 24 * HOUR_MS }), {
      horizon: HORIZON,
      mode,
    });
    expect(result).toMatchObject({ kind: "refused", reason: "no-better-than-naive" });
  });
});
