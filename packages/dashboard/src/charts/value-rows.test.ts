import { describe, expect, it } from "vitest";
import { fannedModel } from "./fan.ts";
import type { PlotModel } from "./plot-model.ts";
import { valueRows } from "./value-rows.ts";

const style = { colour: "--x", dash: [], widthPx: 1 };
const measured: PlotModel = {
  ...{ title: "x", unit: "1", startMs: 0, endMs: 10, forecastFromMs: null, pendingFromMs: null },
  timestampsMs: [0, 10],
  series: [{ ...{ key: "a", name: "A", values: [1, null] }, style }],
  bands: [],
  marks: [],
};
const forecast = { timestampsMs: [20, 30], mean: [3, 4], lower: [2, 3], upper: [4, 5] };
const names = { mean: () => "ahead", lower: () => "low", upper: () => "high" };
const model = fannedModel(measured, [{ of: "a", forecast }], names);
const said = (index: number) =>
  valueRows(model, index).map(({ series, value, bounds }) => [series.name, value, bounds]);

describe("valueRows", () => {
  it("are the measured values, gaps among them, without the forecast that has not begun", () => {
    expect(said(0)).toEqual([["A", 1, null]]);
    expect(said(1)).toEqual([["A", null, null]]);
  });

  it("are the forecast with its bounds where nothing can be measured yet", () => {
    expect(said(2)).toEqual([["ahead", 3, { lower: 2, upper: 4 }]]);
  });
});
