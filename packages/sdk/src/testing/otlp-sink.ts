import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";

/** One request that a sink received. */
export interface SinkRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** A local OTLP receiver for tests: keeps what it gets and answers as told. */
export class OtlpSink {
  readonly requests: SinkRequest[] = [];
  /** Status of the next answers; 200 when empty. */
  readonly statuses: number[] = [];
  readonly #server: Server;
  #arrived: (() => void)[] = [];

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { url = "", headers } = request;
      this.requests.push({ path: url, headers, body: Buffer.concat(chunks) });
      response.writeHead(this.statuses.shift() ?? 200, { "retry-after": "0" }).end();
      for (const resolve of this.#arrived.splice(0)) resolve();
    });
  }

  /** Starts on a free port; gives its origin. */
  listen(): Promise<string> {
    return listening(this.#server);
  }

  /** Resolves when `count` requests to `path` have arrived. */
  async received(path: string, count = 1): Promise<SinkRequest[]> {
    for (;;) {
      const matching = this.requests.filter((request) => request.path === path);
      if (matching.length >= count) return matching;
      await new Promise<void>((resolve) => this.#arrived.push(resolve));
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Listens on a free loopback port; gives the origin. */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server has one
}

/** Sends a request by hand and hangs up when `until` resolves, before any answer is read. */
export async function requestAndHangUp(
  origin: string,
  path: string,
  until: Promise<unknown>,
): Promise<void> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: test\r\n\r\n`);
  await until;
  socket.destroy();
}

/** The whole answer to a request that no client has given a trace. */
export async function answerByHand(origin: string, path: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname).setEncoding("utf8");
  socket.write(`GET ${path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n`);
  let answer = "";
  for await (const text of socket) answer += text;
  return answer;
}
