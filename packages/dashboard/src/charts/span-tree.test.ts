import type { TraceSpan } from "@avx/server/contract";
import { describe, expect, it } from "vitest";
import { serviceShares } from "./service-shares.ts";
import { criticalPath, firstErrorOrigin, spanTree, visibleRows } from "./span-tree.ts";
import { barPlace, nextRow, rowWindow } from "./waterfall-layout.ts";

type Change = Partial<TraceSpan> & { readonly at: readonly [startMs: number, durationMs: number] };

const span = (spanId: string, parentSpanId: string, { at, ...change }: Change): TraceSpan => ({
  spanId,
  parentSpanId,
  service: "a",
  name: spanId,
  kind: "internal",
  startMs: at[0],
  durationMs: at[1],
  status: "unset",
  statusMessage: "",
  attributes: {},
  events: [],
  ...change,
});

const order = (spans: readonly TraceSpan[]): string[] =>
  visibleRows(spanTree(spans), new Set()).map(
    ({ span: one, depth }) => "  ".repeat(depth) + one.spanId,
  );

describe("spanTree", () => {
  it("nests spans below their parents, siblings by start, whatever the order they came in", () => {
    expect(
      order([
        span("late", "root", { at: [5, 1] }),
        span("leaf", "early", { at: [2, 1] }),
        span("root", "", { at: [0, 9] }),
        span("early", "root", { at: [1, 2] }),
      ]),
    ).toEqual(["root", "  early", "    leaf", "  late"]);
  });

  it("shows spans whose parent was not received as roots, and says so", () => {
    const { roots } = spanTree([
      span("root", "", { at: [0, 9] }),
      span("lost", "gone", { at: [3, 1] }),
    ]);
    expect(roots.map(({ span: one, isOrphan }) => [one.spanId, isOrphan])).toEqual([
      ["root", false],
      ["lost", true],
    ]);
  });

  it("survives circles and spans that are their own parent", () => {
    expect(
      order([
        span("x", "y", { at: [0, 1] }),
        span("y", "x", { at: [1, 1] }),
        span("z", "z", { at: [2, 1] }),
      ]),
    ).toEqual(["z", "x", "  y"]);
  });

  it("takes 10,000 spans in a chain or as siblings", () => {
    const chain = Array.from({ length: 10_000 }, (_, i) =>
      span(`s${i}`, i === 0 ? "" : `s${i - 1}`, { at: [i, 1] }),
    );
    expect(visibleRows(spanTree(chain), new Set())).toHaveLength(10_000);
    const wide = Array.from({ length: 10_000 }, (_, i) =>
      span(`s${i}`, i === 0 ? "" : "s0", { at: [i, 1] }),
    );
    expect(visibleRows(spanTree(wide), new Set())).toHaveLength(10_000);
  });

  it("marks as origin the deepest failed span, not those that passed the error on", () => {
    const error = { status: "error" } as const;
    const tree = spanTree([
      span("root", "", { at: [0, 9], ...error }),
      span("call", "root", { at: [1, 5], ...error }),
      span("db", "call", { at: [2, 2], ...error }),
      span("log", "db", { at: [3, 1] }),
    ]);
    expect(firstErrorOrigin(tree)?.span.spanId).toBe("db");
    expect(firstErrorOrigin(spanTree([span("ok", "", { at: [0, 1] })]))).toBeNull();
  });

  it("counts as self time only that in which no child ran, overlaps once", () => {
    const { roots } = spanTree([
      span("root", "", { at: [0, 10] }),
      span("a", "root", { at: [1, 4] }),
      span("b", "root", { at: [3, 4] }),
      span("after", "root", { at: [9, 5] }),
    ]);
    expect(roots[0]?.selfMs).toBe(10 - 6 - 1);
  });

  it("leaves out what is below a folded span", () => {
    const tree = spanTree([
      span("root", "", { at: [0, 9] }),
      span("a", "root", { at: [1, 2] }),
      span("b", "a", { at: [1, 1] }),
    ]);
    expect(visibleRows(tree, new Set(["a"])).map(({ span: one }) => one.spanId)).toEqual([
      "root",
      "a",
    ]);
  });
});

describe("criticalPath", () => {
  it("follows the children that finished last before each other", () => {
    const tree = spanTree([
      span("root", "", { at: [0, 100] }),
      span("first", "root", { at: [0, 40] }),
      span("parallel", "root", { at: [5, 20] }),
      span("second", "root", { at: [45, 50] }),
      span("inner", "second", { at: [50, 40] }),
    ]);
    expect([...criticalPath(tree)].sort()).toEqual(["first", "inner", "root", "second"]);
  });
});

describe("serviceShares", () => {
  it("splits the trace's own time over services, most first", () => {
    const tree = spanTree([
      span("root", "", { at: [0, 10] }),
      span("db", "root", { at: [2, 6], service: "b", status: "error" }),
    ]);
    expect(serviceShares(tree)).toEqual([
      { service: "b", spanCount: 1, errorCount: 1, selfMs: 6, ratio: 0.6 },
      { service: "a", spanCount: 1, errorCount: 0, selfMs: 4, ratio: 0.4 },
    ]);
  });
});

describe("the layout of a waterfall", () => {
  it("places bars in percent of the trace, thin ones still visible, broken ones inside", () => {
    const trace = { startMs: 100, endMs: 300 };
    expect(barPlace({ startMs: 150, durationMs: 50 }, trace)).toEqual({
      leftPercent: 25,
      widthPercent: 25,
    });
    expect(barPlace({ startMs: 300, durationMs: 0 }, trace)).toEqual({
      leftPercent: 99.7,
      widthPercent: 0.3,
    });
    expect(barPlace({ startMs: 100, durationMs: 0 }, { startMs: 100, endMs: 100 })).toEqual({
      leftPercent: 0,
      widthPercent: 100,
    });
  });

  it("draws the rows that are seen and a few around them", () => {
    expect(rowWindow(0, 280, 10_000)).toEqual({ first: 0, end: 18 });
    expect(rowWindow(28_000, 280, 10_000)).toEqual({ first: 992, end: 1018 });
    expect(rowWindow(28_000, 280, 3)).toEqual({ first: 3, end: 3 });
  });

  it("moves by arrow, page, home and end, and stays inside", () => {
    const place = { index: 5, count: 20, pageRows: 10 };
    expect(
      ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End", "x"].map((key) =>
        nextRow(key, place),
      ),
    ).toEqual([6, 4, 15, 0, 0, 19, null]);
  });
});
