import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { nodeHttp, nodeHttps } from "../lazy-builtins.ts";
import { markExportAgent } from "./export-agents.ts";
import type { SignalTarget } from "./signal-target.ts";
import { limitSignal } from "./time-limit.ts";
import type { TlsFiles } from "./tls-files.ts";

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
  readonly protocol: SignalTarget["protocol"];
  readonly tls: TlsFiles;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
}

/**
 * Posts over one kept-alive connection. Its agents are marked, so that the
 * export of telemetry makes no telemetry. Connections do not keep the process
 * alive, not even under way, so that a process with nothing else to do ends as it would without us;
 * only a caller that waits (`hold`) keeps it.
 */
export class OtlpHttpClient {
  readonly #underWay = new Set<Socket>();
  #holders = 0;
  /** Made when first needed: most services need one of them. */
  readonly #agents = new Map<"http" | "https", Agent>();

  /** Keeps the process alive for requests under way until `work` is done: somebody waits for it. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#holders++;
    for (const socket of this.#underWay) socket.ref();
    try {
      return await work();
    } finally {
      this.#holders--;
      if (this.#holders === 0) for (const socket of this.#underWay) socket.unref();
    }
  }

  /** One attempt. Rejects on a network failure and after `timeoutMs`. */
  post({ url, headers, body, timeoutMs, tls }: OtlpPost): Promise<OtlpAnswer> {
    const isSecure = url.startsWith("https:");
    const { request: send } = isSecure ? nodeHttps() : nodeHttp();
    return new Promise((resolve, reject) => {
      const options = {
        ...(isSecure ? tls : {}),
        method: "POST",
        agent: this.#agent(isSecure ? "https" : "http"),
        ...limitSignal(timeoutMs),
        headers: {
          "content-length": body.byteLength,
          ...headers,
        },
      };
      const request = send(url, options, (response) => {
        readAnswer(response).then(resolve, reject);
      });
      request.on("socket", (socket) => this.#track(socket, request));
      request.on("error", reject);
      request.end(body);
    });
  }

  #track(socket: Socket, request: ClientRequest): void {
    this.#underWay.add(socket);
    if (this.#holders === 0) socket.unref();
    request.once("close", () => this.#underWay.delete(socket));
  }

  /** Closes idle connections. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #agent(protocol: "http" | "https"): Agent {
    const present = this.#agents.get(protocol);
    if (present !== undefined) return present;
    const { Agent: ProtocolAgent } = protocol === "https" ? nodeHttps() : nodeHttp();
    const agent = markExportAgent(new ProtocolAgent({ keepAlive: true, maxSockets: 1 }));
    this.#agents.set(protocol, agent);
    return agent;
  }
}

async function readAnswer(response: IncomingMessage): Promise<OtlpAnswer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.byteLength;
    // Leaving the loop closes the connection.
    if (bytes > MAX_ANSWER_BYTES) break;
    chunks.push(chunk);
  }
  return {
    status: response.statusCode ?? 0,
    retryAfter: response.headers["retry-after"],
    body: Buffer.concat(chunks),
  };
}
