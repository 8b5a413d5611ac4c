import type { IncomingMessage, ServerResponse } from "node:http";
import { runIn } from "../tracing/trace-scope.ts";
import type { HttpServerTelemetry } from "./http-server-telemetry.ts";

/** A route or a middleware that Hono has matched. */
interface HonoRoute {
  readonly path: string;
  readonly method: string;
}

/** What is used of a Hono context; the SDK does not depend on Hono. */
export interface HonoContextParts {
  /** Holds `incoming` and `outgoing` under @hono/node-server. */
  readonly env: unknown;
  readonly req: { readonly matchedRoutes: readonly HonoRoute[]; readonly routeIndex: number };
  readonly error: Error | undefined;
}

/** A middleware of Hono 4. */
export type HonoMiddleware = (
  context: HonoContextParts,
  next: () => Promise<void>,
) => Promise<void>;

/**
 * To be used first: `app.use(telemetry.middleware.hono())`, under @hono/node-server. On another
 * runtime, where there is no node:http request, the request passes unobserved.
 */
export function honoMiddleware(server: HttpServerTelemetry): HonoMiddleware {
  return async (context, next) => {
    const pair = nodePair(context.env);
    if (pair === undefined) return next();
    const observation = server.observe(pair.incoming, pair.outgoing);
    observation.findRoute = () => matchedRoute(context.req);
    await runIn(observation.context, next);
    // Hono hands what a handler threw to its error handler, and keeps it here.
    if (context.error !== undefined) observation.recordError(context.error);
  };
}

/** The route of the handler that ran last; undefined when only middleware ran. */
function matchedRoute(request: HonoContextParts["req"]): string | undefined {
  const route = request.matchedRoutes[request.routeIndex];
  if (route === undefined) return undefined;
  const isMiddleware = route.method === "ALL" && route.path.endsWith("*");
  return isMiddleware ? undefined : route.path;
}

function nodePair(
  env: unknown,
): { incoming: IncomingMessage; outgoing: ServerResponse } | undefined {
  if (typeof env !== "object" || env === null) return undefined;
  if (!("incoming" in env && "outgoing" in env)) return undefined;
  // Proof of the `as`: @hono/node-server binds these two (its type HttpBindings).
  return env as { incoming: IncomingMessage; outgoing: ServerResponse };
}
