import type { IncomingMessage, ServerResponse } from "node:http";
import { isPrometheusServer } from "../export/prometheus-server.ts";
import { enterContext } from "../tracing/trace-scope.ts";
import { listenTo } from "./channel-listeners.ts";
import { followExpressRoutes } from "./express-properties.ts";
import { type FastifyParts, fastifyPlugin } from "./fastify.ts";
import { type HttpServerTelemetry, LATER } from "./http-server-telemetry.ts";

interface StartMessage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: object;
}

/** What is used of a Fastify instance that announces itself. */
interface FastifyMessage {
  readonly fastify: FastifyParts & { readonly server: object; register(plugin: unknown): unknown };
}

/**
 * Observes every node:http and node:https server of the process without being called by it: Node
 * announces each request on a diagnostics channel, before its listener runs. Fastify announces its
 * instances likewise and gets the plugin; Express is recognised by what it writes on a request.
 * The end of a request is the `close` of its response (`http.server.response.finish` stays silent
 * when a client hangs up). Gives the stop function; a Fastify instance keeps its plugin.
 */
export function observeNodeHttpServers(server: HttpServerTelemetry): () => void {
  const fastifyServers = new WeakSet<object>();
  // Proof of the `as`: Node and Fastify document these messages.
  return listenTo({
    "http.server.request.start": (message) => {
      const { request, response, server: from } = message as StartMessage;
      if (isPrometheusServer(from)) return;
      followExpressRoutes();
      // Headers that are set on the raw response cost Fastify Node's quick way to write a head.
      const naming = fastifyServers.has(from) ? LATER : undefined;
      enterContext(server.observe(request, response, naming).context);
    },
    "fastify.initialization": (message) => {
      const { fastify } = message as FastifyMessage;
      fastifyServers.add(fastify.server);
      fastify.register(fastifyPlugin(server));
    },
  });
}
