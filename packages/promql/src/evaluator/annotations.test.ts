import { describe, expect, it } from "vitest";
import { annotationTexts } from "./annotation-text.ts";
import { createAnnotationLog } from "./annotations.ts";
import { remarks } from "./remarks.ts";

describe("annotations", () => {
  it("show line and column in bytes, both from 1", () => {
    const query = '"é" + \nsum(x)';
    const start = new TextEncoder().encode(query).indexOf("x".charCodeAt(0));
    const log = createAnnotationLog();
    log.add(remarks.mixedFloatsHistogramsAggregation({ start, end: start + 1 }));
    expect(annotationTexts(log.all(), { query, maxOfEach: 10 }).warnings).toEqual([
      "PromQL warning: encountered a mix of histograms and floats for aggregation (2:5)",
    ]);
  });

  it("are told apart by their text, not by their place", () => {
    const log = createAnnotationLog();
    log.add(remarks.possibleNonCounter("x", { start: 0, end: 1 }));
    log.add(remarks.possibleNonCounter("x", { start: 7, end: 8 }));
    log.add(remarks.possibleNonCounter("y", { start: 9, end: 10 }));
    expect(log.all()).toHaveLength(2);
  });

  it("gather the extent of forced monotonicity", () => {
    const log = createAnnotationLog();
    const at = { start: 0, end: 1 };
    const detail = { kind: "monotonicity", samples: 1, maxDifference: 2 } as const;
    const first = { ...detail, minBucket: 1, maxBucket: 2, firstMs: 0, lastMs: 0 };
    const second = { ...detail, minBucket: 0.5, maxBucket: 1, firstMs: 60_000, lastMs: 60_000 };
    log.add(remarks.forcedMonotonicity("x", at, first));
    log.add(remarks.forcedMonotonicity("x", at, { ...second, maxDifference: 123 }));
    expect(annotationTexts(log.all(), { query: "q", maxOfEach: 10 }).infos[0]).toMatch(
      / from buckets 0\.5 to 2, with a max diff of 1\.2e\+02, over 2 samples from 1970-01-01T00:00:00Z to 1970-01-01T00:01:00Z \(1:1\)$/,
    );
  });

  it("count overlapping start timestamps", () => {
    const log = createAnnotationLog();
    for (let i = 0; i < 3; i++) log.add(remarks.startTimeOverlap("x", { start: 0, end: 1 }));
    expect(annotationTexts(log.all(), { query: "q", maxOfEach: 10 }).warnings[0]).toContain(
      '"x" (3 occurrences) (1:1)',
    );
  });

  it("are shown up to a number of each kind", () => {
    const log = createAnnotationLog();
    const at = { start: 0, end: 1 };
    for (const metric of ["a", "b", "c", "d"]) log.add(remarks.possibleNonCounter(metric, at));
    log.add(remarks.sortInRangeQuery(at));
    const { warnings, infos } = annotationTexts(log.all(), { query: "q", maxOfEach: 2 });
    expect([warnings.length, infos.length]).toEqual([1, 3]);
    expect(infos[2]).toBe("2 more info annotations omitted");
  });
});
