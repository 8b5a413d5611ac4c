import type uPlot from "uplot";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { linePaths } from "./line-paths.ts";

/** Keeps what is drawn as text: "M x y", "L x y". */
class RecordedPath {
  readonly steps: string[] = [];
  moveTo(x: number, y: number): void {
    this.steps.push(`M ${x} ${y}`);
  }
  lineTo(x: number, y: number): void {
    this.steps.push(`L ${x} ${y}`);
  }
}

beforeAll(() => {
  vi.stubGlobal("Path2D", RecordedPath);
  vi.stubGlobal("devicePixelRatio", 2);
});

/** What of uPlot the path asks for: a plot that is 100 px wide and high, from 0 to the last time. */
function drawn(values: readonly (number | null)[]): {
  readonly steps: readonly string[];
  readonly widthPx: unknown;
} {
  const last = values.length - 1;
  const ends = { x: last, y: 100 };
  const plot = {
    data: [[...values.keys()], values],
    series: [{}, {}],
    scales: { x: { min: 0, max: last }, y: { min: 0, max: 100 } },
    valToPos: (value: number, scale: "x" | "y") =>
      scale === "x" ? (value / ends.x) * 100 : 100 - value,
  };
  // The path reads nothing of the plot but these fields.
  const paths = linePaths(plot as unknown as uPlot, 1, 0, last);
  const stroke: unknown = paths?.stroke;
  if (!(stroke instanceof RecordedPath)) throw new Error("no path");
  return { steps: stroke.steps, widthPx: Reflect.get(paths ?? {}, "_width") };
}

describe("linePaths", () => {
  it("joins points and breaks at gaps", () => {
    const { steps } = drawn([0, 50, null, 50, 0]);
    expect(steps).toEqual(["M 0 100", "L 25 50", "M 75 50", "L 100 100"]);
  });

  it("shows a lone sample between two gaps as a mark", () => {
    expect(drawn([null, null, 50, null, null]).steps).toEqual(["M 49 50", "L 50 50", "L 51 50"]);
  });

  it("goes up to a spike of a single sample among many in a pixel", () => {
    const values = Array.from({ length: 10_001 }, (_, i) => (i === 5003 ? 90 : 10));
    expect(drawn(values).steps).toContainEqual(expect.stringMatching(/^L 50\.0\d* 10$/));
  });

  it("draws the lines of many points one pixel of the screen wide, others at their own width", () => {
    expect(drawn(Array.from({ length: 20_001 }, () => 1)).widthPx).toBe(0.5);
    expect(drawn(Array.from({ length: 20_000 }, () => 1)).widthPx).toBeUndefined();
  });
});
