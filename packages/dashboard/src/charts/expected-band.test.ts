import { describe, expect, it } from "vitest";
import type { GridAnswer } from "../data/prometheus.ts";
import { withExpectedBand } from "./expected-band.ts";
import type { PlotModel } from "./plot-model.ts";

const GRID = { startMs: 0, endMs: 2000, stepMs: 1000 };
const answer = (values: readonly (number | null)[], signal = "latency"): GridAnswer => ({
  grid: GRID,
  series: [{ labels: { service_name: "cart", signal }, values }],
});
const MODEL: PlotModel = {
  ...{ title: "Latency", unit: "s", timestampsMs: [0, 1000, 2000], bands: [], marks: [] },
  ...{ startMs: 0, endMs: 2000, forecastFromMs: null, pendingFromMs: null },
  series: [
    { key: "p95", name: "p95", values: [1, 2, 3], style: { colour: "--x", dash: [], widthPx: 1 } },
  ],
};
const NAMES = { lower: "from", upper: "to" };

describe("the expected band of a chart", () => {
  it("is two bounds and the area between, never below 0", () => {
    const bounds = { lower: answer([-1, 0.5, null]), upper: answer([2, 2, null]) };
    const model = withExpectedBand(MODEL, "latency", { bounds, names: NAMES });
    expect(model.series.slice(1)).toMatchObject([
      { name: "from", values: [0, 0.5, null], isBound: true },
      { name: "to", values: [2, 2, null], isBound: true },
    ]);
    expect(model.bands).toMatchObject([{ upper: "expected-upper", lower: "expected-lower" }]);
  });

  it("is left out where nothing is known of the signal", () => {
    const other = { lower: answer([1, 1, 1], "errors"), upper: answer([2, 2, 2], "errors") };
    expect(withExpectedBand(MODEL, "latency", { bounds: other, names: NAMES })).toBe(MODEL);
    const gaps = { lower: answer([null, null, null]), upper: answer([null, null, null]) };
    expect(withExpectedBand(MODEL, "latency", { bounds: gaps, names: NAMES })).toBe(MODEL);
  });
});
