import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { snappyEncode } from "@avx/wire";
import { describe, expect, it } from "vitest";
import {
  inflateBody,
  MAX_COMPRESSED_BYTES,
  MAX_INFLATED_BYTES,
  SnappyInflater,
} from "./inflate.ts";

const text = new TextEncoder().encode("hello telemetry ".repeat(100));
const MIB = 1024 * 1024;

describe("inflateBody", () => {
  it.each([
    ["", text],
    ["identity", text],
    ["gzip", gzipSync(text)],
    ["X-GZip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
    ["br", brotliCompressSync(text)],
    ["zstd", zstdCompressSync(text)],
    ["snappy", snappyEncode(text)],
  ])("takes %j", async (encoding, body) => {
    expect(Buffer.from(await inflateBody(body, encoding)).equals(text)).toBe(true);
  });

  it.each([
    ["gzip", gzipSync(new Uint8Array(64 * MIB))],
    ["deflate", deflateSync(new Uint8Array(64 * MIB))],
    ["br", brotliCompressSync(new Uint8Array(64 * MIB))],
    ["zstd", zstdCompressSync(new Uint8Array(64 * MIB))],
  ])("stops a %s bomb of 64 MiB at the ratio cap", async (encoding, bomb) => {
    expect(bomb.length).toBeLessThan(MIB);
    await expect(inflateBody(bomb, encoding)).rejects.toMatchObject({
      code: "body_too_large",
      status: 413,
    });
  });

  it("stops at the inflated cap where the ratio would allow more", async () => {
    const noisy = new Uint8Array(40 * MIB);
    for (let i = 0; i < noisy.length; i += 64) noisy[i] = (i * 2654435761) >>> 24;
    const body = gzipSync(noisy, { level: 1 });
    expect(body.length * 200).toBeGreaterThan(MAX_INFLATED_BYTES);
    expect(body.length).toBeLessThan(MAX_COMPRESSED_BYTES);
    await expect(inflateBody(body, "gzip")).rejects.toMatchObject({
      facts: { limitBytes: MAX_INFLATED_BYTES, stage: "inflated" },
    });
  });

  it("refuses a snappy header of 4 GB before it allocates", async () => {
    const header = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0);
    await expect(inflateBody(header, "snappy")).rejects.toMatchObject({ code: "body_too_large" });
  });

  it("refuses what is too large as sent", async () => {
    const body = new Uint8Array(MAX_COMPRESSED_BYTES + 1);
    await expect(inflateBody(body, "identity")).rejects.toMatchObject({
      facts: { limitBytes: MAX_COMPRESSED_BYTES, stage: "as sent" },
    });
  });

  it.each(["lzma", "gzip, gzip", "__proto__"])("refuses the encoding %j", async (encoding) => {
    await expect(inflateBody(text, encoding)).rejects.toMatchObject({
      code: "unsupported_encoding",
      status: 415,
    });
  });

  it.each(["gzip", "deflate", "br", "zstd", "snappy"])("refuses damaged %s", async (encoding) => {
    await expect(inflateBody(Uint8Array.of(1, 2, 3, 4, 5), encoding)).rejects.toMatchObject({
      code: "malformed_payload",
      status: 400,
    });
  });
});

describe("SnappyInflater", () => {
  it("answers as inflateBody does, small after large, and beyond the memory it keeps", async () => {
    const inflater = new SnappyInflater();
    const large = new Uint8Array(5 * MIB).fill(7);
    for (const plain of [text, large, text.subarray(0, 3), new Uint8Array(0), large]) {
      const body = snappyEncode(plain);
      const found = inflater.inflate(body);
      expect(Buffer.from(found).equals(await inflateBody(body, "snappy"))).toBe(true);
    }
  });

  it.each([
    ["too long as sent", new Uint8Array(MAX_COMPRESSED_BYTES + 1), "body_too_large"],
    ["of 33 MiB", snappyEncode(new Uint8Array(33 * MIB)), "body_too_large"],
    ["cut off", snappyEncode(text).subarray(0, 20), "malformed_payload"],
    ["nothing at all", new Uint8Array(0), "malformed_payload"],
  ])("refuses what inflateBody refuses: a body that is %s", async (_, body, code) => {
    await expect(inflateBody(body, "snappy")).rejects.toMatchObject({ code });
    expect(() => new SnappyInflater().inflate(body)).toThrow(expect.objectContaining({ code }));
  });
});
