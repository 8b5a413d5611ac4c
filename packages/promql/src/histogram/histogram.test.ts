import { AvxError, type NativeHistogram } from "@avx/model";
import { describe, expect, it } from "vitest";
import { almostEqualHistograms } from "../testing/compare-histogram.ts";
import { parseHistogramNotation } from "../testing/histogram-notation.ts";
import { exponentialBound, upperBound } from "./bucket-bounds.ts";
import { detectReset } from "./detect-reset.ts";
import { nativeFromClassic } from "./from-classic.ts";
import {
  addHistogram,
  addHistogramCompensated,
  emptyCompensation,
  hasOverflow,
  reduceSchema,
} from "./histogram-arithmetic.ts";
import { nativeFraction } from "./histogram-fraction.ts";
import { nativeQuantile } from "./histogram-quantile.ts";
import { withStoredHints } from "./stored-hints.ts";
import { trimHistogram } from "./trim-histogram.ts";
import { compacted, workingCopy } from "./working-histogram.ts";

function histogram(notation: string): NativeHistogram {
  return parseHistogramNotation(notation).histogram;
}

function sum(a: NativeHistogram, b: NativeHistogram, sign: 1 | -1 = 1): NativeHistogram {
  const target = workingCopy(a);
  expect(addHistogram(target, workingCopy(b), sign).kind).toBe("combined");
  return compacted(target);
}

describe("bucket bounds", () => {
  // Source: Prometheus, native histogram specification: upper bound of bucket i is 2^(i * 2^-schema).
  it.each([
    [0, 0, 1],
    [1, 0, 2],
    [-2, 0, 0.25],
    [1, 1, Math.SQRT2],
    [3, 2, 2 ** 0.75],
    [1, -1, 4],
    [2, -4, 2 ** 32],
    [1024, 0, Number.MAX_VALUE],
    [1025, 0, Number.POSITIVE_INFINITY],
    [-1074, 0, 5e-324],
  ])("bucket %d of schema %d ends at %d", (index, schema, bound) => {
    expect(exponentialBound(index, schema)).toBeCloseTo(bound, 12);
  });

  it("lie between -Inf and +Inf in custom schemas", () => {
    const bounds = Float64Array.of(1, 5);
    const all = [-1, 0, 1, 2].map((index) => upperBound(index, -53, bounds));
    expect(all).toEqual([Number.NEGATIVE_INFINITY, 1, 5, Number.POSITIVE_INFINITY]);
  });
});

