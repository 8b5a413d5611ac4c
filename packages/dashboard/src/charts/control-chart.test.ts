import { describe, expect, it } from "vitest";
import { controlModel } from "./control-chart.ts";

const chart = {
  ...{ center: 2, sigma: 1, beyondSixSigma: 0 },
  threeSigma: { lower: -1, upper: 5 },
  sixSigma: { lower: -4, upper: 8 },
  timestampsMs: [0, 10, 20],
  values: [2, null, 6],
  violations: [{ rule: 1, side: "above", timestampMs: 20, value: 6 }],
} as const;
const words = {
  ...{ title: "Latency", value: "Measured", center: "Centre" },
  bound: (sigmas: number) => `${sigmas} σ`,
  rule: (number: number) => `rule ${number}`,
};

describe("controlModel", () => {
  const model = controlModel(chart, "s", words);

  it("draws samples, centre and bounds, none of them below 0", () => {
    expect(model.series.map(({ name, values }) => [name, values])).toEqual([
      ["Measured", [2, null, 6]],
      ["Centre", [2, 2, 2]],
      ["3 σ", [5, 5, 5]],
      ["-3 σ", [0, 0, 0]],
      ["6 σ", [8, 8, 8]],
      ["-6 σ", [0, 0, 0]],
    ]);
    expect([model.startMs, model.endMs]).toEqual([0, 20]);
  });

  it("marks where a rule was met", () => {
    expect(model.marks).toEqual([
      { key: "violation 0", label: "1", name: "rule 1", startMs: 20, endMs: 20 },
    ]);
  });
});
