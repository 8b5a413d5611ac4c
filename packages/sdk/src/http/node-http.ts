import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpServerTelemetry } from "./http-server-telemetry.ts";
import { runRequest } from "./run-request.ts";

/** A listener of `http.createServer`. */
export type NodeHttpListener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** `listener`, observed, and run in the request's trace context. What it throws is thrown on. */
export function observedListener(
  server: HttpServerTelemetry,
  listener: NodeHttpListener,
): NodeHttpListener {
  return (request, response) =>
    runRequest(request, server.observe(request, response).context, () =>
      listener(request, response),
    );
}
