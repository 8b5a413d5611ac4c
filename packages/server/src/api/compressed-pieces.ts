import { pipeline } from "node:stream";
import { promisify } from "node:util";
import { constants, crc32, createZstdCompress, deflateRaw, type ZlibOptions } from "node:zlib";

/** Measured on 3 MB of a range query: 3.9 instead of 4.7 times smaller for a fifth of the CPU. */
const LEVEL = 1;
/** Pieces compressed side by side; the other threads of the pool sync the write-ahead log. */
const AT_ONCE = 2;
/** Deflate with no name, no time, fastest method, unknown system (RFC 1952). */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255]);
/** An empty last block (RFC 1951): every piece ends on a byte without being the last one. */
const LAST_BLOCK = Buffer.from([3, 0]);

const OPTIONS: ZlibOptions = {
  level: LEVEL,
  finishFlush: constants.Z_SYNC_FLUSH,
  chunkSize: 64 * 1024,
};
const compress: (bytes: Uint8Array, options: ZlibOptions) => Promise<Buffer> =
  promisify(deflateRaw);

type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** What an answer may be compressed with. */
export type Compression = "gzip" | "zstd";

/** One compressed stream of all pieces, in pieces; fails as they do. */
export function compressedPieces(pieces: Pieces, by: Compression): AsyncIterable<Buffer> {
  return by === "gzip" ? gzipPieces(pieces) : zstdPieces(pieces);
}

/** Twice as fast as gzip, but only browsers take it. */
function zstdPieces(pieces: Pieces): AsyncIterable<Buffer> {
  const params = { [constants.ZSTD_c_compressionLevel]: LEVEL };
  // A failure ends the stream with its reason, which who reads it gets.
  return pipeline(pieces, createZstdCompress({ params }), () => {});
}

/**
 * One gzip stream of all pieces, in pieces. Each is compressed apart on a thread of the pool, so that
 * two run side by side while the next is made.
 */
async function* gzipPieces(pieces: Pieces): AsyncGenerator<Buffer, void, undefined> {
  const underWay: Promise<Buffer>[] = [];
  let begin = HEADER;
  let checksum = 0;
  let length = 0;
  for await (const piece of pieces) {
    if (piece.length === 0) continue;
    checksum = crc32(piece, checksum);
    length += piece.length;
    const compressed = compress(piece, OPTIONS);
    // A failure is thrown where its turn comes; until then it is nobody's.
    compressed.catch(() => {});
    underWay.push(compressed);
    if (underWay.length <= AT_ONCE) continue;
    const done = await underWay.shift()!; // longer than AT_ONCE
    yield begin.length > 0 ? Buffer.concat([begin, done]) : done;
    begin = NOTHING;
  }
  const end = Buffer.alloc(8);
  end.writeUInt32LE(checksum, 0);
  end.writeUInt32LE(length % 2 ** 32, 4);
  yield Buffer.concat([begin, ...(await Promise.all(underWay)), LAST_BLOCK, end]);
}

const NOTHING = Buffer.alloc(0);
