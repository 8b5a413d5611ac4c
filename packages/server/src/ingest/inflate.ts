import { promisify } from "node:util";
import {
  brotliDecompress,
  constants,
  gunzip,
  inflate,
  inflateRaw,
  zstdDecompress,
} from "node:zlib";
import { AvxError } from "@avx/model";
import { snappyDecode } from "@avx/wire";
import { zstdFrames } from "./zstd-frames.ts";

const MIB = 1024 * 1024;
/** Largest body as sent: several times what collectors send in one request. */
export const MAX_COMPRESSED_BYTES = 8 * MIB;
/** Largest body after decompression; decoded forms take a multiple of it in memory. */
export const MAX_INFLATED_BYTES = 32 * MIB;
/** Telemetry compresses 5 to 50 times; more than this is a decompression bomb ... */
const MAX_INFLATE_RATIO = 200;
/** ... unless it is small anyway. */
const RATIO_FREE_BYTES = MIB;
/** A zstd window above 8 MiB (2^23) would cost more memory than the largest body. */
const MAX_ZSTD_WINDOW_LOG = 23;

/** Memory that is kept between bodies; larger ones are rare. */
const MAX_KEPT_BYTES = 4 * MIB;

const SUPPORTED = "gzip, zstd, deflate, br, snappy, identity";

/** Decompresses `body` to at most `maxOutputLength` bytes. */
type Inflate = (body: Uint8Array, maxOutputLength: number) => Promise<Uint8Array> | Uint8Array;

const gunzipAsync = promisify(gunzip);
const inflateAsync = promisify(inflate);
const inflateRawAsync = promisify(inflateRaw);
const brotliAsync = promisify(brotliDecompress);
const zstdAsync = promisify(zstdDecompress);

const INFLATE_BY_ENCODING: ReadonlyMap<string, Inflate> = new Map<string, Inflate>([
  ["gzip", (body, maxOutputLength) => gunzipAsync(body, { maxOutputLength })],
  ["x-gzip", (body, maxOutputLength) => gunzipAsync(body, { maxOutputLength })],
  ["deflate", inflateDeflate],
  ["br", (body, maxOutputLength) => brotliAsync(body, { maxOutputLength })],
  ["zstd", inflateZstd],
  ["snappy", snappyDecode],
]);

/**
 * The one place where a request body is decompressed, so that no door can forget the caps. Throws
 * `body_too_large`, `unsupported_encoding` or, for damaged data, `malformed_payload`.
 */
export async function inflateBody(body: Uint8Array, contentEncoding: string): Promise<Uint8Array> {
  checkSentBytes(body);
  const encoding = contentEncoding.trim().toLowerCase();
  if (encoding === "" || encoding === "identity") return body;
  const inflateAs = INFLATE_BY_ENCODING.get(encoding);
  if (inflateAs === undefined) {
    throw new AvxError("unsupported_encoding", { encoding, supported: SUPPORTED });
  }
  const limitBytes = inflatedLimit(body.byteLength);
  try {
    return await inflateAs(body, limitBytes);
  } catch (cause) {
    if (cause instanceof AvxError) throw cause;
    if (isTooLong(cause)) {
      throw new AvxError("body_too_large", { limitBytes, stage: "inflated" }, { cause });
    }
    const reason = cause instanceof Error ? cause.message : "damaged data";
    throw new AvxError("malformed_payload", { format: encoding, reason }, { cause });
  }
}

function checkSentBytes({ byteLength }: Uint8Array): void {
  if (byteLength > MAX_COMPRESSED_BYTES) {
    throw new AvxError("body_too_large", { limitBytes: MAX_COMPRESSED_BYTES, stage: "as sent" });
  }
}

/**
 * Decodes snappy bodies one after the other into the same memory: fresh memory for each costs a
 * tenth of remote write. As `inflateBody`, but the answer holds only until the next call.
 */
export class SnappyInflater {
  #memory = new Uint8Array(0);

  inflate(body: Uint8Array): Uint8Array {
    checkSentBytes(body);
    return snappyDecode(body, inflatedLimit(body.byteLength), (bytes) => this.#take(bytes));
  }

  #take(bytes: number): Uint8Array {
    if (bytes > MAX_KEPT_BYTES) return new Uint8Array(bytes);
    if (bytes > this.#memory.length) this.#memory = new Uint8Array(bytes);
    return this.#memory.subarray(0, bytes);
  }
}

function inflatedLimit(compressedBytes: number): number {
  const byRatio = Math.max(RATIO_FREE_BYTES, compressedBytes * MAX_INFLATE_RATIO);
  return Math.min(MAX_INFLATED_BYTES, byRatio);
}

/** HTTP's "deflate" is the zlib format; some senders leave its header out. */
function inflateDeflate(body: Uint8Array, maxOutputLength: number): Promise<Uint8Array> {
  const hasZlibHeader = ((body[0] ?? 0) & 0x0f) === 8;
  return hasZlibHeader
    ? inflateAsync(body, { maxOutputLength })
    : inflateRawAsync(body, { maxOutputLength });
}

async function inflateZstd(body: Uint8Array, maxOutputLength: number): Promise<Uint8Array> {
  const params = { [constants.ZSTD_d_windowLogMax]: MAX_ZSTD_WINDOW_LOG };
  const parts: Uint8Array[] = [];
  let left = maxOutputLength;
  for (const frame of zstdFrames(body)) {
    const part = await zstdAsync(frame, { maxOutputLength: Math.max(1, left), params });
    left -= part.length;
    parts.push(part);
  }
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}

function isTooLong(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
}
