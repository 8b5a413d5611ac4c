import { AvxError } from "@avx/model";
import {
  type DecodeOptions,
  encodeExportResponse,
  encodeRpcStatus,
  type OtlpEncoding,
  RPC_CODES,
  type RpcStatus,
} from "@avx/wire";
import { type ErrorReply, errorReply } from "../error-status.ts";
import { BULK_BYTES } from "./bulk/bulk-splitter.ts";
import { inflateBody } from "./inflate.ts";
import type { IngestPorts, IngestReply, IngestRequest, IngestSignal } from "./ingest-request.ts";
import { MAX_ITEMS_PER_REQUEST } from "./limits.ts";
import { Refusals } from "./refusals.ts";

const CONTENT_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};

/** How one signal takes a decompressed body. */
export interface OtlpDoor<Item> {
  readonly signal: IngestSignal;
  readonly decode: Readonly<
    Record<OtlpEncoding, (body: Uint8Array, options: DecodeOptions) => Item[]>
  >;
  /** Data points, spans or log records in the request. */
  readonly count: (items: readonly Item[]) => number;
  /**
   * Checks and stores; answers what was not taken. `encoded` is the body that the items are of, when
   * it is protobuf.
   */
  readonly take: (
    items: readonly Item[],
    ports: IngestPorts,
    encoded: Uint8Array | undefined,
  ) => Promise<Refusals>;
  /**
   * Takes a body in protobuf whole, without an object for each item, and answers how many it has;
   * undefined, and nothing is taken, when it must be taken item by item.
   */
  readonly takeWhole?: (body: Uint8Array, ports: IngestPorts) => Promise<number | undefined>;
}

/**
 * One OTLP request: bound, inflate, decode, check, store, count, answer. Never rejects: every
 * failure is an answer with a google.rpc.Status in the encoding of the request.
 */
export async function answerOtlp<Item>(
  request: IngestRequest,
  ports: IngestPorts,
  door: OtlpDoor<Item>,
): Promise<IngestReply> {
  const encoding = encodingOf(request.contentType);
  try {
    if (encoding === undefined) throw unsupportedType(request.contentType);
    const body = request.isInflated
      ? request.body
      : await inflateBody(request.body, request.contentEncoding);
    const refusals = new Refusals();
    const { signal } = door;
    let count = 0;
    if (ports.bulk && body.byteLength >= BULK_BYTES) {
      for (const piece of await ports.bulk.split({ signal, encoding, bytes: body })) {
        count += await takeBody({ door, encoding: "protobuf", body: piece, refusals }, ports);
      }
    } else count = await takeBody({ door, encoding, body, refusals }, ports);
    const rejected = Math.min(refusals.total, count);
    refusals.count(ports.counters, door.signal);
    ports.counters.accepted(door.signal, count - rejected);
    const message = refusals.message();
    const partial = message === "" ? undefined : { rejected, message };
    return reply(200, encoding, encodeExportResponse(door.signal, encoding, partial));
  } catch (error) {
    return refuseOtlp(error, { contentType: request.contentType, signal: door.signal, ports });
  }
}

/** A body, or a piece of one, and where to say what was not taken. */
interface BodyToTake<Item> {
  readonly door: OtlpDoor<Item>;
  readonly encoding: OtlpEncoding;
  readonly body: Uint8Array;
  readonly refusals: Refusals;
}

/** Decodes, checks and stores; answers how many items there were. */
async function takeBody<Item>(
  { door, encoding, body, refusals }: BodyToTake<Item>,
  ports: IngestPorts,
): Promise<number> {
  const whole = encoding === "protobuf" ? await door.takeWhole?.(body, ports) : undefined;
  if (whole !== undefined) return whole;
  const items = door.decode[encoding](body, { maxItems: MAX_ITEMS_PER_REQUEST });
  const count = door.count(items);
  if (count > MAX_ITEMS_PER_REQUEST) {
    throw new AvxError("too_many_points", { count, limit: MAX_ITEMS_PER_REQUEST });
  }
  const encoded = encoding === "protobuf" ? body : undefined;
  refusals.addAll(await door.take(items, ports, encoded));
  return count;
}

function encodingOf(contentType: string): OtlpEncoding | undefined {
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase();
  if (type === "application/x-protobuf" || type === "application/protobuf") return "protobuf";
  return type === "application/json" ? "json" : undefined;
}

function unsupportedType(contentType: string): AvxError {
  const supported = Object.values(CONTENT_TYPES).join(", ");
  return new AvxError("unsupported_media_type", {
    contentType: contentType === "" ? "(none)" : contentType,
    supported,
  });
}

/** Where a failure happened. */
export interface FailureContext {
  readonly contentType: string;
  readonly signal: IngestSignal;
  readonly ports: IngestPorts;
}

/** The answer to anything thrown on the way of an OTLP request: a google.rpc.Status. */
export function refuseOtlp(
  error: unknown,
  { contentType, signal, ports }: FailureContext,
): IngestReply {
  const encoding = encodingOf(contentType) ?? "json";
  const { status, body, retryAfterSeconds } = retryable(errorReply(error));
  if (status === 500) ports.reportFailure(error);
  ports.counters.refused(signal, body.code);
  const rpcStatus: RpcStatus = { code: rpcCode(status), message: body.error };
  if (retryAfterSeconds === undefined) {
    return reply(status, encoding, encodeRpcStatus(rpcStatus, encoding));
  }
  const bytes = encodeRpcStatus({ ...rpcStatus, retryAfterSeconds }, encoding);
  const answer = reply(status, encoding, bytes);
  return { ...answer, headers: { "retry-after": String(retryAfterSeconds) } };
}

/** How soon a sender should see whether the disk has space again. */
const FULL_DISK_RETRY_SECONDS = 5;

/** OTLP knows 507 as a reason to drop a batch: see docs/decisions/0005. */
function retryable(reply: ErrorReply): ErrorReply {
  if (reply.body.code !== "storage_full") return reply;
  return { ...reply, status: 503, retryAfterSeconds: FULL_DISK_RETRY_SECONDS };
}

function rpcCode(status: number): number {
  if (status === 401) return RPC_CODES.unauthenticated;
  if (status === 403) return RPC_CODES.permissionDenied;
  if (status === 413) return RPC_CODES.resourceExhausted;
  if (status === 429 || status === 503) return RPC_CODES.unavailable;
  return status < 500 ? RPC_CODES.invalidArgument : RPC_CODES.internal;
}

function reply(status: number, encoding: OtlpEncoding, body: Uint8Array): IngestReply {
  return { status, contentType: CONTENT_TYPES[encoding], headers: {}, body };
}
