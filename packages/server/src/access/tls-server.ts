import type { RequestListener, Server } from "node:http";
import { createServer, type ServerOptions } from "node:https";
import type { TlsFiles } from "./tls-files.ts";

/** What Fastify sets on the servers that it makes itself, and we make it for. */
export interface ServerLimits {
  readonly maxHeaderSize: number;
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
}

/** Makes the HTTPS servers of a port; each takes a new certificate without dropping a connection. */
export function tlsServerFactory(
  tls: TlsFiles,
  limits: ServerLimits,
): (handler: RequestListener) => Server {
  return (handler) => {
    const options: ServerOptions = { ...limits, ...tls.content, minVersion: "TLSv1.2" };
    const server = createServer(options, handler);
    tls.onChange((content) => server.setSecureContext({ ...content, minVersion: "TLSv1.2" }));
    // Proof of the `as`: an HTTPS server has all that Fastify asks of an HTTP one.
    return server as unknown as Server;
  };
}
