import { constants, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inflateBody } from "./inflate.ts";
import { zstdFrames } from "./zstd-frames.ts";

const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => i % 251));

describe("zstd bodies", () => {
  it("of several frames are read to their end", async () => {
    const parts = [bytes(10), Buffer.alloc(300_000, 7), bytes(0), bytes(70_000)];
    const body = Buffer.concat(parts.map((part) => zstdCompressSync(part)));
    const inflated = await inflateBody(body, "zstd");
    expect(Buffer.compare(inflated, Buffer.concat(parts))).toBe(0);
  });

  it.each([
    ["a checksum", { [constants.ZSTD_c_checksumFlag]: 1 }],
    ["no content size", { [constants.ZSTD_c_contentSizeFlag]: 0 }],
    ["a small window", { [constants.ZSTD_c_windowLog]: 10 }],
    ["the highest level", { [constants.ZSTD_c_compressionLevel]: 19 }],
  ])("with %s are split where a frame ends", (_, params) => {
    for (const length of [0, 1, 255, 256, 65_791, 65_792, 400_000]) {
      const frame = zstdCompressSync(bytes(length), { params });
      const both = zstdFrames(Buffer.concat([frame, frame]));
      expect(both.map((one) => one.length)).toEqual([frame.length, frame.length]);
    }
  });

  it("may have frames that are to be skipped", async () => {
    const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const body = Buffer.concat([skippable, zstdCompressSync(bytes(10)), skippable]);
    expect(Buffer.compare(await inflateBody(body, "zstd"), bytes(10))).toBe(0);
  });

  it.each([1, 4, 5, 8])("that lack their last %i bytes are refused", async (missing) => {
    const frame = zstdCompressSync(bytes(1000));
    const body = Buffer.concat([frame, frame.subarray(0, frame.length - missing)]);
    await expect(inflateBody(body, "zstd")).rejects.toMatchObject({ code: "malformed_payload" });
  });

  it("are inflated to no more than one of a single frame", async () => {
    const bomb = zstdCompressSync(new Uint8Array(20 * 1024 * 1024));
    const body = Buffer.concat([bomb, bomb]);
    await expect(inflateBody(body, "zstd")).rejects.toMatchObject({ code: "body_too_large" });
  });

  it("of more frames than anybody sends are refused", () => {
    const frame = zstdCompressSync(new Uint8Array(0));
    expect(() => zstdFrames(Buffer.concat(new Array(1001).fill(frame)))).toThrow("1000 frames");
  });
});
