import { labelsToRecord, type NativeHistogram } from "@avx/model";
import { describe, expect, it } from "vitest";
import { decodeMutations } from "../fixtures/mutation.ts";
import { ProtoWriter } from "../protobuf/writer.ts";
import { encodeMetricFamilies } from "./encode-metric-families.ts";
import { type MetricFamilyOptions, parseMetricFamilies } from "./parse-metric-families.ts";

/** A family by the field numbers of client_model's metrics.proto. */
function family(
  {
    name,
    type,
    help = "",
    unit = "",
  }: { name: string; type: number; help?: string; unit?: string },
  writeMetrics: (writer: ProtoWriter) => void,
): Uint8Array {
  const message = new ProtoWriter();
  message.string(1, name);
  message.string(2, help);
  message.uintAlways(3, type);
  writeMetrics(message);
  message.string(5, unit);
  const writer = new ProtoWriter();
  writer.delimited(message.finish());
  return writer.finish();
}

function nested(writer: ProtoWriter, field: number, write: () => void): void {
  const start = writer.begin(field);
  write();
  writer.end(start);
}

function pair(writer: ProtoWriter, name: string, value: string): void {
  nested(writer, 1, () => {
    writer.string(1, name);
    writer.string(2, value);
  });
}

function timestamp(writer: ProtoWriter, field: number, ms: number): void {
  nested(writer, field, () => {
    writer.int64(1, Math.floor(ms / 1000));
    writer.uint(2, (ms % 1000) * 1e6);
  });
}

const samplesOf = (bytes: Uint8Array, options?: MetricFamilyOptions) =>
  parseMetricFamilies(bytes, options).samples.map(({ labels, ...rest }) => ({
    labels: labelsToRecord(labels),
    ...rest,
  }));

