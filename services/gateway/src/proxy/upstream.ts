import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { AvxError } from "@avx/sdk";
import { type Dispatcher, Pool } from "undici";

/** Connections to the upstream; more requests wait for one to be free. */
const MAX_CONNECTIONS = 256;
const CONNECT_TIMEOUT_MS = 2000;
/** A body that stands still this long, in either direction, is given up. */
const BODY_IDLE_TIMEOUT_MS = 60_000;

/** An answer whose body still streams. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** A request on its way through. */
export interface UpstreamRequest {
  readonly inbound: IncomingMessage;
  readonly headers: Record<string, string | string[]>;
  /** Aborts when the caller has left. */
  readonly callerLeft: AbortSignal;
}

/** Where the upstream is and how long it may take. */
export interface UpstreamOptions {
  readonly origin: string;
  /** From the call to the response headers. */
  readonly timeoutMs: number;
  /** Told once when the upstream stops answering and once when it answers again. */
  readonly report: (message: string) => void;
}

/** The service behind the gateway, over kept-alive connections. */
export class Upstream {
  readonly origin: string;
  readonly #timeoutMs: number;
  readonly #pool: Pool;
  readonly #report: (message: string) => void;
  #isAway = false;

  constructor({ origin, timeoutMs, report }: UpstreamOptions) {
    this.origin = origin;
    this.#timeoutMs = timeoutMs;
    this.#report = report;
    this.#pool = new Pool(origin, {
      connections: MAX_CONNECTIONS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      bodyTimeout: BODY_IDLE_TIMEOUT_MS,
      // Our own timer is exact and covers the wait for a connection; undici's is a safety net.
      headersTimeout: timeoutMs + BODY_IDLE_TIMEOUT_MS,
    });
  }

  /**
   * Forwards the request with its body as a stream and answers once the response headers are
   * there. Throws `upstream_timeout` or `upstream_unavailable`.
   */
  async forward({ inbound, headers, callerLeft }: UpstreamRequest): Promise<UpstreamAnswer> {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), this.#timeoutMs);
    try {
      const answer = await this.#pool.request({
        // Proof of the `as`: Node's parser accepts known methods only, and undici sends any of them.
        method: (inbound.method ?? "GET") as Dispatcher.HttpMethod,
        path: inbound.url ?? "/",
        headers,
        body: hasBody(inbound) ? inbound : null,
        signal: AbortSignal.any([timeout.signal, callerLeft]),
      });
      this.#note(false);
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    } catch (cause) {
      const hasLeft = callerLeft.aborted && !timeout.signal.aborted;
      if (!hasLeft) this.#note(true);
      throw this.#failure(cause, timeout.signal.aborted);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether the upstream answers its health route at all. */
  async isReachable(): Promise<boolean> {
    try {
      const signal = AbortSignal.timeout(Math.min(this.#timeoutMs, CONNECT_TIMEOUT_MS));
      const answer = await this.#pool.request({ method: "GET", path: "/health", signal });
      await answer.body.dump();
      return answer.statusCode === 200;
    } catch {
      return false;
    }
  }

  /** Waits for requests under way, then closes the connections. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  #note(isAway: boolean): void {
    if (isAway === this.#isAway) return;
    this.#isAway = isAway;
    this.#report(isAway ? "upstream does not answer" : "upstream answers again");
  }

  #failure(cause: unknown, isTimeout: boolean): AvxError {
    const code = errorCode(cause);
    if (isTimeout || code === "UND_ERR_CONNECT_TIMEOUT" || code === "UND_ERR_HEADERS_TIMEOUT") {
      const facts = { upstream: this.origin, timeoutMs: this.#timeoutMs };
      return new AvxError("upstream_timeout", facts, { cause });
    }
    return new AvxError("upstream_unavailable", { upstream: this.origin, reason: code }, { cause });
  }
}

/** A request has a body exactly when it declares its length or its transfer coding (RFC 9112). */
function hasBody(request: IncomingMessage): boolean {
  const { headers } = request;
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

function errorCode(cause: unknown): string {
  if (!(cause instanceof Error)) return "connection failed";
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
}
