import { SDK_VERSION } from "../resource.ts";
import { grpcFrame } from "./grpc-frame.ts";
import { grpcReply } from "./grpc-reply.ts";
import { httpReply } from "./http-reply.ts";
import { OtlpGrpcClient } from "./otlp-grpc-client.ts";
import { OtlpHttpClient, type OtlpPost } from "./otlp-http-client.ts";
import type { OtlpReply } from "./otlp-reply.ts";
import type { SignalTarget } from "./signal-target.ts";

/** By which the specification wants exporters to be known. */
const USER_AGENT = `OTel-OTLP-Exporter-AVX-NodeJS/${SDK_VERSION}`;

/** A request to this target in its protocol; `body` is encoded, and compressed if that is wanted. */
export function otlpPost(target: SignalTarget, body: Uint8Array): OtlpPost {
  const { protocol, url, timeoutMs, tls, isCompressed, headers } = target;
  const common = { protocol, url, timeoutMs, tls };
  if (protocol === "grpc") {
    const form = {
      "content-type": "application/grpc",
      "user-agent": USER_AGENT,
      ...grpcTimeout(timeoutMs),
      "grpc-accept-encoding": "identity,gzip",
      ...(isCompressed ? { "grpc-encoding": "gzip" } : {}),
    };
    return { ...common, headers: { ...form, ...headers }, body: grpcFrame(body, isCompressed) };
  }
  const form = {
    "content-type": target.encoding === "json" ? "application/json" : "application/x-protobuf",
    "user-agent": USER_AGENT,
    ...(isCompressed ? { "content-encoding": "gzip" } : {}),
  };
  return { ...common, headers: { ...form, ...headers }, body };
}

/** gRPC allows eight digits; beyond them, and without a limit, the server is told none. */
function grpcTimeout(timeoutMs: number): Record<string, string> {
  return timeoutMs < 1e8 ? { "grpc-timeout": `${timeoutMs}m` } : {};
}

/** Sends to targets of either protocol. */
export class OtlpTransport {
  readonly #http = new OtlpHttpClient();
  readonly #grpc = new OtlpGrpcClient();

  /** One attempt of at most `limitMs`. Rejects on a network failure and on a timeout. */
  async send(target: SignalTarget, body: Uint8Array, limitMs: number): Promise<OtlpReply> {
    const timeoutMs = Math.max(1, Math.ceil(Math.min(target.timeoutMs, limitMs)));
    const post = otlpPost({ ...target, timeoutMs }, body);
    if (post.protocol === "grpc") return grpcReply(await this.#grpc.call(post));
    return httpReply(await this.#http.post(post), Date.now());
  }

  /** Keeps the process alive for requests under way until `work` is done: somebody waits for it. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    return this.#http.hold(() => this.#grpc.hold(work));
  }

  /** Closes the connections. */
  close(): void {
    this.#http.close();
    this.#grpc.close();
  }
}