describe("parseMetricFamilies", () => {
  it("reads a counter with labels, time, start and exemplar, and its description", () => {
    const about = { name: "hits_total", type: 0, help: "Hits.", unit: "hits" };
    const bytes = family(about, (writer) => {
      nested(writer, 4, () => {
        pair(writer, "path", "/a");
        nested(writer, 3, () => {
          writer.double(1, 7);
          nested(writer, 2, () => {
            pair(writer, "trace_id", "abc");
            writer.double(2, 1);
            timestamp(writer, 3, 1500);
          });
          timestamp(writer, 3, 100_000);
        });
        writer.int64(6, 2000);
      });
    });
    const { metadata, samples } = parseMetricFamilies(bytes);
    expect(metadata).toEqual([
      { name: "hits_total", type: "counter", help: "Hits.", unit: "hits" },
    ]);
    expect(samples).toMatchObject([
      {
        ...{ value: 7, timestampMs: 2000, startTimestampMs: 100_000 },
        exemplar: { value: 1, timestampMs: 1500 },
      },
    ]);
    expect(labelsToRecord(samples[0]!.labels)).toEqual({ __name__: "hits_total", path: "/a" });
    expect(labelsToRecord(samples[0]!.exemplar!.labels)).toEqual({ trace_id: "abc" });
  });

  it("reads quantiles, sum and count of a summary", () => {
    const bytes = family({ name: "wait", type: 2 }, (writer) => {
      nested(writer, 4, () => {
        nested(writer, 4, () => {
          writer.uint(1, 4);
          writer.double(2, 2.5);
          nested(writer, 3, () => {
            writer.double(1, 0.99);
            writer.double(2, 0.75);
          });
        });
      });
    });
    expect(samplesOf(bytes)).toEqual([
      { labels: { __name__: "wait_count" }, value: 4 },
      { labels: { __name__: "wait_sum" }, value: 2.5 },
      { labels: { __name__: "wait", quantile: "0.99" }, value: 0.75 },
    ]);
  });

  /** Buckets at 1 (2 observations) and 5 (3), 4 in all; with native buckets when asked for. */
  function histogram(isNative: boolean): Uint8Array {
    return family({ name: "size", type: 4 }, (writer) => {
      nested(writer, 4, () => {
        nested(writer, 7, () => {
          writer.uint(1, 4);
          writer.double(2, 12);
          for (const [bound, count] of [
            [1, 2],
            [5, 3],
          ] as const) {
            nested(writer, 3, () => {
              writer.uint(1, count);
              writer.double(2, bound);
            });
          }
          if (!isNative) return;
          writer.uintAlways(5, 0);
          writer.double(6, 1e-128);
          nested(writer, 12, () => {
            writer.uintAlways(1, 2);
            writer.uint(2, 2);
          });
          // Deltas 3 and -2 in zigzag: 3 and 1 observations in buckets 1 and 2.
          writer.uintAlways(13, 6);
          writer.uintAlways(13, 3);
        });
      });
    });
  }

  const CLASSIC = [
    { labels: { __name__: "size_count" }, value: 4 },
    { labels: { __name__: "size_sum" }, value: 12 },
    { labels: { __name__: "size_bucket", le: "1.0" }, value: 2 },
    { labels: { __name__: "size_bucket", le: "5.0" }, value: 3 },
    { labels: { __name__: "size_bucket", le: "+Inf" }, value: 4 },
  ];

  it("reads classic buckets, and adds the one of +Inf", () => {
    expect(samplesOf(histogram(false))).toEqual(CLASSIC);
  });

  it("reads native buckets as one sample, and the classic ones beside it only when asked", () => {
    const [native, ...others] = samplesOf(histogram(true), { alwaysClassic: true });
    expect(native).toMatchObject({
      labels: { __name__: "size" },
      histogram: {
        ...{ schema: 0, count: 4, sum: 12, zeroThreshold: 1e-128, zeroCount: 0 },
        positiveSpans: [{ offset: 1, length: 2 }],
        positiveBuckets: Float64Array.of(3, 1),
      },
    });
    expect(others).toEqual(CLASSIC);
    expect(samplesOf(histogram(true))).toEqual([native]);
  });

  it("reads what our own encoder writes", () => {
    const native: NativeHistogram = {
      ...{ schema: -1, zeroThreshold: 0.5, zeroCount: 1, sum: 1, count: 4 },
      positiveSpans: [{ offset: -1, length: 2 }],
      positiveBuckets: Float64Array.of(1, 1),
      negativeSpans: [{ offset: 3, length: 1 }],
      negativeBuckets: Float64Array.of(1),
      ...{ customBounds: new Float64Array(0), counterResetHint: "unknown" },
    };
    const metric = { labels: ["job", "x"], timestampMs: 5, value: 0 };
    const bytes = encodeMetricFamilies([
      { name: "up", type: "untyped", metrics: [{ ...metric, value: 1 }] },
      { name: "h", type: "gaugehistogram", metrics: [{ ...metric, histogram: native }] },
    ]);
    expect(samplesOf(bytes)).toEqual([
      { labels: { __name__: "up", job: "x" }, value: 1, timestampMs: 5 },
      {
        ...{ labels: { __name__: "h", job: "x" }, value: Number.NaN, timestampMs: 5 },
        histogram: native,
      },
    ]);
  });

  it("refuses a family without a name and a message that is cut off", () => {
    const nameless = family({ name: "", type: 1 }, () => {});
    expect(() => parseMetricFamilies(nameless)).toThrow(/without a name/);
    const bytes = histogram(true);
    expect(() => parseMetricFamilies(bytes.subarray(0, bytes.length - 1))).toThrow();
  });

  it("answers 2000 damaged pages with a value or an AvxError", () => {
    const options = { seed: 1, rounds: 2000 };
    const { refused } = decodeMutations(
      histogram(true),
      (bytes) => parseMetricFamilies(bytes),
      options,
    );
    expect(refused).toBeGreaterThan(200);
  });
});
