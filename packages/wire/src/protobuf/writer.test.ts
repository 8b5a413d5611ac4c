import { describe, expect, it } from "vitest";
import { ProtoReader } from "./reader.ts";
import { ProtoWriter } from "./writer.ts";

const hex = (writer: ProtoWriter) => Buffer.from(writer.finish()).toString("hex");

describe("ProtoWriter", () => {
  it("writes the examples of the encoding guide of protobuf.dev", () => {
    const a = new ProtoWriter();
    a.uint(1, 150);
    expect(hex(a)).toBe("089601");
    const b = new ProtoWriter();
    b.string(2, "testing");
    expect(hex(b)).toBe("120774657374696e67");
    const c = new ProtoWriter();
    const start = c.begin(3);
    c.uint(1, 150);
    c.end(start);
    expect(hex(c)).toBe("1a03089601");
    const d = new ProtoWriter();
    d.int64(1, -2);
    expect(hex(d)).toBe("08feffffffffffffffff01");
  });

  it("leaves out defaults, except where the field is optional", () => {
    const writer = new ProtoWriter();
    writer.uint(1, 0);
    writer.string(2, "");
    writer.bool(3, false);
    writer.double(4, 0);
    writer.fixed64(5, 0n);
    writer.int64(6, 0n);
    writer.sint32(7, 0);
    writer.bytesField(8, new Uint8Array(0));
    expect(hex(writer)).toBe("");
    writer.doubleAlways(1, 0);
    expect(hex(writer)).toBe("090000000000000000");
  });

  it("writes -0 as a value of its own", () => {
    const writer = new ProtoWriter();
    writer.double(1, -0);
    expect(hex(writer)).toBe("090000000000000080");
  });

  it.each([0, 1, 127, 128, 16383, 16384, 300_000])("nests a message of %d bytes", (length) => {
    const writer = new ProtoWriter();
    const outer = writer.begin(1);
    const inner = writer.begin(2);
    writer.bytesField(3, new Uint8Array(length).fill(7));
    writer.end(inner);
    writer.end(outer);
    const reader = new ProtoReader(writer.finish(), "test");
    expect(reader.nextTag()).toBe(0x0a);
    const outerEnd = reader.enter();
    expect(reader.nextTag()).toBe(0x12);
    const innerEnd = reader.enter();
    if (length > 0) {
      expect(reader.nextTag()).toBe(0x1a);
      expect(reader.lengthDelimited()).toHaveLength(length);
    }
    expect(reader.nextTag()).toBe(0);
    reader.leave(innerEnd);
    reader.leave(outerEnd);
    expect(reader.nextTag()).toBe(0);
  });

  it.each(["", "a", "é", `${"x".repeat(39)}é`, "\u{1F600}".repeat(50), "y".repeat(5000)])(
    "writes text %#",
    (text) => {
      const writer = new ProtoWriter();
      writer.stringAlways(1, text);
      const reader = new ProtoReader(writer.finish(), "test");
      expect(reader.nextTag()).toBe(0x0a);
      expect(reader.string()).toBe(text);
      expect(reader.nextTag()).toBe(0);
    },
  );

  it.each([0, 127, 128, 2 ** 31, 2 ** 32, 2 ** 35 + 1, Number.MAX_SAFE_INTEGER])(
    "writes %d as varint and as fixed64",
    (value) => {
      const writer = new ProtoWriter();
      writer.uintAlways(1, value);
      writer.fixed64NumberAlways(2, value);
      const reader = new ProtoReader(writer.finish(), "test");
      reader.nextTag();
      expect(reader.uint64AsNumber()).toBe(value);
      reader.nextTag();
      expect(reader.fixed64AsNumber()).toBe(value);
    },
  );
});
