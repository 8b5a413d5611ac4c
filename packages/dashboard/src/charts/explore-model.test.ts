import { describe, expect, it } from "vitest";
import { exploreModel, lineExpressions, MAX_LINES, seriesName } from "./explore-model.ts";
import { serviceStyle } from "./series-style.ts";

const grid = { startMs: 0, endMs: 10_000, stepMs: 10_000 };
const frame = { title: "x", unit: "1", range: { startMs: 0, endMs: 10_000 } } as const;

describe("seriesName", () => {
  it.each([
    [{ __name__: "up", job: "a" }, 'up{job="a"}'],
    [{ __name__: "up" }, "up"],
    [{ le: 'x"y' }, '{le="x\\"y"}'],
    [{}, "{}"],
  ])("of %j is %s", (labels, name) => {
    expect(seriesName(labels)).toBe(name);
  });
});

describe("lineExpressions", () => {
  const series = (labels: Record<string, string>) => ({ labels, values: [1, 1] });

  it("is the expression itself where it has one line", () => {
    const one = { grid, series: [series({ job: "a" })] };
    expect(lineExpressions("up", one)({ job: "a" })).toBe("up");
  });

  it("keeps of several lines the one with the same labels, absent ones among them", () => {
    const labels = { __name__: "up", job: '"$1' };
    const two = { grid, series: [series(labels), series({ __name__: "up", "a.b": "c" })] };
    expect(lineExpressions("up or x", two)(labels)).toBe(
      '(up or x) and on (job, "a.b") label_replace(label_replace(vector(1), "job", "\\"$$1", "", ""), "a.b", "", "", "")',
    );
  });

  it("is none where only the names of metrics tell the lines apart", () => {
    const two = { grid, series: [series({ __name__: "a" }), series({ __name__: "b" })] };
    expect(lineExpressions("x", two)({ __name__: "a" })).toBeNull();
  });
});

describe("exploreModel", () => {
  it("draws the highest lines first, and no more than can be told apart", () => {
    const series = Array.from({ length: 60 }, (_, i) => ({
      labels: { i: String(i) },
      values: [i, null],
    }));
    const model = exploreModel(frame, { grid, series }, null);
    expect(model.series).toHaveLength(MAX_LINES);
    expect(model.series[0]?.name).toBe('{i="59"}');
  });

  it("gives services their colour of every page, and other lines one each", () => {
    const series = (labels: Record<string, string>) => ({ labels, values: [1, 1] });
    const services = exploreModel(frame, { grid, series: [series({ service_name: "a" })] }, null);
    expect(services.series[0]?.style).toEqual(serviceStyle("a"));
    const others = ["x", "y", "z"].map((pod) => series({ service_name: "a", pod }));
    const model = exploreModel(frame, { grid, series: others }, null);
    expect(new Set(model.series.map(({ style }) => style.colour)).size).toBe(3);
  });

  it("lays an earlier time under the present one, point by point", () => {
    const now = { grid, series: [{ labels: { a: "1" }, values: [5, 6] }] };
    const earlier = {
      answer: {
        grid: { ...grid, startMs: -86_400_000, endMs: -86_390_000 },
        series: [{ labels: { a: "1" }, values: [3, 4] }],
      },
      nameOf: (name: string) => `${name} yesterday`,
    };
    const model = exploreModel(frame, now, earlier);
    expect(model.timestampsMs).toEqual([0, 10_000]);
    expect(model.series.map(({ name, values }) => [name, values])).toEqual([
      ['{a="1"}', [5, 6]],
      ['{a="1"} yesterday', [3, 4]],
    ]);
  });
});
