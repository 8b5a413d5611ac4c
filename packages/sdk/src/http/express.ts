import type { IncomingMessage, ServerResponse } from "node:http";
import { followExpressRequest, followExpressRoutes } from "./express-properties.ts";
import type { HttpServerTelemetry } from "./http-server-telemetry.ts";
import { runRequest } from "./run-request.ts";

/** A middleware of Express 5. */
export type ExpressMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** To be used first: `app.use(telemetry.middleware.express())`. */
export function expressMiddleware(server: HttpServerTelemetry): ExpressMiddleware {
  followExpressRoutes();
  return (request, response, next) => {
    const { context } = server.observe(request, response);
    followExpressRequest(request);
    runRequest(request, context, () => next());
  };
}
