import { describe, expect, it } from "vitest";
import { parseHistogramNotation } from "../testing/histogram-notation.ts";
import { histogramBuckets } from "./histogram-buckets.ts";

/** `[lower,upper):count` with the brackets of mathematics. */
function shown(notation: string): readonly string[] {
  return histogramBuckets(parseHistogramNotation(notation).histogram).map((bucket) => {
    const open = bucket.lowerInclusive ? "[" : "(";
    const close = bucket.upperInclusive ? "]" : ")";
    return `${open}${bucket.lower},${bucket.upper}${close}:${bucket.count}`;
  });
}

describe("histogramBuckets", () => {
  // Source: Prometheus' native histogram specification: positive buckets are open on the left,
  // negative ones on the right, the zero bucket is closed.
  it("stand in order around the zero bucket", () => {
    const notation = "schema:0 z_bucket:1 z_bucket_w:0.25 offset:1 buckets:[2] n_buckets:[3 4]";
    expect(shown(notation)).toEqual(["[-2,-1):4", "[-1,-0.5):3", "[-0.25,0.25]:1", "(1,2]:2"]);
  });

  it("are narrowed by a zero bucket that reaches into them", () => {
    const notation = "schema:0 z_bucket:1 z_bucket_w:0.75 buckets:[2]";
    expect(shown(notation)).toEqual(["[-0.75,0.75]:1", "(0.75,1]:2"]);
  });

  it("reach from -Inf to +Inf with custom bounds", () => {
    const notation = "schema:-53 custom_values:[1 2] buckets:[3 4 5]";
    expect(shown(notation)).toEqual(["[-Infinity,1]:3", "(1,2]:4", "(2,Infinity]:5"]);
  });
});
