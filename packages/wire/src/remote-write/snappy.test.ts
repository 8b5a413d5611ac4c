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
