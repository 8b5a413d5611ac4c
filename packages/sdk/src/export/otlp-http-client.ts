import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, Agent as SecureAgent } from "node:https";

/** An answer larger than this is not read: OTLP answers have some bytes. */
const MAX_ANSWER_BYTES = 65_536;

/** One answered attempt. A network failure or a timeout rejects instead. */
export interface OtlpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: Uint8Array;
}

/** One request, already encoded. */
export interface OtlpPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
}

/**
 * Posts protobuf over one kept-alive connection. Plain node:http, which the SDK does not
 * instrument: the export of telemetry makes no telemetry. Sockets are unreferenced while idle, so
 * that a process with nothing else to do ends.
 */
export class OtlpHttpClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #secureAgent = new SecureAgent({ keepAlive: true, maxSockets: 1 });

  post({ url, headers, body, timeoutMs }: OtlpPost): Promise<OtlpAnswer> {
    const isSecure = url.startsWith("https:");
    const send = isSecure ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const options = {
        method: "POST",
        agent: isSecure ? this.#secureAgent : this.#agent,
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          "content-type": "application/x-protobuf",
          "content-length": body.byteLength,
          ...headers,
        },
      };
      const request = send(url, options, (response) => {
        readAnswer(response).then(resolve, reject);
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  /** Closes idle connections. */
  close(): void {
    this.#agent.destroy();
    this.#secureAgent.destroy();
  }
}

async function readAnswer(response: IncomingMessage): Promise<OtlpAnswer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.byteLength;
    if (bytes <= MAX_ANSWER_BYTES) chunks.push(chunk);
  }
  return {
    status: response.statusCode ?? 0,
    retryAfter: response.headers["retry-after"],
    body: Buffer.concat(chunks),
  };
}
