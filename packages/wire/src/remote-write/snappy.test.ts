import { describe, expect, it } from "vitest";
import { decodeMutations, seededRandom } from "../fixtures/mutation.ts";
import { snappyDecode } from "./snappy-decode.ts";
import { snappyEncode } from "./snappy-encode.ts";

const MIB = 1024 * 1024;
const ascii = (text: string) => new TextEncoder().encode(text);

describe("snappyDecode", () => {
  it.each<[string, number[], string]>([
    // Hand-made after format_description.txt of google/snappy.
    ["an empty block", [0], ""],
    ["a literal", [3, 0x08, 97, 98, 99], "abc"],
    ["a literal with a length byte", [3, 0xf0, 2, 97, 98, 99], "abc"],
    ["a copy with one offset byte that overlaps itself", [9, 0x00, 97, 0x11, 1], "aaaaaaaaa"],
    ["a copy with two offset bytes", [6, 0x08, 97, 98, 99, 0x0a, 3, 0], "abcabc"],
    ["a copy with four offset bytes", [6, 0x08, 97, 98, 99, 0x0b, 3, 0, 0, 0], "abcabc"],
  ])("reads %s", (_, bytes, expected) => {
    expect(snappyDecode(Uint8Array.from(bytes), 100)).toEqual(ascii(expected));
  });

  it.each<[string, number[]]>([
    ["nothing at all", []],
    ["an unfinished length", [0x80]],
    ["a length of more than 5 bytes", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ["a literal beyond the input", [3, 0x08, 97]],
    ["a literal length beyond the input", [3, 0xf4]],
    ["a literal beyond the header's length", [1, 0x08, 97, 98, 99]],
    ["a copy from before the start", [5, 0x00, 97, 0x11, 2]],
    ["a copy with offset 0", [5, 0x00, 97, 0x01, 0]],
    ["a copy that ends early", [5, 0x00, 97, 0x02, 1]],
    ["less data than the header says", [9, 0x00, 97]],
    ["a header that no body of this length can satisfy", [0xff, 0xff, 0x01, 0x00, 97]],
  ])("refuses %s", (_, bytes) => {
    expect(() => snappyDecode(Uint8Array.from(bytes), MIB)).toThrow(
      expect.objectContaining({ code: "malformed_payload" }),
    );
  });

  it("refuses a header of 4 GB by the cap, before it allocates", () => {
    const header = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0x00, 97);
    expect(() => snappyDecode(header, 32 * MIB)).toThrow(
      expect.objectContaining({ code: "body_too_large" }),
    );
  });
});

/** Byte by byte after format_description.txt; undefined for what is no block. */
function plainlyDecoded(input: Uint8Array): number[] | undefined {
  const output: number[] = [];
  const littleEndian = (from: number, bytes: number) =>
    Array.from(input.subarray(from, from + bytes)).reduce((n, byte, i) => n + byte * 256 ** i, 0);
  let at = input.findIndex((byte) => byte < 0x80) + 1;
  const header = Array.from(input.subarray(0, at)).reduce((n, b, i) => n + (b & 127) * 128 ** i, 0);
  while (at < input.length) {
    const tag = input[at++]!;
    const kind = tag & 3;
    const extra = kind === 0 ? Math.max(0, (tag >> 2) - 59) : kind === 3 ? 4 : kind;
    if (at + extra > input.length) return undefined;
    const more = littleEndian(at, extra);
    at += extra;
    if (kind === 0) {
      const length = extra > 0 ? more + 1 : (tag >> 2) + 1;
      if (at + length > input.length) return undefined;
      for (let i = 0; i < length; i++) output.push(input[at++]!);
    } else {
      const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
      const offset = kind === 1 ? (tag >> 5) * 256 + more : more;
      if (offset === 0 || offset > output.length) return undefined;
      for (let i = 0; i < length; i++) output.push(output[output.length - offset]!);
    }
    if (output.length > header) return undefined;
  }
  return output.length === header ? output : undefined;
}

