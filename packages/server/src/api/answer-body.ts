import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Compression, compressedPieces } from "./compressed-pieces.ts";

/** Below this compression costs more than it saves. */
const COMPRESS_FROM_BYTES = 2048;
/** An answer whose first piece is smaller than this has no other. */
const STREAM_FROM_BYTES = 64 * 1024;
/** In a header Accept-Encoding, unless the weight is 0; what is better comes first. */
const COMPRESSIONS: readonly (readonly [Compression, RegExp])[] = [
  ["zstd", /\bzstd\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i],
  ["gzip", /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i],
];

/** An answer as it is sent. */
export interface AnswerBody {
  readonly bytes: Buffer;
  /** Absent: as it is. */
  readonly compression?: Compression | undefined;
}

/** What is sent to whom. */
export interface Sending {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Gets the body once all of it is made. */
  readonly keep?: (body: AnswerBody) => void;
}

/** Whether the client understands this body. */
export function understands(request: FastifyRequest, { compression }: AnswerBody): boolean {
  return compression === undefined || understood(request).includes(compression);
}

function understood({ headers }: FastifyRequest): readonly Compression[] {
  const accepted = String(headers["accept-encoding"] ?? "");
  return COMPRESSIONS.flatMap(([name, pattern]) => (pattern.test(accepted) ? [name] : []));
}

/** Sends a body that was kept. */
export function sendBody(reply: FastifyReply, { bytes, compression }: AnswerBody): FastifyReply {
  return withHeaders(reply, compression).send(bytes);
}

/** Sends JSON while it is made, compressed where the client takes it; a small answer at once. */
export async function sendPieces({ request, reply, ...sending }: Sending): Promise<FastifyReply> {
  const { keep } = sending;
  const all = one(sending.pieces);
  const { value: first = NOTHING } = await all.next();
  const compression = first.length < COMPRESS_FROM_BYTES ? undefined : understood(request)[0];
  const whole = withFirst(first, all);
  const sent = compression ? compressedPieces(whole, compression) : whole;
  const made = keep ? collected(sent, (bytes) => keep({ bytes, compression })) : sent;
  if (first.length >= STREAM_FROM_BYTES) {
    return withHeaders(reply, compression).send(Readable.from(made));
  }
  const bytes: Uint8Array[] = [];
  for await (const piece of made) bytes.push(piece);
  return sendBody(reply, { bytes: Buffer.concat(bytes), compression });
}

const NOTHING = Buffer.alloc(0);

function withHeaders(reply: FastifyReply, compression: Compression | undefined): FastifyReply {
  reply.type("application/json; charset=utf-8");
  if (compression === undefined) return reply;
  return reply.header("content-encoding", compression).header("vary", "accept-encoding");
}

type Bytes = AsyncGenerator<Uint8Array, void, undefined>;

async function* one(pieces: Sending["pieces"]): Bytes {
  yield* pieces;
}

async function* withFirst(first: Uint8Array, others: Bytes): Bytes {
  try {
    yield first;
    yield* others;
  } finally {
    // Who stops at the first piece stops the others too.
    await others.return();
  }
}

/** The same pieces; all of them together are given to `onEnd`. */
async function* collected(pieces: AsyncIterable<Uint8Array>, onEnd: (all: Buffer) => void): Bytes {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) {
    all.push(piece);
    yield piece;
  }
  onEnd(Buffer.concat(all));
}