describe("adding", () => {
  it("undoes subtraction", () => {
    const a = histogram("schema:2 count:20 sum:30 z_bucket:2 z_bucket_w:0.01 buckets:[1 0 4 5]");
    const b = histogram("schema:2 count:7 sum:9 offset:2 buckets:[3 4]");
    expect(almostEqualHistograms(a, sum(sum(a, b), b, -1), false)).toBe(true);
  });

  it("meets at the coarser schema and the wider zero bucket", () => {
    const fine = histogram("schema:1 count:10 sum:10 buckets:[1 2 3 4]");
    const coarse = histogram("schema:0 count:5 sum:5 z_bucket:1 z_bucket_w:1 offset:1 buckets:[4]");
    // Bucket 0 of the fine one ends at 1 and joins the zero bucket; 1 and 2 become (1, 2], 3 (2, 4].
    const expected = histogram(
      "schema:0 count:15 sum:15 z_bucket:2 z_bucket_w:1 offset:1 buckets:[9 4]",
    );
    expect(almostEqualHistograms(expected, sum(fine, coarse), false)).toBe(true);
    expect(almostEqualHistograms(expected, sum(coarse, fine), false)).toBe(true);
  });

  it("moves a zero threshold out of a populated bucket, on either side", () => {
    const populated = histogram("schema:0 count:4 sum:0 buckets:[2] n_offset:1 n_buckets:[2]");
    const wide = histogram("schema:0 count:1 sum:0 z_bucket:1 z_bucket_w:1.5");
    // (1, 2] of the negative side is populated: the zero bucket grows to 2 and swallows both.
    const expected = histogram("schema:0 count:5 sum:0 z_bucket:5 z_bucket_w:2");
    expect(almostEqualHistograms(expected, sum(populated, wide), false)).toBe(true);
  });

  it("does not mix exponential and custom buckets", () => {
    const custom = workingCopy(histogram("schema:-53 custom_values:[1] buckets:[1]"));
    const exponential = workingCopy(histogram("schema:0 buckets:[1]"));
    expect(addHistogram(custom, exponential).kind).toBe("incompatible");
    const compensation = emptyCompensation(custom);
    expect(addHistogramCompensated(custom, exponential, compensation).kind).toBe("incompatible");
  });

  it.each([
    ["reset", "not_reset", "unknown", true],
    ["reset", "reset", "reset", false],
    ["gauge", "reset", "gauge", false],
    ["not_reset", "gauge", "gauge", false],
    ["unknown", "reset", "unknown", false],
    ["not_reset", "unknown", "unknown", false],
  ])("of hints %s and %s gives %s", (...[a, b, hint, collision]) => {
    const target = workingCopy(histogram(`count:1 buckets:[1] counter_reset_hint:${a}`));
    const other = workingCopy(histogram(`count:1 buckets:[1] counter_reset_hint:${b}`));
    expect(addHistogram(target, other)).toMatchObject({ resetCollision: collision });
    expect(target.counterResetHint).toBe(hint);
  });

  it("keeps small counts beside large ones with compensation", () => {
    const counts = [1e100, 1, -1e100];
    const target = workingCopy(histogram(`count:${counts[0]} sum:0 buckets:[${counts[0]}]`));
    const compensation = emptyCompensation(target);
    for (const count of counts.slice(1)) {
      const other = workingCopy(histogram(`count:${count} sum:0 offset:0 buckets:[${count} 1]`));
      addHistogramCompensated(target, other, compensation);
    }
    addHistogram(target, compensation);
    expect([target.count, ...target.positive.counts]).toEqual([1, 1, 2]);
  });

  it("notices an overflow", () => {
    expect(hasOverflow(workingCopy(histogram("count:1 sum:inf buckets:[1]")))).toBe(true);
    expect(hasOverflow(workingCopy(histogram("count:1 sum:1 buckets:[1]")))).toBe(false);
  });

  it("reduces the resolution, negative side included", () => {
    const fine = workingCopy(histogram("schema:1 count:4 offset:1 buckets:[1 1] n_buckets:[1 1]"));
    const coarse = histogram("schema:0 count:4 offset:1 buckets:[2] n_buckets:[1 1]");
    expect(almostEqualHistograms(coarse, compacted(reduceSchema(fine, 0)), false)).toBe(true);
  });
});

describe("detectReset", () => {
  it.each([
    ["more of everything", "count:3 buckets:[1 2]", "count:2 buckets:[1 1]", false],
    ["a smaller count", "count:1 buckets:[1]", "count:2 buckets:[2]", true],
    ["a bucket that shrank", "count:4 buckets:[1 3]", "count:3 buckets:[2 1]", true],
    ["a populated bucket gone", "count:4 offset:1 buckets:[4]", "count:3 buckets:[1 2]", true],
    ["an empty bucket gone", "count:4 offset:1 buckets:[4]", "count:2 buckets:[0 2]", false],
    ["a finer schema", "schema:1 count:4 buckets:[4]", "schema:0 count:2 buckets:[2]", true],
    [
      "a coarser schema",
      "schema:0 count:4 offset:1 buckets:[4]",
      "schema:1 count:2 offset:1 buckets:[1 1]",
      false,
    ],
    [
      "a narrower zero bucket",
      "count:4 z_bucket:4 z_bucket_w:0.1",
      "count:3 z_bucket:3 z_bucket_w:0.2",
      true,
    ],
    [
      "a wider zero bucket",
      "count:4 z_bucket:4 z_bucket_w:1",
      "count:3 z_bucket:1 z_bucket_w:0.5 offset:0 buckets:[2]",
      false,
    ],
    [
      "a zero bucket that shrank",
      "count:4 z_bucket:1 buckets:[3]",
      "count:3 z_bucket:2 buckets:[1]",
      true,
    ],
    [
      "an explicit reset",
      "count:9 buckets:[9] counter_reset_hint:reset",
      "count:1 buckets:[1]",
      true,
    ],
    [
      "an explicit denial",
      "count:1 buckets:[1] counter_reset_hint:not_reset",
      "count:9 buckets:[9]",
      false,
    ],
    [
      "other custom bounds, more in common ones",
      "schema:-53 count:4 custom_values:[1 2] buckets:[1 1 2]",
      "schema:-53 count:3 custom_values:[2] buckets:[1 2]",
      false,
    ],
    [
      "other custom bounds, less in common ones",
      "schema:-53 count:4 custom_values:[1 2] buckets:[0 1 3]",
      "schema:-53 count:3 custom_values:[2] buckets:[2 1]",
      true,
    ],
    [
      "custom buckets after exponential ones",
      "schema:-53 count:4 custom_values:[1] buckets:[4]",
      "count:3 buckets:[3]",
      true,
    ],
  ])("%s", (...[, current, previous, reset]) => {
    expect(detectReset(histogram(current), histogram(previous))).toBe(reset);
  });
});