describe("a block of any elements", () => {
  const random = seededRandom(11);
  const below = (limit: number) => Math.floor(random() * limit);
  const bytes = (count: number) => Array.from({ length: count }, () => below(256));

  /** An element for output that has `length` bytes so far, and the bytes that it adds. */
  function element(length: number): readonly [number[], number] {
    const count = 1 + below(random() < 0.1 ? 300 : 60);
    if (length === 0 || random() < 0.4) {
      const head =
        count <= 60 ? [(count - 1) << 2] : [61 << 2, (count - 1) & 255, (count - 1) >> 8];
      return [[...head, ...bytes(count)], count];
    }
    const offset = 1 + below(Math.min(length, random() < 0.3 ? 8 : 5000));
    if (offset < 2048 && random() < 0.5) {
      const copied = 4 + below(8);
      return [[1 | ((copied - 4) << 2) | ((offset >> 8) << 5), offset & 255], copied];
    }
    const copied = 1 + below(64);
    const isWide = random() < 0.1;
    const head = [(isWide ? 3 : 2) | ((copied - 1) << 2), offset & 255, offset >> 8];
    return [isWide ? [...head, 0, 0] : head, copied];
  }

  function block(): Uint8Array {
    const body: number[] = [];
    let length = 0;
    for (let i = below(60); i >= 0; i--) {
      const [of, added] = element(length);
      for (const byte of of) body.push(byte);
      length += added;
    }
    return Uint8Array.from([
      (length & 127) | 128,
      ((length >> 7) & 127) | 128,
      length >> 14,
      ...body,
    ]);
  }

  it("is read as byte by byte, also into memory with something in it, and refused when damaged", () => {
    const memory = new Uint8Array(64 * 1024).fill(255);
    let refused = 0;
    for (let i = 0; i < 2000; i++) {
      const input = block();
      if (i % 2 === 1) input[3 + below(input.length - 3)]! ^= 1 << below(8);
      const expected = plainlyDecoded(input);
      const decode = () => snappyDecode(input, MIB, (count) => memory.subarray(0, count));
      if (expected === undefined) {
        refused++;
        expect(decode).toThrow(expect.objectContaining({ code: "malformed_payload" }));
      } else expect(Buffer.from(decode()).equals(Uint8Array.from(expected))).toBe(true);
    }
    expect(refused).toBeGreaterThan(50);
    expect(refused).toBeLessThan(1000);
  });
});

describe("snappyEncode", () => {
  const random = seededRandom(3);
  const noise = Uint8Array.from({ length: 200_000 }, () => Math.floor(random() * 256));
  const words = ["http_requests_total", "instance", "10.0.0.1:9090", "method", "GET", "code"];
  const labels = ascii(
    Array.from({ length: 30_000 }, () => words[Math.floor(random() * words.length)]).join(","),
  );

  it.each([
    ["nothing", new Uint8Array(0)],
    ["one byte", Uint8Array.of(7)],
    ["16 equal bytes", new Uint8Array(16)],
    ["zeros over several blocks", new Uint8Array(200_000)],
    ["noise", noise],
    ["labels", labels],
    ["lengths around a block", labels.slice(0, 65_536 + 3)],
  ])("is read back: %s", (_, input) => {
    const encoded = snappyEncode(input);
    expect(Buffer.from(snappyDecode(encoded, MIB)).equals(input)).toBe(true);
  });

  it("compresses what repeats and hardly grows what does not", () => {
    expect(snappyEncode(labels).length).toBeLessThan(labels.length / 2);
    expect(snappyEncode(noise).length).toBeLessThan(noise.length * 1.01);
  });

  it("gives a value or an AvxError for 3000 damaged blocks", () => {
    const decode = (bytes: Uint8Array) => snappyDecode(bytes, MIB);
    const { refused } = decodeMutations(snappyEncode(labels.slice(0, 3000)), decode, {
      seed: 5,
      rounds: 3000,
    });
    expect(refused).toBeGreaterThan(500);
  });
});
