import { describe, expect, it } from "vitest";
import type { GridAnswer } from "../data/prometheus.ts";
import { serviceStyle } from "./series-style.ts";
import { byServiceModel, forecastModel, linesModel, sumOf } from "./signal-models.ts";

const grid = { startMs: 0, endMs: 20_000, stepMs: 10_000 };
const frame = { title: "x", unit: "1/s", range: { startMs: 0, endMs: 25_000 } } as const;
const answer = (series: Record<string, readonly (number | null)[]>): GridAnswer => ({
  grid,
  series: Object.entries(series).map(([service, values]) => ({
    labels: { service_name: service },
    values,
  })),
});

describe("byServiceModel", () => {
  const many = answer(
    Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`s${i}`, [i, i, null]])),
  );

  const expressionOf = (service: string): string => `rate of ${service}`;

  it("names the eight highest, highest first, and sums the rest where sums mean something", () => {
    const rest = { kind: "sum", name: (count: number) => `other ${count}` } as const;
    const { series } = byServiceModel(frame, { answer: many, rest, expressionOf });
    expect(series.map(({ name }) => name)).toEqual([
      "s10",
      "s9",
      "s8",
      "s7",
      "s6",
      "s5",
      "s4",
      "s3",
      "other 3",
    ]);
    expect(series.at(-1)?.values).toEqual([3, 3, null]);
    expect(series[0]?.expression).toBe("rate of s10");
    expect(series.at(-1)?.expression).toBeUndefined();
  });

  it("leaves the rest out where they do not", () => {
    const rest = { kind: "leave-out" } as const;
    expect(byServiceModel(frame, { answer: many, rest, expressionOf }).series).toHaveLength(8);
  });
});

describe("linesModel", () => {
  it("draws a line without data as gaps, and marks what is still arriving", () => {
    const line = { key: "a", name: "a", style: serviceStyle("a") };
    const model = linesModel(frame, [{ ...line, answer: answer({}) }], []);
    expect(model.series[0]?.values).toEqual([null, null, null]);
    expect(model.pendingFromMs).toBe(20_000);
  });
});

describe("sumOf", () => {
  it("is a gap only where all have one", () => {
    expect(
      sumOf([
        [1, null, null],
        [2, 3, null],
      ]),
    ).toEqual([3, 3, null]);
    expect(sumOf([])).toEqual([]);
  });
});

describe("forecastModel", () => {
  const forecast = {
    kind: "forecast",
    model: "m",
    level: 0.9,
    timestampsMs: [20_000, 30_000, 40_000],
    mean: [1, 2, 3],
    lower: [0, 1, 2],
    upper: [2, 3, 4],
  } as const;
  const names = { actual: "a", forecast: "f", lower: "l", upper: "u" };

  it("follows the measured part, without steps that have been measured", () => {
    const model = forecastModel(frame, answer({ a: [7, 8, 9] }), { forecast, names });
    expect(model.timestampsMs).toEqual([0, 10_000, 20_000, 30_000, 40_000]);
    expect(model.series.map(({ values }) => values)).toEqual([
      [7, 8, 9, null, null],
      [null, null, null, 2, 3],
      [null, null, null, 3, 4],
      [null, null, null, 1, 2],
    ]);
    expect(model.forecastFromMs).toBe(20_000);
    expect(model.endMs).toBe(40_000);
  });
});
