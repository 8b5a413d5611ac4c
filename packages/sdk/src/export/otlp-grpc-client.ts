import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { nodeHttp2 } from "../lazy-builtins.ts";
import type { GrpcAnswer } from "./grpc-reply.ts";
import type { OtlpPost } from "./otlp-http-client.ts";
import { limitSignal } from "./time-limit.ts";

/** An answer larger than this is not read: OTLP answers have some bytes. */
const MAX_ANSWER_BYTES = 65_536;

/**
 * Makes unary gRPC calls on Node's own HTTP/2, over one connection a server. https is TLS, http is
 * not. As with HTTP, connections keep the process alive only while a caller waits (`hold`). HTTP/2
 * sessions are not observed by the SDK, so that the export of telemetry makes no telemetry.
 */
export class OtlpGrpcClient {
  readonly #sessions = new Map<string, ClientHttp2Session>();
  #holders = 0;

  /** Keeps the process alive for calls under way until `work` is done. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#holders++;
    for (const session of this.#sessions.values()) session.ref();
    try {
      return await work();
    } finally {
      this.#holders--;
      if (this.#holders === 0) for (const session of this.#sessions.values()) session.unref();
    }
  }

  /** One attempt; the body is a frame. Rejects on a network failure and after `timeoutMs`. */
  call(post: OtlpPost): Promise<GrpcAnswer> {
    const { pathname } = new URL(post.url);
    const stream = this.#session(post).request(
      { ":method": "POST", ":path": pathname, te: "trailers", ...post.headers },
      limitSignal(post.timeoutMs),
    );
    const answer = readAnswer(stream);
    stream.end(post.body);
    return answer;
  }

  /** Closes the connections. */
  close(): void {
    for (const session of this.#sessions.values()) session.destroy();
    this.#sessions.clear();
  }

  #session({ url, tls }: OtlpPost): ClientHttp2Session {
    const { origin } = new URL(url);
    const key = JSON.stringify([origin, tls]);
    const present = this.#sessions.get(key);
    if (present !== undefined) return present;
    const session = nodeHttp2().connect(origin, tls);
    const forget = (): void => {
      if (this.#sessions.get(key) === session) this.#sessions.delete(key);
    };
    // A server that is going away finishes what is under way; the next call connects anew.
    session.on("goaway", forget).on("close", forget);
    // Its calls are told; unheard, the event would end the process.
    session.on("error", forget);
    if (this.#holders === 0) session.unref();
    this.#sessions.set(key, session);
    return session;
  }
}

function readAnswer(stream: ClientHttp2Stream): Promise<GrpcAnswer> {
  return new Promise((resolve, reject) => {
    const metadata: Record<string, string | undefined> = {};
    const chunks: Uint8Array[] = [];
    let httpStatus = 0;
    let bytes = 0;
    const keep = (headers: object): void => {
      for (const [name, value] of Object.entries(headers)) metadata[name] = String(value);
    };
    stream.on("response", (headers) => {
      httpStatus = headers[":status"] ?? 0;
      keep(headers);
    });
    stream.on("trailers", keep);
    stream.on("data", (chunk: Uint8Array) => {
      bytes += chunk.byteLength;
      if (bytes <= MAX_ANSWER_BYTES) chunks.push(chunk);
    });
    stream.on("error", (error) => reject(error.cause instanceof Error ? error.cause : error));
    stream.on("close", () => resolve({ httpStatus, metadata, body: Buffer.concat(chunks) }));
  });
}
