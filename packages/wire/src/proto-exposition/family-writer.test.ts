import { describe, expect, it } from "vitest";
import { ProtoFamilyWriter } from "./family-writer.ts";
import type { ProtoFamilyHead, ProtoMetric, ProtoMetricData } from "./proto-metric.ts";

function hexOf(head: Partial<ProtoFamilyHead>, metrics: readonly ProtoMetric[]): string {
  const kind = metrics[0]?.data.kind ?? "gauge";
  const writer = new ProtoFamilyWriter({ name: "m", help: "", unit: "", kind, ...head });
  for (const metric of metrics) writer.add(metric);
  return Buffer.concat(writer.finish()).toString("hex");
}

const ONE = "000000000000f03f";
const text = (word: string) => Buffer.from(word).toString("hex");

/** Of a histogram, the bytes of its native part: between the sum and the start time. */
function nativeHex(counts: number[], offset = 0): string {
  const native = { schema: 3, zeroThreshold: 0, zeroCount: 0, offset, counts };
  const data: ProtoMetricData = { kind: "histogram", count: 0, sum: 0, buckets: [], native };
  const whole = hexOf({}, [{ labels: [], startMs: 0, data }]);
  return whole.split("28063100000000000000003800")[1]?.replace(/7a00$/, "") ?? "";
}

// Expected bytes are written out by the field numbers of client_model's metrics.proto.
describe("ProtoFamilyWriter", () => {
  it("writes name, help, type and unit, then series with labels, behind the whole length", () => {
    const data = { kind: "gauge", value: 1 } as const;
    const metric = { labels: ["a", "", "b", "c"], startMs: 0, data };
    const labels = `0a050a0161${"1200"}0a060a0162120163`;
    const series = `221a${labels}120909${ONE}`;
    const head = `0a016d1202${text("hi")}18012a01${text("s")}`;
    expect(hexOf({ help: "hi", unit: "s" }, [metric])).toBe(`28${head}${series}`);
  });

  it("writes a counter with the time from which it counts", () => {
    const data = { kind: "counter", value: 1 } as const;
    const counter = `09${ONE}1a0808011080cab5ee01`;
    expect(hexOf({}, [{ labels: [], startMs: 1500, data }])).toBe(`1c0a016d180022151a13${counter}`);
  });

  it("writes classic buckets with their exemplars", () => {
    const exemplar = { labels: ["t", "1"], value: 1, timestampMs: 0 };
    const buckets = [{ upperBound: 1, cumulativeCount: 2, exemplar }];
    const data: ProtoMetricData = { kind: "histogram", count: 2, sum: 1, buckets };
    const bucket = `080211${ONE}1a130a060a0174120131` + `11${ONE}1a00`;
    expect(hexOf({}, [{ labels: [], startMs: 0, data }])).toBe(
      `380a016d180422313a2f080211${ONE}1a20${bucket}7a00`,
    );
  });

  it("writes native buckets as runs and changes, bridging two empty ones but not three", () => {
    // Span: offset -2 (zigzag 3), length 5; changes 1, 1, -2, 0, 4.
    expect(nativeHex([1, 2, 0, 0, 4], -2)).toBe("620408031005" + "6802680268036800" + "6808");
    // Two spans of one bucket, three apart; changes 1, 1.
    expect(nativeHex([1, 0, 0, 0, 2])).toBe("620408001001" + "620408061001" + "68026802");
  });

  it("marks a native histogram without buckets by an empty run", () => {
    expect(nativeHex([])).toBe("620408001000");
    expect(nativeHex([0, 0])).toBe("620408001000");
  });
});
