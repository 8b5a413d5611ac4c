import { describe, expect, it } from "vitest";
import { evenlySpaced } from "../time-series.ts";
import { westernElectricViolations } from "./western-electric.ts";

const CHART = { center: 100, sigma: 10 };

/** Rules that fire, as "rule side @index", for distances in sigma. */
function fired(distances: number[]): string[] {
  const values = distances.map((distance) => CHART.center + distance * CHART.sigma);
  return westernElectricViolations(evenlySpaced(values, { stepMs: 1000 }), CHART).map(
    ({ rule, side, index }) => `${rule} ${side} @${index}`,
  );
}

// The four zone rules as stated in the Western Electric handbook (1956), pages 25 to 28.
describe("westernElectricViolations", () => {
  it("1: one sample beyond 3 sigma; exactly on the line is inside", () => {
    expect(fired([0, 3, -3.1])).toEqual(["1 below @2"]);
  });

  it("2: two of three beyond 2 sigma on the same side", () => {
    expect(fired([2.1, 0, 2.1])).toEqual(["2 above @2"]);
    expect(fired([2.1, 0, 0, 2.1])).toEqual([]);
    expect(fired([2.1, -2.1])).toEqual([]);
  });

  it("3: four of five beyond 1 sigma on the same side", () => {
    expect(fired([-1.1, -1.1, 0.5, -1.1, -1.1])).toEqual(["3 below @4"]);
    expect(fired([-1.1, -1.1, 0.5, -1.1, -0.9])).toEqual([]);
  });

  it("4: eight in a row on the same side", () => {
    expect(fired(Array(9).fill(0.1))).toEqual(["4 above @7", "4 above @8"]);
    expect(fired([0.1, 0.1, 0.1, 0.1, 0, 0.1, 0.1, 0.1, 0.1])).toEqual([]);
  });

  it("does not fire at the sample that returns to normal", () => {
    expect(fired([2.5, 2.5, 0.1])).toEqual(["2 above @1"]);
  });

  it("lets a NaN break a run", () => {
    expect(fired([1, 1, 1, 1, NaN, 1, 1, 1, 1].map((distance) => distance / 2))).toEqual([]);
  });

  it("reports the sample it fired at and needs a positive sigma", () => {
    const series = evenlySpaced([140], { stepMs: 1000, startMs: 5000 });
    expect(westernElectricViolations(series, CHART)).toEqual([
      { rule: 1, side: "above", index: 0, timestampMs: 5000, value: 140 },
    ]);
    expect(() => westernElectricViolations(series, { center: 0, sigma: 0 })).toThrow("sigma");
  });
});
