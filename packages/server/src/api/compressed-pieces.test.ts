import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type Compression, compressedPieces } from "./compressed-pieces.ts";

async function compressed(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  by: Compression,
) {
  const made: Buffer[] = [];
  for await (const piece of compressedPieces(pieces, by)) made.push(piece);
  return made;
}

const EXPANDED = { gzip: gunzipSync, zstd: zstdDecompressSync };

function pieceOf(i: number, bytes: number): Uint8Array {
  return Buffer.from(
    `${i} ${"values that repeat, and one that does not: "}${i * 7919} `.repeat(bytes / 50),
  );
}

describe.each(["gzip", "zstd"] as const)("pieces compressed by %s", (by) => {
  it.each([0, 1, 2, 3, 9])("are one stream: %d of them", async (count) => {
    const pieces = Array.from({ length: count }, (_, i) => pieceOf(i, 1000 * 3 ** i));
    const made = await compressed(pieces, by);
    expect(EXPANDED[by](Buffer.concat(made))).toEqual(Buffer.concat(pieces));
  });

  it("are taken as they come, and their error is passed on", async () => {
    async function* coming(error?: Error) {
      for (let i = 0; i < 5; i++) {
        await new Promise((resolve) => setImmediate(resolve));
        yield pieceOf(i, 5000);
        yield new Uint8Array(0);
      }
      if (error) throw error;
    }
    const expected = Buffer.concat(Array.from({ length: 5 }, (_, i) => pieceOf(i, 5000)));
    expect(EXPANDED[by](Buffer.concat(await compressed(coming(), by)))).toEqual(expected);
    await expect(compressed(coming(new Error("broken")), by)).rejects.toThrow("broken");
  });
});
