import {
  isStaleAt,
  type LabelledSeries,
  labelsFromRecord,
  labelsToRecord,
  type NativeHistogram,
  setStaleAt,
} from "@avx/model";
import { describe, expect, it } from "vitest";
import { decodeMutations } from "../fixtures/mutation.ts";
import { unpacked } from "../fixtures/unpacked.ts";
import { ProtoWriter } from "../protobuf/writer.ts";
import { decodeWriteRequest } from "./decode-v1.ts";
import { decodeWriteRequestV2 } from "./decode-v2.ts";
import { encodeWriteRequest } from "./encode-v1.ts";
import { LabelCache } from "./label-cache.ts";

const HISTOGRAM: NativeHistogram = {
  schema: 3,
  zeroThreshold: 1e-128,
  zeroCount: 1,
  sum: 2.5,
  count: 7,
  positiveSpans: [
    { offset: -2, length: 1 },
    { offset: 4, length: 2 },
  ],
  positiveBuckets: Float64Array.of(1, 2, 0.5),
  negativeSpans: [{ offset: 0, length: 1 }],
  negativeBuckets: Float64Array.of(3),
  customBounds: new Float64Array(0),
  counterResetHint: "gauge",
};

const floats = (name: string, samples: [number, number][]): LabelledSeries => ({
  labels: labelsFromRecord({ __name__: name, job: "é" }),
  timestampsMs: Float64Array.from(samples, ([time]) => time),
  values: Float64Array.from(samples, ([, value]) => value),
});

const T = 1_700_000_000_000;
const CONTENT = {
  series: [
    floats("a", [
      [T, 1],
      [T + 1, -0],
      [T + 2, Number.POSITIVE_INFINITY],
    ]),
    floats("zero", [[0, 0]]),
    floats("negative_time", [[-5, 1]]),
    {
      labels: labelsFromRecord({ __name__: "h" }),
      timestampsMs: Float64Array.of(T),
      values: Float64Array.of(Number.NaN),
      histograms: [HISTOGRAM],
    },
  ],
  metadata: [{ name: "a", type: "counter", unit: "seconds", help: "Help." } as const],
  exemplars: [
    {
      seriesLabels: labelsFromRecord({ __name__: "a", job: "é" }),
      labels: labelsFromRecord({ trace_id: "abc" }),
      value: 0.5,
      timestampMs: T,
    },
  ],
};

