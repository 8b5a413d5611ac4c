/** Facts of one error: which limit, which field, which value. Shown to the caller as they are. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean>>;

/**
 * Every error code of the product with its message template (`{fact}` is filled in) and the HTTP
 * status that the server answers. One page, docs/reference/errors.md, explains each; a check keeps
 * both in step.
 */
export const ERROR_TABLE = {
  bad_request: { status: 400, message: "{reason}" },
  bad_query: { status: 400, message: "{reason}" },
  query_limit_exceeded: {
    status: 422,
    message: "the query needs {needed} {what}, the limit is {limit}",
  },
  query_failed: { status: 422, message: "{reason}" },
  query_timeout: { status: 503, message: "the query ran longer than {timeoutMs} ms" },
  query_queue_full: {
    status: 503,
    message:
      "{waiting} queries wait already for one of {limit} places; retry after {retryAfterSeconds} s",
  },
  query_canceled: { status: 499, message: "the query was cancelled" },
  malformed_payload: { status: 400, message: "cannot decode {format}: {reason}" },
  unsupported_media_type: {
    status: 415,
    message: "content type {contentType} is not supported; use {supported}",
  },
  unsupported_encoding: {
    status: 415,
    message: "content encoding {encoding} is not supported; use {supported}",
  },
  body_too_large: { status: 413, message: "the body has more than {limitBytes} bytes {stage}" },
  too_many_points: { status: 413, message: "the request has {count} points, the limit is {limit}" },
  not_found: { status: 404, message: "{what} not found" },
  insufficient_history: {
    status: 409,
    message: "{have} samples are too few, at least {needed} are needed",
  },
  invalid_parameter: { status: 400, message: "{parameter}: {reason}" },
  overloaded: { status: 429, message: "{what} is full; retry after {retryAfterSeconds} s" },
  upstream_unavailable: { status: 502, message: "no answer from {upstream}: {reason}" },
  upstream_timeout: {
    status: 504,
    message: "{upstream} did not answer within {timeoutMs} ms",
  },
  unauthorized: { status: 401, message: "{reason}" },
  forbidden: { status: 403, message: "{reason}" },
  wrong_host: {
    status: 421,
    message: 'this server is not known as "{host}"; --allowed-hosts adds a name',
  },
  too_many_attempts: {
    status: 429,
    message: "too many wrong keys from {address}; retry after {retryAfterSeconds} s",
  },
  admin_disabled: { status: 503, message: "admin APIs disabled" },
  store_unavailable: { status: 503, message: "the store is not available: {reason}" },
  storage_full: { status: 507, message: "the disk is full: {reason}" },
  document_too_large: {
    status: 413,
    message: "the document has {bytes} bytes, the limit is {limitBytes}",
  },
  port_taken: {
    status: 500,
    message: "port {port} on {host} is taken; choose another with {option}",
  },
  invalid_config: { status: 500, message: "{option}: {reason}" },
  data_dir_unusable: { status: 500, message: "cannot use the data directory {path}: {reason}" },
  internal: { status: 500, message: "internal error" },
} as const satisfies Record<string, { status: number; message: string }>;

/** A code of `ERROR_TABLE`. */
export type ErrorCode = keyof typeof ERROR_TABLE;

/** The one error type of the product. The message is derived from code and facts. */
export class AvxError extends Error {
  override readonly name = "AvxError";
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, facts: ErrorFacts = {}, options?: ErrorOptions) {
    super(fillTemplate(ERROR_TABLE[code].message, facts), options);
    this.code = code;
    this.facts = facts;
  }

  /** The HTTP status for this code. */
  get status(): number {
    return ERROR_TABLE[this.code].status;
  }
}

function fillTemplate(template: string, facts: ErrorFacts): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) =>
    Object.hasOwn(facts, name) ? String(facts[name]) : `{${name}}`,
  );
}
