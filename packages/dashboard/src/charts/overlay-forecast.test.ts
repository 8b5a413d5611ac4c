import { describe, expect, it } from "vitest";
import { overlayForecast } from "./overlay-forecast.ts";
import type { PlotModel } from "./plot-model.ts";

const model: PlotModel = {
  ...{ title: "x", unit: "1", startMs: 0, endMs: 20, forecastFromMs: null, pendingFromMs: 15 },
  timestampsMs: [0, 10, 20],
  series: [
    {
      ...{ key: "a", name: "a", values: [1, null, 3] },
      style: { colour: "--x", dash: [], widthPx: 1 },
    },
  ],
  bands: [],
  marks: [],
};
const names = { actual: "Measured", forecast: "Forecast", lower: "Lower", upper: "Upper" };
const forecast = {
  timestampsMs: [20, 30, 40],
  mean: [3, 4, 5],
  lower: [2, 3, 3],
  upper: [4, 5, 7],
};

describe("overlayForecast", () => {
  it("goes on after the last sample, with a band", () => {
    const drawn = overlayForecast(model, { forecast, names });
    expect(drawn.timestampsMs).toEqual([0, 10, 20, 30, 40]);
    expect(drawn.series.map(({ name, values }) => [name, values])).toEqual([
      ["a", [1, null, 3, null, null]],
      ["Forecast", [null, null, null, 4, 5]],
      ["Upper", [null, null, null, 5, 7]],
      ["Lower", [null, null, null, 3, 3]],
    ]);
    expect(drawn).toMatchObject({ endMs: 40, forecastFromMs: 20, pendingFromMs: null });
    expect(drawn.bands).toHaveLength(1);
  });

  it("leaves the chart as it is when the forecast has passed", () => {
    const passed = { ...forecast, timestampsMs: [1, 2, 3] };
    expect(overlayForecast(model, { forecast: passed, names })).toBe(model);
  });
});
