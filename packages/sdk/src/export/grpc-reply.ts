import { firstGrpcMessage } from "./grpc-frame.ts";
import type { OtlpReply } from "./otlp-reply.ts";
import { retryInfoMs } from "./retry-info.ts";

/** A whole answer to one call. */
export interface GrpcAnswer {
  readonly httpStatus: number;
  /** Headers and trailers of the answer, by lower-case name; trailers win. */
  readonly metadata: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** Names of the status codes, by number. https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
const NAMES = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;

/** Codes after which OTLP lets a client try again. */
const RETRYABLE: ReadonlySet<string> = new Set([
  "CANCELLED",
  "DEADLINE_EXCEEDED",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNAVAILABLE",
  "DATA_LOSS",
]);

/** What an answer without gRPC status means: one of a proxy in between. */
const BY_HTTP_STATUS: Readonly<Record<number, (typeof NAMES)[number]>> = {
  400: "INTERNAL",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "UNIMPLEMENTED",
  429: "UNAVAILABLE",
  502: "UNAVAILABLE",
  503: "UNAVAILABLE",
  504: "UNAVAILABLE",
};

/**
 * What a gRPC answer means for an export. RESOURCE_EXHAUSTED may be tried again only when the server
 * says when. https://opentelemetry.io/docs/specs/otlp/#failures
 */
export function grpcReply({ httpStatus, metadata, body }: GrpcAnswer): OtlpReply {
  const status = statusName(httpStatus, metadata["grpc-status"]);
  if (status === "OK") {
    return { kind: "taken", body: firstGrpcMessage(body, metadata["grpc-encoding"]) };
  }
  const retryAfterMs = retryInfoMs(metadata["grpc-status-details-bin"]);
  const hasPause = status === "RESOURCE_EXHAUSTED" && retryAfterMs !== undefined;
  const text = decodedMessage(metadata["grpc-message"]);
  return {
    kind: "refused",
    reason: `gRPC ${status}${text === "" ? "" : `: ${text}`}`,
    isFinal: !RETRYABLE.has(status) && !hasPause,
    retryAfterMs,
  };
}

function statusName(httpStatus: number, code: string | undefined): string {
  if (code !== undefined) return NAMES[Number(code)] ?? "UNKNOWN";
  // A connection that closed before any answer has no status at all.
  return httpStatus === 0 ? "UNAVAILABLE" : (BY_HTTP_STATUS[httpStatus] ?? "UNKNOWN");
}

/** The message is percent-encoded; what is not is shown as it is. */
function decodedMessage(message = ""): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
