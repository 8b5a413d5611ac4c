import type { IncomingMessage, ServerResponse } from "node:http";
import { runIn } from "../tracing/trace-scope.ts";
import { trackExpressRoute } from "./express-route.ts";
import type { HttpServerTelemetry } from "./http-server-telemetry.ts";

/** A middleware of Express 5. */
export type ExpressMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** To be used first: `app.use(telemetry.middleware.express())`. */
export function expressMiddleware(server: HttpServerTelemetry): ExpressMiddleware {
  return (request, response, next) => {
    const observation = server.observe(request, response);
    trackExpressRoute(request, observation);
    runIn(observation.context, () => next());
  };
}