describe("estimates", () => {
  it("find the quantile that they give the fraction of", () => {
    const mixed = histogram(
      "schema:0 count:20 sum:5 z_bucket:4 z_bucket_w:0.25 buckets:[3 5] n_buckets:[6 2]",
    );
    for (const q of [0.05, 0.2, 0.35, 0.5, 0.55, 0.75, 0.95]) {
      const { value } = nativeQuantile(q, mixed);
      expect(nativeFraction(Number.NEGATIVE_INFINITY, value, mixed).value).toBeCloseTo(q, 9);
    }
  });

  it("say when observations were NaN", () => {
    const withNaN = histogram("schema:0 count:10 sum:nan buckets:[3 4]");
    expect(nativeQuantile(0.9, withNaN)).toEqual({ value: Number.NaN, nan: "result" });
    expect(nativeQuantile(0.1, withNaN).nan).toBe("skew");
    expect(nativeFraction(0, 8, withNaN)).toEqual({ value: 0.7, nan: "skew" });
  });

  it("are NaN without observations and infinite for impossible quantiles", () => {
    const empty = histogram("schema:0");
    expect(nativeQuantile(0.5, empty).value).toBeNaN();
    expect(nativeFraction(0, 1, empty).value).toBeNaN();
    expect(nativeQuantile(-1, empty).value).toBe(Number.NEGATIVE_INFINITY);
    expect(nativeQuantile(2, empty).value).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("trimming", () => {
  const custom = histogram("schema:-53 count:10 sum:30 custom_values:[1 5 10] buckets:[2 4 3 1]");

  it.each([
    ["upper", 5, 6],
    ["upper", 3, 4], // half of (1, 5]
    ["upper", 0.5, 1], // half of the first bucket, which starts at 0
    ["lower", 5, 4],
    ["lower", 3, 6],
    ["lower", 20, 1], // the open bucket may hold it
    ["upper", 20, 9],
  ] as const)("keeps the %s side of %d: %d observations", (side, point, count) => {
    expect(trimHistogram(custom, point, side).count).toBeCloseTo(count, 9);
  });

  it("changes nothing where nothing is cut", () => {
    expect(trimHistogram(custom, Number.NEGATIVE_INFINITY, "lower")).toBe(custom);
  });

  it("splits exponential and zero buckets", () => {
    const mixed = histogram(
      "schema:0 count:12 sum:3 z_bucket:4 z_bucket_w:0.5 offset:1 buckets:[4] n_offset:1 n_buckets:[4]",
    );
    expect(trimHistogram(mixed, 0, "lower").count).toBeCloseTo(6, 9);
    expect(trimHistogram(mixed, Math.SQRT2, "upper").count).toBeCloseTo(10, 9);
    expect(trimHistogram(mixed, -Math.SQRT2, "upper").count).toBeCloseTo(2, 9);
  });
});

describe("nativeFromClassic", () => {
  it("turns cumulative counts into those of the buckets", () => {
    const classic = {
      buckets: new Map([
        [0.5, 2],
        [1, 5],
        [Number.POSITIVE_INFINITY, 6],
      ]),
      sum: 4,
    };
    const expected = histogram("schema:-53 count:6 sum:4 custom_values:[0.5 1] buckets:[2 3 1]");
    expect(almostEqualHistograms(expected, nativeFromClassic(classic), false)).toBe(true);
  });

  it.each([
    [
      {
        buckets: new Map([
          [1, 5],
          [2, 4],
        ]),
      },
    ],
    [{ buckets: new Map([[Number.POSITIVE_INFINITY, 4]]), count: 5 }],
  ])("refuses parts that contradict each other", (parts) => {
    expect(() => nativeFromClassic(parts)).toThrow(AvxError);
  });
});

describe("withStoredHints", () => {
  it("knows resets only within a run of one layout", () => {
    const stored = withStoredHints([
      histogram("count:1 buckets:[1]"),
      histogram("count:2 buckets:[2]"),
      histogram("count:1 buckets:[1]"),
      undefined,
      histogram("count:2 buckets:[2]"),
      histogram("count:3 buckets:[3] counter_reset_hint:gauge"),
    ]);
    expect(stored.map((one) => one?.counterResetHint)).toEqual([
      "unknown",
      "not-reset",
      "unknown",
      undefined,
      "unknown",
      "gauge",
    ]);
  });
});
