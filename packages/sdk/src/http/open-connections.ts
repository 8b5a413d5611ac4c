import type { IncomingMessage } from "node:http";
import type { Server } from "node:net";
import type { ObservableResult } from "@opentelemetry/api";
import type { Meter } from "../metrics/meter.ts";

/** Servers that are followed; a process that makes one a request is not meant. */
const MAX_SERVERS = 100;

/**
 * Counts the open connections of every server that has answered a request:
 * `http.server.open_connections`, after the conventions' `http.client.open_connections`.
 */
export class OpenConnections {
  readonly #servers = new Set<Server>();
  #last: Server | undefined = undefined;

  constructor(meter: Meter) {
    meter
      .createObservableUpDownCounter("http.server.open_connections", {
        unit: "{connection}",
        description: "Open connections of HTTP servers.",
      })
      .addCallback((result) => this.#observe(result));
  }

  /** Remembers the server of a request. One comparison when it is that of the last request. */
  note(request: IncomingMessage): void {
    const server = serverOf(request);
    if (server === this.#last || server === undefined) return;
    this.#last = server;
    if (this.#servers.size < MAX_SERVERS) this.#servers.add(server);
  }

  async #observe(result: ObservableResult): Promise<void> {
    const byPort = new Map<number, number>();
    for (const server of this.#servers) {
      const count = await connectionsOf(server);
      if (count === 0 && !server.listening) this.#forget(server);
      const address = server.address();
      // Of a pipe, or of a server that is closing: there is no port.
      const port = typeof address === "object" && address !== null ? address.port : 0;
      byPort.set(port, (byPort.get(port) ?? 0) + count);
    }
    for (const [port, count] of byPort) {
      result.observe(count, port === 0 ? {} : { "server.port": port });
    }
  }

  #forget(server: Server): void {
    this.#servers.delete(server);
    if (this.#last === server) this.#last = undefined;
  }
}

/** Node leaves the server on the socket; injected test requests have neither. */
export function serverOf({ socket }: IncomingMessage): Server | undefined {
  // Proof of the `as`: Node documents net.Server as what takes sockets; only it sets this.
  return "server" in socket ? ((socket.server as Server | null) ?? undefined) : undefined;
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.getConnections((error, count) => resolve(error === null ? count : 0));
  });
}
