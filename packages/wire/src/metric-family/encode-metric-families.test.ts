import type { NativeHistogram } from "@avx/model";
import { describe, expect, it } from "vitest";
import { encodeMetricFamilies } from "./encode-metric-families.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const HISTOGRAM: NativeHistogram = {
  schema: -1,
  zeroThreshold: 0,
  zeroCount: 0,
  sum: 1,
  count: 2,
  positiveSpans: [{ offset: -1, length: 2 }],
  positiveBuckets: Float64Array.of(1, 1),
  negativeSpans: [],
  negativeBuckets: new Float64Array(0),
  customBounds: new Float64Array(0),
  counterResetHint: "unknown",
};

// Expected bytes are written out by the field numbers of client_model's metrics.proto.
describe("encodeMetricFamilies", () => {
  it("writes a family behind its length, empty label values included", () => {
    const labels = ["instance", ""];
    const metrics = [{ labels, timestampMs: 1, value: 1 }];
    const pair = `0a08${Buffer.from("instance").toString("hex")}1200`;
    const metric = `0a0c${pair}2a0909000000000000f03f3001`;
    expect(hex(encodeMetricFamilies([{ name: "up", type: "untyped", metrics }]))).toBe(
      `230a0275701803221b${metric}`,
    );
  });

  it("writes a native histogram as floats, signed numbers in zigzag", () => {
    const metrics = [{ labels: [], timestampMs: 0, value: 0, histogram: HISTOGRAM }];
    const one = "000000000000f03f";
    const histogram = [
      `11${one}`, // sample_sum
      "210000000000000040", // sample_count_float
      "2801", // schema -1
      "310000000000000000", // zero_threshold
      "410000000000000000", // zero_count_float
      "620408011002", // positive_span: offset -1, length 2
      `71${one}71${one}`, // positive_count
    ].join("");
    expect(hex(encodeMetricFamilies([{ name: "h", type: "histogram", metrics }]))).toBe(
      `490a0168180422423a3e${histogram}3000`,
    );
  });

  it("writes nothing for no family", () => {
    expect(encodeMetricFamilies([])).toHaveLength(0);
  });
});
