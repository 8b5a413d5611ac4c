import { describe, expect, it } from "vitest";
import { createFormatter } from "../format/formatter.ts";
import { testTranslate } from "../testing/all-texts.ts";
import { nextCursorIndex } from "./cursor-keys.ts";
import { cutMiddle } from "./cut-middle.ts";
import {
  highestIndex,
  isEmptyPlot,
  lastValue,
  type PlotModel,
  plotMaximum,
  yRange,
} from "./plot-model.ts";
import { stretchOf } from "./plot-overlays.ts";
import { plotSummary } from "./plot-summary.ts";
import { serviceStyle } from "./series-style.ts";

const model = (values: readonly (number | null)[], marks: PlotModel["marks"] = []): PlotModel => ({
  title: "Latency",
  unit: "s",
  timestampsMs: values.map((_, i) => Date.parse("2026-11-24T10:00:00Z") + i * 60_000),
  series: [{ key: "p99", name: "p99", values, style: serviceStyle("p99") }],
  bands: [],
  marks,
  startMs: Date.parse("2026-11-24T10:00:00Z"),
  endMs: Date.parse("2026-11-24T11:00:00Z"),
  forecastFromMs: null,
  pendingFromMs: null,
});

const format = createFormatter("en", "UTC");
const t = await testTranslate("en", format);

describe("yRange", () => {
  it.each([
    ["s", 0.174, 0.2],
    ["1/s", 846, 1000],
    ["1/s", 0, 1],
    ["ratio", 0.0012, 0.01],
    ["ratio", 0.99, 1],
    ["ratio", 1.7, 2],
    ["1", 4.9, 6],
  ] as const)("of %s up to %d is from 0 to %d", (unit, maximum, top) => {
    expect(yRange(unit, maximum)).toEqual([0, top]);
  });

  it("goes below 0 only when values do", () => {
    expect(yRange("1", 4.9, -2.8)).toEqual([-3, 6]);
    expect(yRange("1", 0, -70)).toEqual([-80, 0]);
  });

  it("always has room for the highest value", () => {
    for (let maximum = 0.001; maximum < 1e6; maximum *= 1.37)
      expect(yRange("1/s", maximum)[1]).toBeGreaterThanOrEqual(maximum);
  });
});

describe("plotMaximum", () => {
  it("does not let a wide interval flatten the line in it", () => {
    const line = model([1, 2, 3]);
    const bound = { ...line.series[0]!, key: "upper", values: [2, 30, 400], isBound: true };
    expect(plotMaximum({ ...line, series: [...line.series, bound] })).toBeCloseTo(4.8, 9);
    expect(plotMaximum({ ...line, series: [bound] })).toBe(400);
  });

  it("looks only at what is shown", () => {
    expect(plotMaximum(model([5]), () => false)).toBe(0);
  });
});

describe("values of a line", () => {
  it("skip gaps", () => {
    expect(lastValue([1, 2, null])).toBe(2);
    expect(lastValue([null])).toBeNull();
    expect(highestIndex([null, 3, 9, null])).toBe(2);
    expect(highestIndex([null])).toBe(-1);
    expect(plotMaximum(model([null, 0.5]))).toBe(0.5);
    expect(isEmptyPlot(model([null, null]))).toBe(true);
    expect(isEmptyPlot(model([0]))).toBe(false);
  });
});

describe("plotSummary", () => {
  it("says what is drawn, in which unit and when it was highest", () => {
    const mark = { key: "m", label: "#1", name: "", startMs: 0, endMs: 0 };
    expect(plotSummary(model([0.08, 0.41, 0.1], [mark]), t, format).replaceAll("\u202f", " ")).toBe(
      "Latency in seconds, Nov 24 10:00–11:00. p99: last 100 ms, highest 410 ms at 10:01:00. 1 anomaly.",
    );
  });

  it("says that there is nothing", () => {
    expect(plotSummary(model([null]), t, format)).toBe(
      "Latency in seconds, Nov 24 10:00–11:00. No samples.",
    );
  });
});

describe("stretchOf", () => {
  const plot = { startMs: 0, endMs: 1000, left: 50, width: 200 };

  it("places a stretch of time, cut to the plot", () => {
    expect(stretchOf({ startMs: 500, endMs: 2000 }, plot, 5)).toEqual({ left: 150, width: 100 });
  });

  it("is wide enough to be seen, and stays inside", () => {
    expect(stretchOf({ startMs: 500, endMs: 500 }, plot, 6)).toEqual({ left: 147, width: 6 });
    expect(stretchOf({ startMs: 1000, endMs: 1000 }, plot, 6)).toEqual({ left: 244, width: 6 });
  });

  it("is nothing outside of the plot", () => {
    expect(stretchOf({ startMs: -20, endMs: -10 }, plot, 5)).toBeNull();
    expect(stretchOf({ startMs: 1001, endMs: 1002 }, plot, 5)).toBeNull();
  });
});

describe("serviceStyle", () => {
  it("is the same for a name on every page", () => {
    expect(serviceStyle("avx-gateway")).toEqual(serviceStyle("avx-gateway"));
  });

  it("tells the two services of the demo apart, and spreads names over all hues", () => {
    expect(serviceStyle("avx-gateway").colour).not.toBe(serviceStyle("avx-api-core").colour);
    const hues = new Set(Array.from({ length: 200 }, (_, i) => serviceStyle(`svc-${i}`).colour));
    expect(hues.size).toBe(8);
  });
});

describe("cutMiddle", () => {
  it("keeps both ends, and whole characters", () => {
    expect(cutMiddle("short", 10)).toBe("short");
    expect(cutMiddle("avx-checkout-worker", 9)).toBe("avx-…rker");
    expect(cutMiddle("🙂🙂🙂🙂🙂", 3)).toBe("🙂…🙂");
  });
});

describe("nextCursorIndex", () => {
  it("moves by one, by ten with shift, to the ends, and stays inside", () => {
    const next = (key: string, index: number | null, shiftKey = false): number | null =>
      nextCursorIndex({ key, shiftKey }, index, 10);
    expect(next("ArrowRight", 3)).toBe(4);
    expect(next("ArrowRight", 9)).toBe(9);
    expect(next("ArrowLeft", 3, true)).toBe(0);
    expect(next("ArrowLeft", null)).toBe(9);
    expect(next("Home", 5)).toBe(0);
    expect(next("End", null)).toBe(9);
    expect(next("x", 5)).toBeNull();
  });

  it("is nowhere in a chart without samples", () => {
    expect(nextCursorIndex({ key: "End", shiftKey: false }, null, 0)).toBeNull();
  });
});
