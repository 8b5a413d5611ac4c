import { AvxError, type ErrorCode } from "@avx/model";
import type { ErrorAnswer } from "./contract.ts";

/** Prometheus' `errorType` by our code; what is not listed goes by its status. */
const ERROR_TYPE: Partial<Record<ErrorCode, string>> = {
  query_limit_exceeded: "execution",
  query_failed: "execution",
  query_timeout: "timeout",
  query_queue_full: "unavailable",
  query_canceled: "canceled",
  not_found: "not_found",
  unauthorized: "unauthorized",
  forbidden: "forbidden",
  too_many_attempts: "limit",
  admin_disabled: "unavailable",
  store_unavailable: "unavailable",
  overloaded: "unavailable",
  storage_full: "unavailable",
};

/** Status and body of an error answer. */
export interface ErrorReply {
  readonly status: number;
  readonly body: ErrorAnswer;
  /** Seconds for a Retry-After header, when a retry can help. */
  readonly retryAfterSeconds?: number;
}

/** Retry-After where the error itself names none. */
const DEFAULT_RETRY_SECONDS = 2;

/** The answer for anything thrown. Only an AvxError or a Fastify client error shows its message. */
export function errorReply(error: unknown): ErrorReply {
  if (error instanceof AvxError) return avxReply(error);
  const status = clientStatus(error);
  if (status !== undefined && error instanceof Error) {
    const code =
      status === 413 ? "body_too_large" : status === 415 ? "unsupported_media_type" : "bad_request";
    return { status, body: { status: "error", errorType: "bad_data", error: error.message, code } };
  }
  return {
    status: 500,
    body: { status: "error", errorType: "internal", error: "internal error", code: "internal" },
  };
}

function avxReply(error: AvxError): ErrorReply {
  const { status, code } = error;
  const errorType = ERROR_TYPE[code] ?? (status < 500 ? "bad_data" : "internal");
  const body: ErrorAnswer = { status: "error", errorType, error: error.message, code };
  const canHelp = status === 429 || (status === 503 && code !== "admin_disabled");
  if (!canHelp) return { status, body };
  const seconds = error.facts["retryAfterSeconds"];
  return {
    status,
    body,
    retryAfterSeconds: typeof seconds === "number" ? seconds : DEFAULT_RETRY_SECONDS,
  };
}

/** Fastify marks its own refusals (bad JSON, too large, bad header) with a 4xx `statusCode`. */
function clientStatus(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === "number" && statusCode >= 400 && statusCode < 500
    ? statusCode
    : undefined;
}
