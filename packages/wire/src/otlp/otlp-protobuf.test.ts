import { describe, expect, it } from "vitest";
import { decodeMutations } from "../fixtures/mutation.ts";
import { OFFICIAL_LOGS, OFFICIAL_METRICS, OFFICIAL_TRACES } from "./fixtures/official-bytes.ts";
import { LOGS, METRICS, SPANS } from "./fixtures/requests.ts";
import { decodeOtlpLogsProtobuf, encodeOtlpLogsProtobuf } from "./protobuf-logs.ts";
import { decodeOtlpMetricsProtobuf, encodeOtlpMetricsProtobuf } from "./protobuf-metrics.ts";
import { decodeOtlpTracesProtobuf, encodeOtlpTracesProtobuf } from "./protobuf-traces.ts";

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));

describe("OTLP protobuf", () => {
  it("reads what the official classes write", () => {
    expect(decodeOtlpMetricsProtobuf(bytesOf(OFFICIAL_METRICS))).toEqual(METRICS);
    expect(decodeOtlpTracesProtobuf(bytesOf(OFFICIAL_TRACES))).toEqual(SPANS);
    expect(decodeOtlpLogsProtobuf(bytesOf(OFFICIAL_LOGS))).toEqual(LOGS);
  });

  it("reads what it writes", () => {
    expect(decodeOtlpMetricsProtobuf(encodeOtlpMetricsProtobuf(METRICS))).toEqual(METRICS);
  });

  it("writes the bytes of the official classes", () => {
    // Metrics have the same fields in another order (oneof members), so only the length is equal.
    expect(encodeOtlpMetricsProtobuf(METRICS)).toHaveLength(bytesOf(OFFICIAL_METRICS).length);
    expect(encodeOtlpTracesProtobuf(SPANS)).toEqual(bytesOf(OFFICIAL_TRACES));
    expect(encodeOtlpLogsProtobuf(LOGS)).toEqual(bytesOf(OFFICIAL_LOGS));
  });

  it("gives all items of a resource the same resource and scope object", () => {
    const metrics = decodeOtlpMetricsProtobuf(bytesOf(OFFICIAL_METRICS));
    expect(metrics.every(({ resource }) => resource === metrics[0]?.resource)).toBe(true);
    expect(metrics.every(({ scope }) => scope === metrics[0]?.scope)).toBe(true);
  });

  it("finds a resource that stands behind its items", () => {
    // resource_spans { scope_spans { spans { name: "a" } } resource { attributes { key: "k" } } }
    const late = Uint8Array.of(10, 14, 18, 5, 18, 3, 42, 1, 97, 10, 5, 10, 3, 10, 1, 107);
    const [span] = decodeOtlpTracesProtobuf(late);
    expect(span?.name).toBe("a");
    expect([...(span?.resource.attributes.keys() ?? [])]).toEqual(["k"]);
  });

  it("reads unpacked repeated numbers as well", () => {
    // One histogram point with two unpacked explicit_bounds (tag 0x39), 1 and 2.
    const bounds = [0x39, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x39, 0, 0, 0, 0, 0, 0, 0, 0x40];
    const nest = (tag: number, inner: number[]) => [tag, inner.length, ...inner];
    const metric = nest(0x4a, nest(0x0a, bounds));
    const request = nest(0x0a, nest(0x12, nest(0x12, metric)));
    const [histogram] = decodeOtlpMetricsProtobuf(Uint8Array.from(request));
    expect(histogram).toMatchObject({
      kind: "histogram",
      points: [{ explicitBounds: Float64Array.of(1, 2) }],
    });
  });

  it("takes an empty request as no items", () => {
    expect(decodeOtlpLogsProtobuf(new Uint8Array(0))).toEqual([]);
    expect(encodeOtlpLogsProtobuf([])).toHaveLength(0);
  });

  it("does not pollute prototypes by attribute names", () => {
    const [span] = decodeOtlpTracesProtobuf(bytesOf(OFFICIAL_TRACES));
    expect(span?.attributes.get("__proto__")).toBe("polluted?");
    expect({}).not.toHaveProperty("polluted?");
  });

  it.each([
    ["metrics", OFFICIAL_METRICS, decodeOtlpMetricsProtobuf],
    ["traces", OFFICIAL_TRACES, decodeOtlpTracesProtobuf],
    ["logs", OFFICIAL_LOGS, decodeOtlpLogsProtobuf],
  ])("answers 3000 damaged %s requests with a value or an AvxError", (_, base64, decode) => {
    const { decoded, refused } = decodeMutations(bytesOf(base64), decode, {
      seed: 7,
      rounds: 3000,
    });
    expect(decoded).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(1000);
  });

  it("refuses an attribute value nested 80 messages deep", () => {
    const nest = (tag: number, inner: number[]): number[] => {
      const length = inner.length;
      return length < 128
        ? [tag, length, ...inner]
        : [tag, (length & 0x7f) | 0x80, length >> 7, ...inner];
    };
    let deep: number[] = [0x0a, 0];
    for (let i = 0; i < 40; i++) deep = nest(0x2a, nest(0x0a, deep));
    const body = nest(0x0a, nest(0x12, nest(0x12, nest(0x2a, deep))));
    expect(() => decodeOtlpLogsProtobuf(Uint8Array.from(body))).toThrow("deeper than 64");
  });

  it.each([
    ["spans", 0x12, decodeOtlpTracesProtobuf],
    ["log records", 0x12, decodeOtlpLogsProtobuf],
    ["metrics", 0x12, decodeOtlpMetricsProtobuf],
  ])("stops at the limit of empty %s, two bytes each", (_, tag, decode) => {
    const body = frame(repeated(tag, 1001));
    expect(() => decode(body, { maxItems: 1000 })).toThrow(
      expect.objectContaining({ code: "too_many_points" }),
    );
    expect(decode(body, { maxItems: 1001 })).toHaveLength(1001);
  });

  it("stops at the limit of data points", () => {
    const gauge = message(0x2a, repeated(0x0a, 1001));
    const body = frame(message(0x12, gauge));
    expect(() => decodeOtlpMetricsProtobuf(body, { maxItems: 1000 })).toThrow(
      "more than 1000 points",
    );
    expect(decodeOtlpMetricsProtobuf(body, { maxItems: 1001 })[0]?.points).toHaveLength(1001);
  });

  it("refuses 2 million empty events before they fill the memory", () => {
    const span = message(0x12, repeated(0x5a, 2_000_001));
    expect(() => decodeOtlpTracesProtobuf(frame(span))).toThrow("more than 2000000 messages");
  });
});

/** `count` empty messages. */
function repeated(tag: number, count: number): Uint8Array {
  const bytes = new Uint8Array(2 * count);
  for (let i = 0; i < bytes.length; i += 2) bytes[i] = tag;
  return bytes;
}

function message(tag: number, content: Uint8Array): Uint8Array {
  const length: number[] = [];
  let rest = content.length;
  for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Uint8Array.of(tag, ...length, rest), content]);
}

/** A request with one resource and one scope around the items. */
function frame(items: Uint8Array): Uint8Array {
  return new Uint8Array(message(0x0a, message(0x12, items)));
}
