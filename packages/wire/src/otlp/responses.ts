import { ProtoReader } from "../protobuf/reader.ts";
import { ProtoWriter } from "../protobuf/writer.ts";
import { int64Of, objectOf, parseBoundedJson, textOf } from "./json-values.ts";

/** The three signals of OTLP. */
export type OtlpSignal = "metrics" | "traces" | "logs";
/** How an OTLP body is written; the response always has the encoding of the request. */
export type OtlpEncoding = "protobuf" | "json";

/** What a receiver did not take. `rejected` 0 with a message is a warning only. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

/** google.rpc.Status: the body of every failed request. */
export interface RpcStatus {
  /** A gRPC status code, see `RPC_CODES`. */
  readonly code: number;
  readonly message: string;
  /** Adds google.rpc.RetryInfo; whole seconds. */
  readonly retryAfterSeconds?: number;
}

/** gRPC status codes that an OTLP receiver answers with. */
export const RPC_CODES = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

const REJECTED_FIELD: Record<OtlpSignal, string> = {
  metrics: "rejectedDataPoints",
  traces: "rejectedSpans",
  logs: "rejectedLogRecords",
};
const RETRY_INFO_TYPE = "type.googleapis.com/google.rpc.RetryInfo";

/** An `Export*ServiceResponse`; without `partial` it is the empty message of full success. */
export function encodeExportResponse(
  signal: OtlpSignal,
  encoding: OtlpEncoding,
  partial?: PartialSuccess,
): Uint8Array {
  if (encoding === "json") return jsonBytes(partial ? jsonPartial(signal, partial) : {});
  const writer = new ProtoWriter();
  if (partial !== undefined) {
    const start = writer.begin(1);
    writer.int64(1, partial.rejected);
    writer.string(2, partial.message);
    writer.end(start);
  }
  return writer.finish();
}

function jsonPartial(signal: OtlpSignal, { rejected, message }: PartialSuccess): object {
  const partialSuccess: Record<string, string> = {};
  if (rejected !== 0) partialSuccess[REJECTED_FIELD[signal]] = String(rejected);
  if (message !== "") partialSuccess["errorMessage"] = message;
  return { partialSuccess };
}

/** Reads an `Export*ServiceResponse`; full success is `{ rejected: 0, message: "" }`. */
export function decodeExportResponse(
  signal: OtlpSignal,
  encoding: OtlpEncoding,
  bytes: Uint8Array,
): PartialSuccess {
  if (encoding === "json") {
    const answer = objectOf(parseBoundedJson(bytes, "OTLP response"), "response");
    const partial = objectOf(answer["partialSuccess"], "partialSuccess");
    return {
      rejected: Number(int64Of(partial[REJECTED_FIELD[signal]], REJECTED_FIELD[signal])),
      message: textOf(partial["errorMessage"], "errorMessage"),
    };
  }
  const reader = new ProtoReader(bytes, "OTLP response");
  let rejected = 0;
  let message = "";
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag !== 0x0a) {
      reader.skip(tag);
      continue;
    }
    const outer = reader.enter();
    for (let inner = reader.nextTag(); inner !== 0; inner = reader.nextTag()) {
      if (inner === 0x08) rejected = reader.int64AsNumber();
      else if (inner === 0x12) message = reader.string();
      else reader.skip(inner);
    }
    reader.leave(outer);
  }
  return { rejected, message };
}

/** A google.rpc.Status body. */
export function encodeRpcStatus(status: RpcStatus, encoding: OtlpEncoding): Uint8Array {
  const { code, message, retryAfterSeconds } = status;
  if (encoding === "json") {
    const details =
      retryAfterSeconds === undefined
        ? {}
        : { details: [{ "@type": RETRY_INFO_TYPE, retryDelay: `${retryAfterSeconds}s` }] };
    return jsonBytes({ code, message, ...details });
  }
  const writer = new ProtoWriter();
  writer.uint(1, code);
  writer.string(2, message);
  if (retryAfterSeconds !== undefined) {
    const any = writer.begin(3);
    writer.string(1, RETRY_INFO_TYPE);
    const retryInfo = writer.begin(2);
    const duration = writer.begin(1);
    writer.uint(1, retryAfterSeconds);
    writer.end(duration);
    writer.end(retryInfo);
    writer.end(any);
  }
  return writer.finish();
}

/** Code and message of a google.rpc.Status body. Details are not read. */
export function decodeRpcStatus(bytes: Uint8Array, encoding: OtlpEncoding): RpcStatus {
  if (encoding === "json") {
    const status = objectOf(parseBoundedJson(bytes, "Status"), "status");
    return {
      code: Number(int64Of(status["code"], "code")),
      message: textOf(status["message"], "message"),
    };
  }
  const reader = new ProtoReader(bytes, "Status");
  let code = 0;
  let message = "";
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x08) code = reader.int32();
    else if (tag === 0x12) message = reader.string();
    else reader.skip(tag);
  }
  return { code, message };
}

function jsonBytes(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
