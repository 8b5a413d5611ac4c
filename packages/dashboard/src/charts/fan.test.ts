import { describe, expect, it } from "vitest";
import { fannedModel } from "./fan.ts";
import type { PlotModel } from "./plot-model.ts";

const style = { colour: "--x", dash: [], widthPx: 1 };
const model: PlotModel = {
  ...{ title: "x", unit: "1", startMs: 0, endMs: 20, forecastFromMs: null, pendingFromMs: 15 },
  timestampsMs: [0, 10, 20],
  series: [
    { ...{ key: "a", name: "A", values: [1, null, 3] }, style },
    { ...{ key: "b", name: "B", values: [7, 8, 9] }, style: { ...style, colour: "--y" } },
  ],
  bands: [],
  marks: [],
};
const names = {
  mean: (line: string) => `${line} forecast`,
  lower: (line: string) => `${line} low`,
  upper: (line: string) => `${line} high`,
};
const forecast = {
  timestampsMs: [20, 30, 40],
  mean: [3, 4, 5],
  lower: [2, 3, 3],
  upper: [4, 5, 7],
};

describe("fannedModel", () => {
  it("goes on after the last sample, with a band in the colour of the line", () => {
    const drawn = fannedModel(model, [{ of: "a", forecast }], names);
    expect(drawn.timestampsMs).toEqual([0, 10, 20, 30, 40]);
    expect(drawn.series.map(({ name, values }) => [name, values])).toEqual([
      ["A", [1, null, 3, null, null]],
      ["B", [7, 8, 9, null, null]],
      ["A forecast", [null, null, null, 4, 5]],
      ["A high", [null, null, null, 5, 7]],
      ["A low", [null, null, null, 3, 3]],
    ]);
    expect(drawn.series.map(({ forecastOf }) => forecastOf)).toEqual([
      undefined,
      undefined,
      "a",
      "a",
      "a",
    ]);
    expect(drawn).toMatchObject({ endMs: 40, forecastFromMs: 20, pendingFromMs: null });
    expect(drawn.bands).toEqual([
      { upper: "fan upper a", lower: "fan lower a", colour: "--x", isFaded: true },
    ]);
  });

  it("draws several forecasts on the times of all of them", () => {
    const later = { ...forecast, timestampsMs: [30, 40, 50] };
    const fans = [
      { of: "a", forecast },
      { of: "b", forecast: later },
    ];
    const drawn = fannedModel(model, fans, names);
    expect(drawn.timestampsMs).toEqual([0, 10, 20, 30, 40, 50]);
    const values = (name: string) => drawn.series.find((one) => one.name === name)?.values;
    expect(values("A forecast")).toEqual([null, null, null, 4, 5, null]);
    expect(values("B forecast")).toEqual([null, null, null, 3, 4, 5]);
  });

  it("ends the shade of an open anomaly where the forecast begins", () => {
    const mark = { key: "m", label: "#1", name: "", startMs: 5, endMs: Number.POSITIVE_INFINITY };
    const drawn = fannedModel({ ...model, marks: [mark] }, [{ of: "a", forecast }], names);
    expect(drawn.marks.map(({ endMs }) => endMs)).toEqual([20]);
  });

  it("leaves the chart as it is when the forecast has passed", () => {
    const passed = { ...forecast, timestampsMs: [1, 2, 3] };
    expect(fannedModel(model, [{ of: "a", forecast: passed }], names)).toBe(model);
  });
});