describe("remote write 1.0", () => {
  it("reads what it writes", () => {
    const request = decodeWriteRequest(encodeWriteRequest(CONTENT));
    const { packed, ...rest } = request;
    expect({ ...rest, series: unpacked(request) }).toEqual({
      ...CONTENT,
      sampleCount: 5,
      histogramCount: 1,
      faults: new Map(),
    });
  });

  it("reads the bytes of the message definition", () => {
    // timeseries { labels { "__name__": "up" } samples { value: 1, timestamp: 150 } }
    const bytes = [0x0a, 0x1e, 0x0a, 0x0e, 0x0a, 0x08, ...Buffer.from("__name__"), 0x12, 0x02];
    bytes.push(...Buffer.from("up"), 0x12, 0x0c, 0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x10, 0x96, 1);
    const series = unpacked(decodeWriteRequest(Uint8Array.from(bytes)));
    expect(series).toEqual([
      {
        labels: ["__name__", "up"],
        timestampsMs: Float64Array.of(150),
        values: Float64Array.of(1),
      },
    ]);
  });

  it("keeps stale markers bit by bit, as float and as histogram", () => {
    const stale = floats("a", [[T, 1]]);
    setStaleAt(stale.values, 0);
    const histogram = { ...CONTENT.series[3]!, histograms: [{ ...HISTOGRAM, stale: true }] };
    const bytes = encodeWriteRequest({ ...CONTENT, series: [stale, histogram] });
    const series = unpacked(decodeWriteRequest(bytes));
    expect(isStaleAt(series[0]!.values, 0)).toBe(true);
    expect(series[1]?.histograms?.[0]?.stale).toBe(true);
  });

  it("reads integer histograms: bucket deltas become absolute counts", () => {
    const writer = new ProtoWriter();
    const series = writer.begin(1);
    const label = writer.begin(1);
    writer.string(1, "__name__");
    writer.string(2, "h");
    writer.end(label);
    const histogram = writer.begin(4);
    writer.uintAlways(1, 9); // count_int
    writer.doubleAlways(3, 4.5); // sum
    writer.uintAlways(6, 2); // zero_count_int
    const span = writer.begin(11);
    writer.uint(2, 3);
    writer.end(span);
    const deltas = writer.begin(12); // zigzag of 1, 2, -1
    for (const zigzag of [2, 4, 1]) writer.varintRaw(zigzag);
    writer.end(deltas);
    writer.int64(15, T);
    writer.end(histogram);
    writer.end(series);
    const [found] = unpacked(decodeWriteRequest(writer.finish()));
    expect(found?.histograms?.[0]).toMatchObject({
      count: 9,
      zeroCount: 2,
      sum: 4.5,
      positiveSpans: [{ offset: 0, length: 3 }],
      positiveBuckets: Float64Array.of(1, 3, 2),
    });
  });

  it.each<[string, Partial<NativeHistogram>]>([
    ["schema 9", { schema: 9 }],
    ["schema -5", { schema: -5 }],
    ["spans of 4 billion buckets", { positiveSpans: [{ offset: 0, length: 4294967295 }] }],
    [
      "a negative gap",
      {
        positiveSpans: [
          { offset: 0, length: 1 },
          { offset: -1, length: 2 },
        ],
      },
    ],
    ["a negative count", { positiveBuckets: Float64Array.of(1, -2, 1) }],
    ["a NaN count", { negativeBuckets: Float64Array.of(Number.NaN) }],
    ["bounds without schema -53", { customBounds: Float64Array.of(1) }],
  ])("counts a histogram with %s as refused", (_, override) => {
    const histograms = [{ ...HISTOGRAM, ...override }];
    const bytes = encodeWriteRequest({
      ...CONTENT,
      series: [{ ...CONTENT.series[3]!, histograms }],
    });
    const request = decodeWriteRequest(bytes);
    expect(unpacked(request)).toEqual([]);
    expect(request.faults).toEqual(new Map([["malformed_native_histogram", 1]]));
  });

  it("takes custom buckets", () => {
    const custom: NativeHistogram = {
      ...HISTOGRAM,
      schema: -53,
      customBounds: Float64Array.of(1, 2),
      positiveSpans: [{ offset: 0, length: 3 }],
      negativeSpans: [],
      negativeBuckets: new Float64Array(0),
    };
    const series = [{ ...CONTENT.series[3]!, histograms: [custom] }];
    const request = decodeWriteRequest(encodeWriteRequest({ ...CONTENT, series }));
    expect(request.series[0]?.histograms?.[0]).toEqual(custom);
  });

  it("sorts samples by time; of two at one time the later one wins", () => {
    const mixed = floats("a", [
      [T + 2, 1],
      [T, 2],
      [T + 2, 3],
    ]);
    setStaleAt(mixed.values, 1);
    const series = unpacked(
      decodeWriteRequest(encodeWriteRequest({ ...CONTENT, series: [mixed] })),
    );
    expect([...series[0]!.timestampsMs]).toEqual([T, T + 2]);
    expect(series[0]!.values[1]).toBe(3);
    expect(isStaleAt(series[0]!.values, 0)).toBe(true);
  });

  it("grows with the number of samples", () => {
    const many = floats(
      "a",
      Array.from({ length: 1000 }, (_, i) => [T + i, i]),
    );
    const series = unpacked(decodeWriteRequest(encodeWriteRequest({ ...CONTENT, series: [many] })));
    expect(series[0]).toEqual(many);
  });

  it.each<[string, string[]]>([
    ["without a metric name", ["job", "x"]],
    ["with an empty metric name", ["__name__", ""]],
    ["with an empty label name", ["", "x", "__name__", "a"]],
    ["with a repeated name", ["__name__", "a", "x", "1", "x", "2"]],
    ["unsorted", ["__name__", "a", "y", "1", "x", "2"]],
  ])("counts a series %s as refused", (_, flat) => {
    const request = decodeWriteRequest(rawSeries(flat));
    expect(unpacked(request)).toEqual([]);
    expect(request.faults.get("malformed_labels")).toBe(1);
  });

  it("takes labels in the order of their UTF-8 bytes and drops empty values", () => {
    // U+FF01 sorts before U+1F600 in UTF-8, behind it in UTF-16.
    const flat = ["__name__", "a", "empty", "", "\uff01", "1", "\u{1F600}", "2"];
    const [series] = unpacked(decodeWriteRequest(rawSeries(flat)));
    expect(labelsToRecord(series!.labels)).toEqual({
      __name__: "a",
      "\uff01": "1",
      "\u{1F600}": "2",
    });
  });

  it("gives the same labels object for the same bytes, and not for others", () => {
    const cache = new LabelCache(4000);
    const decode = (name: string) =>
      decodeWriteRequest(
        encodeWriteRequest({ ...CONTENT, series: [floats(name, [[T, 1]])] }),
        cache,
      ).packed.labels[0]!;
    expect(decode("a")).toBe(decode("a"));
    expect(decode("b")).toEqual(floats("b", []).labels);
    for (let i = 0; i < 100; i++) expect(decode(`x${i}`)[1]).toBe(`x${i}`);
    expect(decode("a")).toEqual(floats("a", []).labels);
  });

  it("answers 3000 damaged requests with a value or an AvxError", () => {
    const cache = new LabelCache(40_000);
    const decode = (bytes: Uint8Array) => decodeWriteRequest(bytes, cache);
    const { refused } = decodeMutations(encodeWriteRequest(CONTENT), decode, {
      seed: 1,
      rounds: 3000,
    });
    expect(refused).toBeGreaterThan(500);
  });
});

