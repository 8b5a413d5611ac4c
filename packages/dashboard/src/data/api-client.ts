import { type Check, nullable, object, ShapeError, text } from "./checked-json.ts";

/** Why an answer is missing. `status` and `detail` are set for `http`, `detail` for `answer`. */
export interface ApiFailure {
  readonly kind: "network" | "timeout" | "answer" | "http";
  readonly status: number;
  readonly detail: string;
}

/** A request that brought no usable answer. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly failure: ApiFailure;

  constructor(failure: ApiFailure, options?: ErrorOptions) {
    super(`${failure.kind} ${failure.status} ${failure.detail}`, options);
    this.failure = failure;
  }
}

/** The server gives up on a query after 30 s; a little later the page does too. */
export const REQUEST_TIMEOUT_MS = 32_000;

/** Longest error text that is shown: a proxy may answer with a whole page. */
const MAX_DETAIL_CHARS = 300;

const errorAnswer = object({ error: nullable(text), message: nullable(text) });

/** Parameters of a request; `null` ones are left out. */
export type Parameters = Readonly<Record<string, string | number | boolean | null>>;

/** A request of the API: where, with what, and what the answer must look like. */
export interface ApiRequest<T> {
  readonly path: string;
  readonly parameters: Parameters;
  /** Sent as JSON in a POST; a request without is a GET. */
  readonly body?: unknown;
  readonly method?: "DELETE";
  readonly check: Check<T>;
}

/** Unix seconds with three decimals, the form of all times in the API. */
export function timeParameter(timestampMs: number): string {
  return (timestampMs / 1000).toFixed(3);
}

/** The path and query of a request. */
export function requestUrl(request: ApiRequest<unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.parameters))
    if (value !== null) query.set(name, String(value));
  return `${request.path}?${query}`;
}

const UNAUTHORIZED = 401;
const GET = { headers: { accept: "application/json" } };

function postOf(body: unknown): RequestInit {
  const headers = { ...GET.headers, "content-type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(body) };
}

/** Asks the server. Throws `ApiError`, or the abort reason when `signal` is the one that ended it. */
export async function ask<T>(request: ApiRequest<T>, signal: AbortSignal): Promise<T> {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  try {
    const response = await fetch(requestUrl(request), {
      signal: AbortSignal.any([signal, timeout]),
      ...(request.body === undefined ? GET : postOf(request.body)),
      ...(request.method && { method: request.method }),
    });
    if (response.status === UNAUTHORIZED) askForKey();
    if (!response.ok) throw await httpError(response);
    return request.check(await response.json(), "answer");
  } catch (cause) {
    signal.throwIfAborted();
    throw toApiError(cause, timeout.aborted);
  }
}

/** The session is over: the server's own page asks for the key and leads back here. */
function askForKey(): void {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

async function httpError(response: Response): Promise<ApiError> {
  const body = await response.text();
  const detail = readErrorText(body) ?? response.statusText;
  return new ApiError({
    kind: "http",
    status: response.status,
    detail: detail.slice(0, MAX_DETAIL_CHARS),
  });
}

/** The server's own error text, or `null` when the body is not one of its error answers. */
function readErrorText(body: string): string | null {
  try {
    const { error, message } = errorAnswer(JSON.parse(body), "error");
    return error ?? message;
  } catch {
    return null;
  }
}

function toApiError(cause: unknown, timedOut: boolean): ApiError {
  if (cause instanceof ApiError) return cause;
  if (timedOut) return new ApiError({ kind: "timeout", status: 0, detail: "" }, { cause });
  if (cause instanceof ShapeError || cause instanceof SyntaxError)
    return new ApiError({ kind: "answer", status: 0, detail: cause.message }, { cause });
  return new ApiError({ kind: "network", status: 0, detail: "" }, { cause });
}
