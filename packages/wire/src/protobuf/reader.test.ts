import { describe, expect, it } from "vitest";
import { MAX_MESSAGE_DEPTH, ProtoReader } from "./reader.ts";

const reader = (...bytes: number[]) => new ProtoReader(Uint8Array.from(bytes), "test");

describe("ProtoReader", () => {
  it.each([
    // Encoding guide of protobuf.dev: varints and zigzag.
    [[0x96, 0x01], 150],
    [[0x00], 0],
    [[0xff, 0xff, 0xff, 0xff, 0x0f], 4294967295],
    [[0x80, 0x80, 0x80, 0x80, 0x10], 4294967296],
    [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], 2 ** 53 - 1],
  ])("reads varint %j as uint64 %d", (bytes, expected) => {
    expect(reader(...bytes).uint64AsNumber()).toBe(expected);
  });

  it("reads negative int32 and int64 from ten bytes", () => {
    const minusTwo = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    expect(reader(...minusTwo).int32()).toBe(-2);
    expect(reader(...minusTwo).int64()).toBe(-2n);
    expect(reader(...minusTwo).int64AsNumber()).toBe(-2);
    expect(reader(...minusTwo).uint64AsNumber()).toBe(2 ** 64);
  });

  it.each([
    [[0x00], 0],
    [[0x01], -1],
    [[0x02], 1],
    [[0xfe, 0xff, 0xff, 0xff, 0x0f], 2147483647],
    [[0xff, 0xff, 0xff, 0xff, 0x0f], -2147483648],
  ])("reads zigzag %j as %d in 32 and 64 bits", (bytes, expected) => {
    expect(reader(...bytes).sint32()).toBe(expected);
    expect(reader(...bytes).sint64AsNumber()).toBe(expected);
  });

  it("reads fixed64 exactly and as number", () => {
    const bytes = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    expect(reader(...bytes).fixed64()).toBe(18446744073709551615n);
    expect(reader(...bytes).sfixed64AsNumber()).toBe(-1);
    expect(reader(...bytes).fixed64AsNumber()).toBe(2 ** 64);
  });

  it("keeps the bits of a stale marker", () => {
    const values = new Float64Array(2);
    reader(2, 0, 0, 0, 0, 0, 0xf0, 0x7f).doubleInto(new Uint32Array(values.buffer), 1);
    expect(new BigUint64Array(values.buffer)[1]).toBe(0x7ff0000000000002n);
  });

  it("keeps a byte order mark and every other character of a string", () => {
    const text = "\ufeff\u0000\u{1F600} é";
    const bytes = new TextEncoder().encode(text);
    expect(reader(bytes.length, ...bytes).string()).toBe(text);
  });

  it.each<[string, number[], (r: ProtoReader) => unknown]>([
    ["a varint that ends early", [0x80], (r) => r.uint32()],
    ["an empty body where a varint should be", [], (r) => r.uint32()],
    ["a varint of eleven bytes", [...Array(10).fill(0xff), 1], (r) => r.uint32()],
    ["a length beyond the body", [5, 1], (r) => r.lengthDelimited()],
    ["a length of 2^63", [...Array(9).fill(0xff), 1], (r) => r.lengthDelimited()],
    ["a fixed64 of 7 bytes", Array(7).fill(0), (r) => r.fixed64()],
    ["a string that is not UTF-8", [1, 0xff], (r) => r.string()],
    ["field number 0", [0x02], (r) => r.nextTag()],
    ["a tag beyond 32 bits", [0x8a, 0x80, 0x80, 0x80, 0x80, 0x01], (r) => r.nextTag()],
    ["a start-group tag", [0x0b], (r) => r.skip(r.nextTag())],
    ["an end-group tag", [0x0c], (r) => r.skip(r.nextTag())],
    ["a message longer than its parent", [2, 9, 0], (r) => [r.enter(), r.enter()]],
  ])("refuses %s with the offset", (_, bytes, read) => {
    expect(() => read(reader(...bytes))).toThrow(/^cannot decode test: .* at byte \d+$/);
  });

  it(`refuses messages nested deeper than ${MAX_MESSAGE_DEPTH}`, () => {
    const lengths = Array.from({ length: 100 }, (_, i) => 99 - i);
    const deep = reader(...lengths);
    expect(() => {
      for (let i = 0; i < 100; i++) deep.enter();
    }).toThrow("messages nest deeper than 64");
  });

  it("passes over unknown fields of every wire type", () => {
    const r = reader(0x08, 1, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0x1a, 1, 9, 0x25, 0, 0, 0, 0, 0x28, 7);
    for (let i = 0; i < 4; i++) r.skip(r.nextTag());
    expect(r.nextTag()).toBe(0x28);
    expect(r.uint32()).toBe(7);
    expect(r.nextTag()).toBe(0);
  });
});