/** One series with these labels as they are, and one sample. */
function rawSeries(flat: readonly string[]): Uint8Array {
  const writer = new ProtoWriter();
  const series = writer.begin(1);
  for (let i = 0; i < flat.length; i += 2) {
    const label = writer.begin(1);
    writer.string(1, flat[i]!);
    writer.string(2, flat[i + 1]!);
    writer.end(label);
  }
  const sample = writer.begin(2);
  writer.double(1, 1);
  writer.int64(2, T);
  writer.end(sample);
  writer.end(series);
  return writer.finish();
}

interface V2Series {
  readonly references: readonly number[];
  readonly created?: number;
}

/** A 2.0 request with two samples a series, the second with a start time of its own. */
function v2Request(symbols: readonly string[], all: readonly V2Series[]): Uint8Array {
  const writer = new ProtoWriter();
  for (const symbol of symbols) writer.stringAlways(4, symbol);
  for (const { references, created = 0 } of all) {
    const series = writer.begin(5);
    const packed = writer.begin(1);
    for (const reference of references) writer.varintRaw(reference);
    writer.end(packed);
    for (const [value, time, start] of [
      [1, T, 0],
      [2, T + 1, 77],
    ] as const) {
      const sample = writer.begin(2);
      writer.double(1, value);
      writer.int64(2, time);
      writer.int64(3, start);
      writer.end(sample);
    }
    const exemplar = writer.begin(4);
    const exemplarRefs = writer.begin(1);
    for (const reference of [5, 6]) writer.varintRaw(reference);
    writer.end(exemplarRefs);
    writer.double(2, 0.5);
    writer.int64(3, T);
    writer.end(exemplar);
    const metadata = writer.begin(5);
    writer.uint(1, 3);
    writer.uint(3, 7);
    writer.uint(4, 0);
    writer.end(metadata);
    writer.int64(6, created);
    writer.end(series);
  }
  return writer.finish();
}

const SYMBOLS = ["", "__name__", "lat_bucket", "le", "1", "trace_id", "abc", "Latency."];

describe("remote write 2.0", () => {
  it("resolves labels, exemplars and metadata from the symbols", () => {
    const bytes = v2Request(SYMBOLS, [{ references: [1, 2, 3, 4], created: 5 }]);
    const request = decodeWriteRequestV2(bytes);
    const labels = labelsFromRecord({ __name__: "lat_bucket", le: "1" });
    expect(unpacked(request)).toEqual([
      {
        labels,
        timestampsMs: Float64Array.of(T, T + 1),
        values: Float64Array.of(1, 2),
        startTimestampsMs: Float64Array.of(5, 77),
      },
    ]);
    expect(request.exemplars).toEqual([
      {
        seriesLabels: labels,
        labels: labelsFromRecord({ trace_id: "abc" }),
        value: 0.5,
        timestampMs: T,
      },
    ]);
    expect(request.metadata).toEqual([
      { name: "lat", type: "histogram", unit: "", help: "Latency." },
    ]);
    expect(request.sampleCount).toBe(2);
  });

  it.each<[string, readonly string[], readonly number[]]>([
    ["a reference beyond the table", SYMBOLS, [1, 99]],
    ["half a pair", SYMBOLS, [1, 2, 3]],
    ["symbols that do not start with an empty one", ["x", ...SYMBOLS.slice(1)], [1, 2]],
  ])("refuses %s", (_, symbols, references) => {
    expect(() => decodeWriteRequestV2(v2Request(symbols, [{ references }]))).toThrow(
      expect.objectContaining({ code: "malformed_payload" }),
    );
  });

  it("sees nothing in a 1.0 message", () => {
    expect(unpacked(decodeWriteRequestV2(encodeWriteRequest(CONTENT)))).toEqual([]);
  });

  it("answers 3000 damaged requests with a value or an AvxError", () => {
    const bytes = v2Request(SYMBOLS, [{ references: [1, 2, 3, 4] }]);
    const { refused } = decodeMutations(bytes, decodeWriteRequestV2, { seed: 2, rounds: 3000 });
    expect(refused).toBeGreaterThan(500);
  });
});
